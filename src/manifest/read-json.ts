import { type ParseErrorCode, visit } from 'jsonc-parser'
import { createJsonLocator } from './json-positions.js'
import { blankComments } from './json-text.js'
import type { ParsedText, TextProblem } from './read.js'

const MAX_DEPTH = 500
const MAX_PROBLEMS = 100

/** What was expected, by the number of jsonc-parser's ParseErrorCode (a const enum, so not there at run time). */
const EXPECTED: Readonly<Record<number, string>> = {
  1: 'a value (text stands in double quotes)',
  2: 'a number',
  3: "a field's name in double quotes",
  4: 'a value',
  5: '`:` after the name of a field',
  6: '`,` or the end of what is open',
  7: '`}`',
  8: '`]`',
  9: 'the end of the file',
  11: '`*/`, the end of the comment',
  12: '`"`, the end of the string, on the same line',
  13: 'a digit',
  14: 'four hexadecimal digits after `\\u`',
  15: 'after a backslash one of `" \\ / b f n r t u`',
  16: 'a control character in a string to be escaped, as `\\t` or `\\n`'
}
const COMMA = 6
const OPEN_STRING = 12

/** Thrown by the visitor to leave a text that is not worth reading on. */
class Abandoned extends Error {}

/** Reads JSON with comments and trailing commas, or gives all its errors: of syntax, and keys that stand twice. */
export function parseCommentedJson(text: string): ParsedText | readonly TextProblem[] {
  const blanked = blankComments(text)
  const reader = new Reader(blanked)
  try {
    visit(blanked, reader, { allowTrailingComma: true })
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error
  }
  if (reader.problems.length > 0) return reader.problems
  return { value: reader.root, locate: createJsonLocator(blanked) }
}

interface Open {
  readonly value: unknown[] | Record<string, unknown>
  key: string
}

/** A visitor of jsonc-parser that puts the value together and words the errors. */
class Reader {
  readonly problems: TextProblem[] = []
  root: unknown
  private readonly open: Open[] = []
  /** After an error the parser stumbles on: what it says is of no use until it has understood something. */
  private stumbling = false
  private lastError = 0

  constructor(private readonly text: string) {}

  readonly onObjectBegin = (offset: number) => this.begin({}, offset)
  readonly onArrayBegin = (offset: number) => this.begin([], offset)
  readonly onObjectEnd = () => this.end()
  readonly onArrayEnd = () => this.end()
  readonly onLiteralValue = (value: unknown) => this.add(value)
  readonly onSeparator = (character: string) => {
    if (character === ',') this.stumbling = false
  }

  readonly onObjectProperty = (name: string, offset: number) => {
    this.stumbling = false
    const open = this.open.at(-1)
    if (!open) return
    open.key = name
    if (Object.hasOwn(open.value, name)) {
      this.report(offset, `found the field \`${name}\` a second time, expected it once`)
    }
  }

  readonly onError = (code: ParseErrorCode, offset: number, length: number) => {
    const follows = this.stumbling || (code === COMMA && this.lastError === OPEN_STRING)
    this.stumbling = true
    this.lastError = code
    if (follows) return
    const found = describeToken(this.text.slice(offset, offset + length))
    this.report(offset, `found ${found}, expected ${EXPECTED[code] ?? 'JSON'}`)
  }

  private begin(value: Open['value'], offset: number): void {
    this.add(value)
    this.open.push({ value, key: '' })
    if (this.open.length <= MAX_DEPTH) return
    this.report(offset, `found nesting deeper than ${MAX_DEPTH} levels, expected a manifest`)
    throw new Abandoned()
  }

  private end(): void {
    this.stumbling = false
    this.open.pop()
  }

  private add(value: unknown): void {
    this.stumbling = false
    const open = this.open.at(-1)
    if (!open) this.root = value
    else if (Array.isArray(open.value)) open.value.push(value)
    else {
      // An assignment to `__proto__` would change the object's prototype.
      const data = { value, enumerable: true, configurable: true, writable: true }
      Object.defineProperty(open.value, open.key, data)
    }
  }

  private report(offset: number, message: string): void {
    this.problems.push({ offset, message })
    if (this.problems.length >= MAX_PROBLEMS) throw new Abandoned()
  }
}

function describeToken(token: string): string {
  if (token === '') return 'the end of the file'
  const short = token.length > 40 ? `${token.slice(0, 40)}…` : token
  return `\`${short.replace(/[^ -~\u00a1-\uffff]/g, escapeCharacter)}\``
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
