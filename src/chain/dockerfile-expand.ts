import { Lexer } from './dockerfile-lexer.js'
import type { Environment, LexerOptions } from './dockerfile-values.js'

/** A word with its variables filled in. */
export interface Expansion {
  readonly text: string
  /** Variables whose value cannot be told, so that `text` is not to be used. */
  readonly unknown: readonly string[]
  /** Variables that are not set: `text` has nothing in their place. */
  readonly unset: readonly string[]
  /** Why BuildKit refuses the word. */
  readonly error: string | undefined
}

const SPECIAL = /["$'<]/

/** Fills variables into one word and takes quotes and escapes away. */
export function expand(word: string, environment: Environment, options: LexerOptions): Expansion {
  if (!SPECIAL.test(word) && !word.includes(options.escapeToken)) {
    return { text: word, unknown: [], unset: [], error: undefined }
  }
  const lexer = new Lexer(word, environment, options)
  const text = lexer.run()
  return { text, unknown: lexer.unknown, unset: lexer.unset, error: lexer.error }
}

/** Parts a line into words after filling in variables; none where BuildKit refuses the line. */
export function expandToWords(
  line: string,
  environment: Environment,
  options: LexerOptions
): readonly string[] {
  const lexer = new Lexer(line, environment, options)
  lexer.run()
  return lexer.error === undefined ? lexer.words.list : []
}
