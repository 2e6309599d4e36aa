import { posix, resolve } from 'node:path'
import { type Cty, ctyBecause, ctyNumber, ctyString, ctyText } from './template-hcl-value.js'

/** What a function is called with: nothing in it is unknown. */
interface Call {
  readonly args: readonly Cty[]
  readonly workingDirectory: string
}

/** Gives undefined where the outcome is not certain. */
type HclFunction = (call: Call) => Cty | undefined

const ASCII = /^[\u0000-\u007f]*$/

/** A function of texts, which other simple values are converted to. */
function ofTexts(count: number, call: (...texts: string[]) => string | undefined): HclFunction {
  return ({ args }) => {
    const texts = textsOf(args)
    if (args.length !== count || !texts) return undefined
    const text = call(...texts)
    return text === undefined ? undefined : ctyString(text)
  }
}

/** A function whose outcome is only certain for ASCII. */
const ofAscii = (count: number, call: (...texts: string[]) => string): HclFunction =>
  ofTexts(count, (...texts) => (texts.every(text => ASCII.test(text)) ? call(...texts) : undefined))

function textsOf(values: readonly Cty[]): string[] | undefined {
  const texts = values.map(ctyText)
  return texts.every(text => text.known) ? texts.map(text => text.text) : undefined
}

const listIn = (value: Cty | undefined): readonly Cty[] | undefined =>
  value?.kind === 'list' ? value.items : undefined

const entriesIn = (value: Cty | undefined): ReadonlyMap<string, Cty> | undefined =>
  value?.kind === 'object' ? value.entries : undefined

const indexIn = (value: Cty | undefined): number | undefined =>
  value?.kind === 'number' && /^\d{1,9}$/.test(value.text) ? Number(value.text) : undefined

function trimmed(text: string, characters: string): string {
  const inside = (char: string | undefined) => char !== undefined && characters.includes(char)
  let start = 0
  let end = text.length
  while (start < end && inside(text[start])) start += 1
  while (end > start && inside(text[end - 1])) end -= 1
  return text.slice(start, end)
}

const replaced = (text: string, part: string, by: string): string | undefined =>
  part === '' ? undefined : text.split(part).join(by)

function joinedTexts({ args: [separator, ...lists] }: Call): Cty | undefined {
  const items = lists.map(listIn)
  if (separator?.kind !== 'string' || items.length === 0) return undefined
  if (items.some(list => list === undefined)) return undefined
  const texts = textsOf(items.flatMap(list => list ?? []))
  return texts && ctyString(texts.join(separator.text))
}

function splitText({ args }: Call): Cty | undefined {
  const [separator, text, more] = textsOf(args) ?? []
  if (!separator || text === undefined || more !== undefined) return undefined
  return { kind: 'list', items: text.split(separator).map(ctyString) }
}

const SHORT_NUMBER = /^-?(0|[1-9]\d{0,5})$/

function formatted(verb: string, value: Cty | undefined): string | undefined {
  if (value?.kind === 'string' && (verb === 's' || verb === 'v')) return value.text
  if (value?.kind === 'number' && SHORT_NUMBER.test(value.text)) return value.text
  return value?.kind === 'bool' && (verb === 's' || verb === 'v') ? String(value.on) : undefined
}

function format({ args: [pattern, ...values] }: Call): Cty | undefined {
  if (pattern?.kind !== 'string') return undefined
  let used = 0
  let certain = true
  const text = pattern.text.replace(/%(.?)/gs, (_, verb: string) => {
    if (verb === '%') return '%'
    const value = 'sdv'.includes(verb) && verb !== '' ? formatted(verb, values[used++]) : undefined
    certain &&= value !== undefined
    return value ?? ''
  })
  return certain && used === values.length ? ctyString(text) : undefined
}

/** Simple values are equal or not; of others it is not told. */
export function equalValues(left: Cty, right: Cty): boolean | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return undefined
  if (left.kind === 'null' || right.kind === 'null') return left.kind === right.kind
  const simple = [left, right].every(({ kind }) => /^(string|number|bool)$/.test(kind))
  if (!simple) return undefined
  if (left.kind === 'bool' && right.kind === 'bool') return left.on === right.on
  return left.kind === right.kind && JSON.stringify(left) === JSON.stringify(right)
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
  const lists = args.map(listIn)
  if (lists.some(list => list === undefined)) return undefined
  return { kind: 'list', items: lists.flatMap(list => list ?? []) }
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
export function sortedEntries(entries: ReadonlyMap<string, Cty>): [string, Cty][] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
}

function keys({ args: [map] }: Call): Cty | undefined {
  const entries = entriesIn(map)
  return entries && { kind: 'list', items: sortedEntries(entries).map(([name]) => ctyString(name)) }
}

function values({ args: [map] }: Call): Cty | undefined {
  const entries = entriesIn(map)
  return entries && { kind: 'list', items: sortedEntries(entries).map(([, value]) => value) }
}

function baseName(path: string): string {
  const stripped = path.replace(/\/+$/, '')
  return stripped === '' ? (path === '' ? '.' : '/') : stripped.slice(stripped.lastIndexOf('/') + 1)
}

/** Everything before the last slash, made plain. */
function directoryName(path: string): string {
  const directory = posix.normalize(path.slice(0, path.lastIndexOf('/') + 1))
  return directory.length > 1 ? directory.replace(/\/$/, '') : directory
}

const PURE: Readonly<Record<string, HclFunction | undefined>> = {
  upper: ofAscii(1, (text = '') => text.toUpperCase()),
  lower: ofAscii(1, (text = '') => text.toLowerCase()),
  trimspace: ofAscii(1, (text = '') => text.trim()),
  trim: ofAscii(2, (text = '', characters = '') => trimmed(text, characters)),
  trimprefix: ofTexts(2, (text = '', start = '') =>
    text.startsWith(start) ? text.slice(start.length) : text
  ),
  trimsuffix: ofTexts(2, (text = '', end = '') =>
    end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text
  ),
  chomp: ofTexts(1, (text = '') => text.replace(/(?:\r\n?|\n)*$/, '')),
  replace: ofTexts(3, (text = '', part = '', by = '') => replaced(text, part, by)),
  basename: ofTexts(1, (path = '') => baseName(path)),
  dirname: ofTexts(1, (path = '') => directoryName(path)),
  abspath: call => ofTexts(1, (path = '') => resolve(call.workingDirectory, path))(call),
  split: splitText,
  join: joinedTexts,
  format,
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
  if (!pure) return ctyBecause(`${name} is no function that this program evaluates`, args)
  if (args.some(argument => argument.kind === 'unknown')) return ctyBecause(name, args)
  return pure({ args, workingDirectory }) ?? ctyBecause(`what ${name} gives here`, args)
}
