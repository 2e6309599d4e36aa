import { posix, resolve } from 'node:path'
import { LARGEST, LONGEST_PATH } from './template-hcl-size.js'
import { type Cty, ctyString, ctyText } from './template-hcl-value.js'

/** What a function is called with: nothing in it is unknown. */
export interface Call {
  readonly args: readonly Cty[]
  readonly workingDirectory: string
}

/** Gives undefined where the outcome is not certain. */
export type HclFunction = (call: Call) => Cty | undefined

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

function trimmed(text: string, characters: string): string {
  const set = new Set(characters)
  const inside = (char: string | undefined) => char !== undefined && set.has(char)
  let start = 0
  let end = text.length
  while (start < end && inside(text[start])) start += 1
  while (end > start && inside(text[end - 1])) end -= 1
  return text.slice(start, end)
}

/** Pieces with a text between them, which may be short and many: undefined where that is too large. */
function joinedBy(by: string, pieces: readonly string[]): string | undefined {
  const between = by.length * Math.max(0, pieces.length - 1)
  const size = pieces.reduce((sum, piece) => sum + piece.length, between)
  return size <= LARGEST ? pieces.join(by) : undefined
}

const replaced = (text: string, part: string, by: string): string | undefined =>
  part === '' ? undefined : joinedBy(by, text.split(part))

function joinedTexts({ args: [separator, ...lists] }: Call): Cty | undefined {
  if (separator?.kind !== 'string' || lists.length === 0) return undefined
  if (lists.some(list => list.kind !== 'list')) return undefined
  const texts = textsOf(lists.flatMap(list => (list.kind === 'list' ? list.items : [])))
  const text = texts && joinedBy(separator.text, texts)
  return text === undefined ? undefined : ctyString(text)
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

function baseName(path: string): string {
  const stripped = path.replace(/(?<!\/)\/+$/, '')
  return stripped === '' ? (path === '' ? '.' : '/') : stripped.slice(stripped.lastIndexOf('/') + 1)
}

/** A function of a path: a text that is none takes long to be made plain. */
const ofPath = (call: (path: string) => string): HclFunction =>
  ofTexts(1, (path = '') => (path.length <= LONGEST_PATH ? call(path) : undefined))

/** Everything before the last slash, made plain. */
function directoryName(path: string): string {
  const directory = posix.normalize(path.slice(0, path.lastIndexOf('/') + 1))
  return directory.length > 1 ? directory.replace(/\/$/, '') : directory
}

/** Functions whose outcome is a text, or the pieces of one. */
export const TEXT_FUNCTIONS: Readonly<Record<string, HclFunction | undefined>> = {
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
  chomp: ofTexts(1, (text = '') => text.replace(/(?<![\r\n])[\r\n]+$/, '')),
  replace: ofTexts(3, (text = '', part = '', by = '') => replaced(text, part, by)),
  basename: ofTexts(1, (path = '') => baseName(path)),
  dirname: ofPath(directoryName),
  abspath: call => ofPath(path => resolve(call.workingDirectory, path))(call),
  split: splitText,
  join: joinedTexts,
  format
}
