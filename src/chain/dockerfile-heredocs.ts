import { expandToWords } from './dockerfile-expand.js'
import { Budget, type Environment } from './dockerfile-values.js'

/** A here-document: `<<NAME`, the lines up to NAME being its content. */
export interface Heredoc {
  readonly name: string
  /** `<<-`: tabs at the start of its lines do not count. */
  readonly chomp: boolean
  readonly content: string
}

const OPENING = /^\d*<<(-?)/
const nothingSet = (): Environment => ({ get: () => undefined, budget: new Budget() })

/** The here-document that a word opens, without its content; undefined for any other word. */
export function parseHeredoc(word: string): Heredoc | undefined {
  const opening = OPENING.exec(word)
  const rest = opening && word.slice(opening[0].length)
  if (!rest || rest.includes('<')) return undefined
  const names = expandToWords(rest, nothingSet(), { escapeToken: '\\', keepUnset: true })
  const [name] = names
  if (names.length !== 1 || name === undefined) return undefined
  return { name, chomp: opening[1] === '-', content: '' }
}

/** The here-documents that a line opens, in order. */
export function heredocsOf(line: string): readonly Heredoc[] {
  const words = expandToWords(line, nothingSet(), { escapeToken: '\\', raw: true, keepUnset: true })
  return words.map(parseHeredoc).filter(heredoc => heredoc !== undefined)
}
