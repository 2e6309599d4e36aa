import { closest } from 'fastest-levenshtein'

const SHOWN = 60

/** What a value is, in the words of a message. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'number') return `the number ${value}`
  if (typeof value === 'boolean') return `the boolean ${value}`
  return typeof value === 'string' ? `the text ${quoteText(value)}` : 'a map'
}

/** A text between backticks, shortened, control characters escaped. */
export function quoteText(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
  return `\`${JSON.stringify(short).slice(1, -1).replaceAll('\\"', '"')}\``
}

/** `: did you mean X?`, X being the known word that is nearest to a wrong one. */
export function suggest(wrong: string, known: readonly string[]): string {
  // The distance takes the product of the lengths.
  if (wrong.length > SHOWN || known.length === 0) return ''
  return `: did you mean \`${closest(wrong.toLowerCase(), known)}\`?`
}
