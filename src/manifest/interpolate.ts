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

const BRACES = /\{\{|\}\}|[{}]/g
const PLACEHOLDER = /^([^[\]]+)(?:\[([^[\]]*)\])?$/
const PYTHON_FORMAT = /^(\w+(?:\[[^[\]]*\])?)(?:[!:].*|\..*)$/s

/**
 * Takes a text apart as Python's str.format does (https://docs.python.org/3/library/string.html#format-strings),
 * less its conversions, attributes and format specifications; `{{` and `}}` are braces.
 * @throws PlaceholderError for a brace without its partner, or something else between braces
 */
export function parseTemplate(text: string): Template {
  if (!text.includes('{') && !text.includes('}')) return [text]
  const parts: (string | Placeholder)[] = []
  let end = 0
  for (let found = nextBrace(text, end); found; found = nextBrace(text, end)) {
    parts.push(text.slice(end, found.index))
    end = found.index + found[0].length
    if (found[0].length === 2) parts.push(found[0].slice(1))
    else {
      const placeholder = readPlaceholder(text, found.index)
      parts.push(placeholder)
      end = found.index + placeholder.text.length
    }
  }
  parts.push(text.slice(end))
  return parts.filter(part => part !== '')
}

function nextBrace(text: string, start: number): RegExpExecArray | null {
  BRACES.lastIndex = start
  return BRACES.exec(text)
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
  return toPlaceholder(inner)
}

function toPlaceholder(inner: string): Placeholder {
  const text = `{${inner}}`
  const [, name, key] = PLACEHOLDER.exec(inner) ?? []
  const [, plain] = PYTHON_FORMAT.exec(inner) ?? []
  if (plain !== undefined) {
    throw new PlaceholderError(
      `found \`${text}\`, expected \`{${plain}}\`: there are no formats here`
    )
  }
  if (name === undefined) {
    throw new PlaceholderError(
      `found \`${text}\`, expected a name such as \`{version}\` (\`{{\` and \`}}\` are braces)`
    )
  }
  return { name, key, text }
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
  const template = caught(() => parseTemplate(text), report)
  const values = template?.map(part =>
    typeof part === 'string' ? part : caught(() => lookUp(part), report)
  )
  return values?.includes(undefined) ? undefined : values?.join('')
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
