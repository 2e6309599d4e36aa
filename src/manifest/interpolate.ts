/** A placeholder: `{name}`, or `{name[key]}`. */
export interface Placeholder {
  readonly name: string
  readonly key: string | undefined
  /** As it is written, with its braces. */
  readonly text: string
}

/** A text taken apart: what stands as it is, and placeholders. */
export type Template = readonly (string | Placeholder)[]

/** What is wrong with a text's placeholders, in words; whoever knows the text's place reports it. */
export class PlaceholderError extends Error {}

/** No command line takes more in one word: MAX_ARG_STRLEN of Linux is 128 KiB. */
const LONGEST = 131_072

/** What Python would take for a conversion, a format specification or an attribute after a name. */
const PYTHON_FORMAT = /^(\w+(?:\[[^[\]]*\])?)[!:.]/

/**
 * Takes a text apart as Python's str.format does (https://docs.python.org/3/library/string.html#format-strings),
 * less its conversions, attributes and format specifications; `{{` and `}}` are braces.
 * @throws PlaceholderError for a brace without its partner, or something else between braces
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Placeholder)[] = []
  let start = 0
  for (let at = nextBrace(text, 0); at !== -1; at = nextBrace(text, start)) {
    const isDoubled = text[at + 1] === text[at]
    if (isDoubled || at > start) parts.push(text.slice(start, isDoubled ? at + 1 : at))
    if (isDoubled) start = at + 2
    else {
      const placeholder = readPlaceholder(text, at)
      parts.push(placeholder)
      start = at + placeholder.text.length
    }
  }
  if (start < text.length) parts.push(text.slice(start))
  return parts
}

/** Offset of the first brace from `start` on, -1 where there is none. */
function nextBrace(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{' || text[at] === '}') return at
  }
  return -1
}

function readPlaceholder(text: string, start: number): Placeholder {
  const end = text.indexOf('}', start)
  const inner = text.slice(start + 1, end)
  if (text[start] === '}') {
    throw new PlaceholderError('found `}` without a `{` before it, expected `}}` for a brace')
  }
  if (end === -1 || inner.includes('{')) {
    throw new PlaceholderError('found `{` without a `}` after it, expected `{{` for a brace')
  }
  return splitPlaceholder(inner) ?? refuse(inner)
}

/** `name`, or `name[key]`; undefined for anything else. */
function splitPlaceholder(inner: string): Placeholder | undefined {
  const text = `{${inner}}`
  const bracket = inner.indexOf('[')
  if (bracket === -1) {
    return /^[^\].:!]+$/.test(inner) ? { name: inner, key: undefined, text } : undefined
  }
  const key = inner.slice(bracket + 1, -1)
  const name = inner.slice(0, bracket)
  const isWhole = name !== '' && inner.endsWith(']') && !/[[\]]/.test(key)
  return isWhole ? { name, key, text } : undefined
}

function refuse(inner: string): never {
  const text = `{${inner}}`
  const [, plain] = PYTHON_FORMAT.exec(inner) ?? []
  throw new PlaceholderError(
    plain === undefined
      ? `found \`${text}\`, expected a name such as \`{version}\` (\`{{\` and \`}}\` are braces)`
      : `found \`${text}\`, expected \`{${plain}}\`: there are no formats here`
  )
}

/**
 * The text with every placeholder's value in its place; the values are not looked at again.
 * @param lookUp gives the value, or undefined where what is wrong has been reported; may throw a PlaceholderError
 * @param report called with the words of every PlaceholderError
 * @returns undefined where a value is missing
 */
export function fillIn(
  text: string,
  lookUp: (placeholder: Placeholder) => string | undefined,
  report: (message: string) => void
): string | undefined {
  if (nextBrace(text, 0) === -1) return text
  const template = caught(() => parseTemplate(text), report)
  if (!template) return undefined
  const pieces: string[] = []
  const failed = new Set<string>()
  for (const part of template) {
    // What is wrong is told once, however often it stands there.
    if (typeof part !== 'string' && failed.has(part.text)) continue
    const piece = typeof part === 'string' ? part : caught(() => lookUp(part), report)
    if (piece !== undefined) pieces.push(piece)
    else if (typeof part !== 'string') failed.add(part.text)
  }
  return failed.size > 0 ? undefined : joined(pieces, report)
}

/** Short names can stand for long texts many times over, so the length is looked at first. */
function joined(pieces: readonly string[], report: (message: string) => void): string | undefined {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  if (length <= LONGEST) return pieces.join('')
  report(`found placeholders that make ${length} characters of it, expected at most ${LONGEST}`)
  return undefined
}

function caught<Value>(compute: () => Value, report: (message: string) => void): Value | undefined {
  try {
    return compute()
  } catch (error) {
    if (!(error instanceof PlaceholderError)) throw error
    report(error.message)
    return undefined
  }
}

/** Names that a text's placeholders begin with; none where the text cannot be taken apart. */
export function placeholderNames(text: string): readonly string[] {
  const template = caught(
    () => parseTemplate(text),
    () => {}
  )
  return template?.flatMap(part => (typeof part === 'string' ? [] : [part.name])) ?? []
}
