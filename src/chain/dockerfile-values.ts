import { Steps } from '../steps.js'

/** Stands for a value that the text alone does not tell, such as a variable of an outside base. */
export const UNKNOWN: unique symbol = Symbol('unknown')

/** What a variable holds: a text, nothing because it is not set, or something that cannot be told. */
export type Value = string | undefined | typeof UNKNOWN

/** Variables, and what may still be spent on them. */
export interface Environment {
  get(name: string): Value
  readonly budget: Budget
}

/** Longer values are unknown: no path is longer, and doubling a value line by line ends here. */
const LONGEST_VALUE = 4096
const ALL_STEPS = 5_000_000

/** Steps for one file: with none left every value is unknown, so that no text takes long to read. */
export class Budget extends Steps {
  constructor() {
    super(ALL_STEPS)
  }

  /** The value, or unknown where it is too long or nothing is left to read it. */
  allow(value: Value): Value {
    if (typeof value !== 'string') return value
    return this.spend(value.length) && value.length <= LONGEST_VALUE ? value : UNKNOWN
  }
}

/** How words are read. */
export interface LexerOptions {
  /** The file's escape character. */
  readonly escapeToken: string
  /** Keeps quotes and escapes. */
  readonly raw?: boolean
  /** Leaves variables that are not set as they are written. */
  readonly keepUnset?: boolean
}
