import { Cursor, noteNames, Words } from './dockerfile-cursor.js'
import { type Substitution, substitute } from './dockerfile-substitution.js'
import { type Environment, type LexerOptions, UNKNOWN, type Value } from './dockerfile-values.js'
import { isSpace } from './dockerfile-words.js'

/** How the text up to a closing character is read: `double` keeps literal escapes of a pattern apart. */
interface Part {
  readonly stop: string
  readonly keepEscapes: boolean
  readonly double: boolean
}

/** Deeper nesting of `${a:-${b:-…}}` than any file has, and than the call stack bears. */
const DEEPEST = 200
/**
 * Reads a word or a line with its quotes, escapes and variables.
 * Follows https://github.com/moby/buildkit/blob/v0.34.2/frontend/dockerfile/shell/lex.go.
 */
export class Lexer {
  readonly words = new Words()
  /** Variables whose value cannot be told, and those that are not set: a few names of each. */
  readonly unknown: string[] = []
  readonly unset: string[] = []
  readonly #cursor: Cursor
  readonly #environment: Environment
  readonly #escapeToken: string
  readonly #raw: boolean
  readonly #keepUnset: boolean
  #keepEscapes: boolean
  #depth = 0

  constructor(text: string, environment: Environment, options: LexerOptions) {
    this.#cursor = new Cursor(text)
    this.#environment = environment
    this.#escapeToken = options.escapeToken
    this.#raw = options.raw ?? false
    this.#keepUnset = options.keepUnset ?? false
    this.#keepEscapes = this.#raw
  }

  get error(): string | undefined {
    return this.#cursor.error
  }

  run(): string {
    const text = this.#until({ stop: '', keepEscapes: this.#raw, double: false })
    this.words.end()
    return text
  }

  #until(part: Part): string {
    const keepEscapes = this.#keepEscapes
    this.#keepEscapes = part.keepEscapes
    if (++this.#depth > DEEPEST) return this.#cursor.fail('nested too deeply')
    // BuildKit gathers nested words in the same buffer, so the outer word loses what it had.
    this.words.forget()
    let result = ''
    while (this.#cursor.peek() !== '' && this.#cursor.peek() !== part.stop) {
      result += this.#piece(part.double)
    }
    this.#keepEscapes = keepEscapes
    if (--this.#depth > 0) this.words.forget()
    if (part.stop === '' || this.#cursor.take(part.stop)) return result
    return this.#cursor.fail(`unexpected end of statement while looking for matching ${part.stop}`)
  }

  #piece(double: boolean): string {
    const character = this.#cursor.peek()
    if (character === '$') {
      const text = this.#dollar()
      for (const each of text) this.#spread(each)
      return text
    }
    if (character === this.#escapeToken || '<\'"'.includes(character)) {
      const text = this.#special(character, double)
      this.words.add(text)
      return text
    }
    this.#cursor.next()
    this.#spread(character)
    return character
  }

  #spread(character: string): void {
    if (isSpace(character)) this.words.end()
    else this.words.add(character)
  }

  #special(character: string, double: boolean): string {
    if (character === "'" || character === '"') return this.#quoted(double)
    this.#cursor.next()
    if (character === '<') return this.#cursor.take('<') ? `<<${this.#cursor.blanks()}` : '<'
    return (this.#keepEscapes ? character : '') + this.#cursor.next()
  }

  #quoted(double: boolean): string {
    const quote = this.#cursor.next()
    let result = ''
    while (!this.#cursor.take(quote)) {
      if (this.#cursor.peek() === '') {
        const name = quote === "'" ? 'single' : 'double'
        return this.#cursor.fail(
          `unexpected end of statement while looking for matching ${name}-quote`
        )
      }
      result += quote === "'" ? this.#literal(double) : this.#inDoubleQuotes(double)
    }
    return this.#raw ? quote + result + quote : result
  }

  #literal(double: boolean): string {
    const character = this.#cursor.next()
    return double && character === this.#escapeToken ? character + character : character
  }

  #inDoubleQuotes(double: boolean): string {
    if (this.#cursor.peek() === '$') return this.#dollar()
    const character = this.#cursor.next()
    if (character !== this.#escapeToken) return character
    const next = this.#cursor.peek()
    if (next === '') return ''
    if (next === '"' || next === '$' || next === this.#escapeToken) {
      return (this.#keepEscapes ? character : '') + this.#cursor.next()
    }
    return this.#keepEscapes && (!this.#raw || double) ? character + character : character
  }

  #dollar(): string {
    this.#cursor.next()
    if (this.#cursor.take('{')) return this.#braces()
    const name = this.#cursor.name()
    return name === '' ? '$' : this.#fill(name, `$${name}`, value => ({ value }))
  }

  #braces(): string {
    const cursor = this.#cursor
    if (cursor.peek() === '') return cursor.fail("syntax error: missing '}'")
    if ('{}:'.includes(cursor.peek())) return cursor.fail('syntax error: bad substitution')
    const name = cursor.name()
    if (cursor.take('}')) return this.#fill(name, `\${${name}}`, value => ({ value }))
    if (cursor.take('/')) return this.#replacement(name)
    const colon = cursor.take(':')
    const operator = cursor.next()
    const pattern = operator === '#' || operator === '%'
    if (operator === '' || !'+-?#%'.includes(operator) || (colon && pattern)) {
      return cursor.fail(`unsupported modifier (${colon ? ':' : ''}${operator}) in substitution`)
    }
    const mark = this.unknown.length
    const operand = this.#until({ stop: '}', keepEscapes: pattern, double: pattern })
    const written = `\${${name}${colon ? ':' : ''}${operator}${operand}}`
    return this.#apply({ name, operator, colon, operand }, written, mark)
  }

  #replacement(name: string): string {
    const all = this.#cursor.take('/')
    const mark = this.unknown.length
    const operand = this.#until({ stop: '/', keepEscapes: true, double: true })
    const replacement = this.#until({ stop: '}', keepEscapes: true, double: false })
    const written = `\${${name}/${operand}/${replacement}}`
    return this.#apply(
      { name, operator: '/', colon: false, operand, replacement, all },
      written,
      mark
    )
  }

  /** Applies an operator whose operand may hold unknown variables: those noted since `mark`. */
  #apply(substitution: Substitution, written: string, mark: number): string {
    const { name, operator, operand } = substitution
    const uncertain = this.unknown.splice(mark)
    const needsOperand = operator !== '-' && operator !== '+' && operator !== '?'
    if (needsOperand && uncertain.length > 0) {
      noteNames(this.unknown, uncertain)
      return ''
    }
    return this.#fill(name, written, value => {
      const outcome = substitute(value, substitution, this.#environment.budget)
      if (!('operand' in outcome)) return outcome
      noteNames(this.unknown, uncertain)
      return { value: operand }
    })
  }

  #fill(
    name: string,
    written: string,
    use: (value: Value) => { value: Value } | { error: string }
  ): string {
    if (this.error !== undefined) return ''
    const value = this.#environment.get(name)
    if (value === undefined && this.#keepUnset) return written
    if (value === undefined) noteNames(this.unset, [name])
    const outcome = use(value)
    if ('error' in outcome) return this.#cursor.fail(outcome.error)
    const allowed = this.#environment.budget.allow(outcome.value)
    if (allowed === UNKNOWN) noteNames(this.unknown, [name])
    return typeof allowed === 'string' ? allowed : ''
  }
}
