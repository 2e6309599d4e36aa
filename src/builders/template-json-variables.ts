import { type GoScope, renderGo } from './template-go.js'
import { known, unknown, type Value } from './template-value.js'

/** The variables of a template and the values given for them. */
export interface UserVariables {
  /** Defaults by name; null for a variable that needs a value. */
  readonly declared: ReadonlyMap<string, string | null>
  /** From var-files and `-var`. */
  readonly given: ReadonlyMap<string, string>
  /** What defaults may call; the environment is read here and nowhere else. */
  readonly scope: Omit<GoScope, 'user'>
}

interface Pass {
  readonly values: ReadonlyMap<string, Value>
  readonly left: readonly (readonly [name: string, text: string])[]
  /** A value came out of this pass. */
  readonly changed: boolean
  /** Something is to be tried again. */
  readonly again: boolean
}

const FIELD = /\{\{\s?\.((?:(?!\{\{).)*?)\s?\}\}/g

const USER_BEGINS = /\{\{\s*user\s*`/g
const USER_ENDS = /`\s*\}\}/g

/**
 * Packer tries again as long as the text as written calls `user` in this way, on one line:
 * `{{ user `, then anything in backticks, then `}}`.
 */
function callsUser(text: string): boolean {
  let end = -1
  let line = -1
  for (const begin of text.matchAll(USER_BEGINS)) {
    const from = begin.index + begin[0].length
    if (end < from) {
      USER_ENDS.lastIndex = from
      end = USER_ENDS.exec(text)?.index ?? Number.POSITIVE_INFINITY
    }
    if (line < from) line = (text.indexOf('\n', from) + 1 || text.length + 1) - 1
    if (end <= line) return true
  }
  return false
}

/** One pass of the engine over a default, in which `{{.Field}}` stays as it is. */
function renderDefault(text: string, scope: GoScope): Value {
  const fields: string[] = []
  const masked = text.replace(FIELD, field => `\uE000${fields.push(field) - 1}\uE001`)
  const value = renderGo(masked, scope)
  if (!value.known) return value
  return known(value.text.replace(/\uE000(\d+)\uE001/g, (_, at) => fields[Number(at)] ?? ''))
}

function needsValue({ declared, given }: UserVariables, name: string): boolean {
  return declared.get(name) === null && !given.has(name)
}

function runPass(pass: Pass, variables: UserVariables, seen: ReadonlyMap<string, Value>): Pass {
  const values = new Map(pass.values)
  let visible: ReadonlyMap<string, Value> = seen
  let changed = false
  let again = false
  const left = pass.left.filter(([name, text]) => {
    let unset = false
    const user = (key: string): Value => {
      const value = visible.get(key)
      unset ||= value === undefined
      return value ?? unknown(`variable ${key} is not set`)
    }
    const value = needsValue(variables, name)
      ? unknown(`variable ${name} needs a value`)
      : renderDefault(text, { ...variables.scope, user })
    if (unset) {
      again = true
      return true
    }
    changed = true
    values.set(name, value)
    visible = values
    const isLeft = callsUser(text)
    again ||= isLeft
    return isLeft
  })
  return { values, left, changed, again }
}

const stateOf = (pass: Pass) => JSON.stringify([[...pass.values], pass.left])

/** Every name as often as Packer goes over it: one that is declared and given, twice. */
function texts({ declared, given }: UserVariables): [string, string][] {
  const names = [...declared.keys(), ...given.keys()].sort()
  return names.map(name => [name, given.get(name) ?? declared.get(name) ?? ''])
}

/** Values after at most 100 passes; undefined where Packer gives up. */
function settle(variables: UserVariables, sees: 'all' | 'none'): Pass | undefined {
  const given = new Map([...variables.given].map(([name, text]) => [name, known(text)]))
  let pass: Pass = { values: given, left: texts(variables), changed: false, again: true }
  let seen: ReadonlyMap<string, Value> = sees === 'all' ? given : new Map()
  for (let count = 0; count < 100 && pass.again; count += 1) {
    const next = runPass(pass, variables, seen)
    if (next.changed) seen = next.values
    const settled = next.again && stateOf(next) === stateOf(pass)
    pass = next
    if (settled) break
  }
  return pass.changed || !pass.again ? pass : undefined
}

function certain(first: Value | undefined, second: Value | undefined): Value | undefined {
  if (first === second || JSON.stringify(first) === JSON.stringify(second)) return first
  return unknown('versions of Packer differ in this value')
}

/** User variables as the rest of a template sees them, or why Packer would stop here. */
export interface ResolvedVariables {
  /** One that is not there is empty. */
  readonly values: ReadonlyMap<string, Value>
  /** Required variables that nothing was given for. */
  readonly missing: readonly string[]
  readonly failed: boolean
}

/**
 * Fills in user variables as Packer does: pass after pass over all defaults in the order of their names, until nothing
 * calls a variable that has no value yet. Older versions see values that were given before the first pass, newer ones
 * after it; where that makes a difference the value is not known.
 */
export function resolveUserVariables(variables: UserVariables): ResolvedVariables {
  const missing = [...variables.declared.keys()].filter(name => needsValue(variables, name))
  const older = settle(variables, 'all')
  const newer = variables.given.size > 0 ? settle(variables, 'none') : older
  const values = new Map<string, Value>()
  for (const name of new Set([...(older?.values.keys() ?? []), ...(newer?.values.keys() ?? [])])) {
    const value = certain(older?.values.get(name), newer?.values.get(name))
    if (value) values.set(name, value)
  }
  return { values, missing, failed: !older || !newer }
}
