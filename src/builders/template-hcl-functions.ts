import { type Call, type HclFunction, TEXT_FUNCTIONS } from './template-hcl-text-functions.js'
import { type Cty, ctyBecause, ctyNumber, ctyString, ctyText } from './template-hcl-value.js'

const listIn = (value: Cty | undefined): readonly Cty[] | undefined =>
  value?.kind === 'list' ? value.items : undefined

const entriesIn = (value: Cty | undefined): ReadonlyMap<string, Cty> | undefined =>
  value?.kind === 'object' ? value.entries : undefined

const indexIn = (value: Cty | undefined): number | undefined =>
  value?.kind === 'number' && /^\d{1,9}$/.test(value.text) ? Number(value.text) : undefined

/** Simple values are equal or not; of others it is not told. */
export function equalValues(left: Cty, right: Cty): boolean | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return undefined
  if (left.kind === 'null' || right.kind === 'null') return left.kind === right.kind
  const [one, other] = [simpleIn(left), simpleIn(right)]
  if (one === undefined || other === undefined) return undefined
  return left.kind === right.kind && one === other
}

/** What is in a simple value, to be compared with that of another of its kind. */
function simpleIn(value: Cty): string | boolean | undefined {
  if (value.kind === 'bool') return value.on
  return value.kind === 'string' || value.kind === 'number' ? value.text : undefined
}

function contains({ args: [list, wanted] }: Call): Cty | undefined {
  const items = listIn(list)
  if (!items || !wanted || items.some(item => item.kind !== wanted.kind)) return undefined
  const found = items.map(item => equalValues(item, wanted))
  return found.includes(undefined) ? undefined : { kind: 'bool', on: found.includes(true) }
}

/** The first value that is neither null nor an empty text. */
function coalesce({ args }: Call): Cty | undefined {
  if (args.some(({ kind }) => kind === 'list' || kind === 'object')) return undefined
  const first = args.find(
    value => value.kind !== 'null' && !(value.kind === 'string' && !value.text)
  )
  const text = first && ctyText(first)
  return text?.known && args.some(({ kind }) => kind === 'string') ? ctyString(text.text) : first
}

function length({ args: [value] }: Call): Cty | undefined {
  if (value?.kind === 'list') return ctyNumber(String(value.items.length))
  if (value?.kind === 'object') return ctyNumber(String(value.entries.size))
  const text =
    value?.kind === 'string' && /^[\u0020-\u007e]*$/.test(value.text) ? value.text : undefined
  return text === undefined ? undefined : ctyNumber(String(text.length))
}

function concat({ args }: Call): Cty | undefined {
  const items: Cty[] = []
  for (const arg of args) {
    const list = listIn(arg)
    if (!list) return undefined
    // flatMap takes twenty times as long for a list of many.
    for (const item of list) items.push(item)
  }
  return { kind: 'list', items }
}

function element({ args: [list, at] }: Call): Cty | undefined {
  const items = listIn(list)
  const index = indexIn(at)
  return items && index !== undefined ? items[index % items.length] : undefined
}

function lookup({ args: [map, key, fallback] }: Call): Cty | undefined {
  const entries = entriesIn(map)
  return entries && key?.kind === 'string' ? (entries.get(key.text) ?? fallback) : undefined
}

function merge({ args }: Call): Cty | undefined {
  const maps = args.map(entriesIn)
  if (maps.some(map => map === undefined)) return undefined
  return { kind: 'object', entries: new Map(maps.flatMap(map => [...(map ?? [])])) }
}

/** The entries of an object in the order in which HCL goes over them. */
function sortedEntries(entries: ReadonlyMap<string, Cty>): [string, Cty][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Key and value of each element of a collection. */
export function elementsOf(value: Cty): readonly (readonly [Cty, Cty])[] | undefined {
  if (value.kind === 'list') return value.items.map((item, at) => [ctyNumber(String(at)), item])
  if (value.kind !== 'object') return undefined
  return sortedEntries(value.entries).map(([name, item]) => [ctyString(name), item])
}

function keys({ args: [map] }: Call): Cty | undefined {
  const entries = entriesIn(map)
  return entries && { kind: 'list', items: sortedEntries(entries).map(([name]) => ctyString(name)) }
}

function values({ args: [map] }: Call): Cty | undefined {
  const entries = entriesIn(map)
  return entries && { kind: 'list', items: sortedEntries(entries).map(([, value]) => value) }
}

const PURE: Readonly<Record<string, HclFunction | undefined>> = {
  ...TEXT_FUNCTIONS,
  contains,
  coalesce,
  length,
  concat,
  element,
  lookup,
  merge,
  keys,
  values
}

/**
 * Calls a pure function of HCL templates. One that is not certain to give the same as Packer's gives an unknown value.
 * @see https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions
 */
export function callPure(name: string, args: readonly Cty[], workingDirectory: string): Cty {
  const pure = Object.hasOwn(PURE, name) ? PURE[name] : undefined
  const certain = pure && args.every(argument => argument.kind !== 'unknown')
  const outcome = certain ? pure({ args, workingDirectory }) : undefined
  return outcome ?? ctyBecause(`${name} is left to Packer`, args)
}
