/** Tells a kind of character; most are of ASCII, and what Unicode has of the kind takes long to load. */
const kindOf = (ascii: RegExp, all: RegExp) => (character: string) =>
  (character < '\u0080' ? ascii : all).test(character)

const isOfName = kindOf(/^\w$/, /^[\p{L}\p{Nd}_]$/u)
const isDigit = kindOf(/^\d$/, /^\p{Nd}$/u)

/** Walks over a text by whole characters; after a failure it stands at the end, where every loop stops. */
export class Cursor {
  /** The first failure. */
  error: string | undefined
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The next character, or nothing at the end. */
  peek(): string {
    const code = this.#text.codePointAt(this.#position)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  next(): string {
    const character = this.peek()
    this.#position += character.length
    return character
  }

  /** Whether the next character was the given one, which is taken. */
  take(character: string): boolean {
    const found = this.peek() === character
    if (found) this.next()
    return found
  }

  /** The blanks that come next. */
  blanks(): string {
    let text = ''
    while (/^[\t\r ]$/.test(this.peek())) text += this.next()
    return text
  }

  /** The name of a variable: letters, digits and `_`, or digits alone, or one of the shell's own. */
  name(): string {
    const first = this.peek()
    if (first !== '' && '@*#?-$!'.includes(first)) return this.next()
    const isAllowed = isDigit(first) ? isDigit : isOfName
    let name = ''
    while (isAllowed(this.peek())) name += this.next()
    return name
  }

  fail(message: string): '' {
    this.error ??= message
    this.#position = this.#text.length
    return ''
  }
}

/** Gathers words that blanks part. */
export class Words {
  readonly list: string[] = []
  #word = ''

  add(text: string): void {
    this.#word += text
  }

  end(): void {
    if (this.#word !== '') this.list.push(this.#word)
    this.#word = ''
  }

  /** Loses what has been gathered of the current word. */
  forget(): void {
    this.#word = ''
  }
}

const MOST_NAMES = 20

/** Adds names to a list that a person reads, which is why it stays short. */
export function noteNames(list: string[], names: readonly string[]): void {
  if (list.length < MOST_NAMES) list.push(...names)
}
