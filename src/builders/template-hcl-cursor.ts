/** Text that HCL would refuse; `at` is the offset where. */
export class HclSyntaxError extends Error {
  override readonly name = 'HclSyntaxError'

  constructor(
    message: string,
    readonly at: number
  ) {
    super(message)
  }
}

const BLANK = /[ \t]+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y
const BLANK_LINES = /[ \t\n]+|\r\n|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\//y

/** A place in a text of HCL that moves on as its parts are read. All patterns are sticky. */
export class Cursor {
  at = 0
  private newlinesEnd = true

  constructor(readonly text: string) {
    if (text.startsWith('\uFEFF')) this.at = 1
  }

  /** Reads with newlines that end an expression, or that are only space. */
  within<T>(newlinesEnd: boolean, read: () => T): T {
    const before = this.newlinesEnd
    this.newlinesEnd = newlinesEnd
    const result = read()
    this.newlinesEnd = before
    return result
  }

  /** Reads what stands here, to the letter. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text) ?? undefined
    if (match) this.at += match[0].length
    return match
  }

  private skipBlank(): void {
    const blank = this.newlinesEnd ? BLANK : BLANK_LINES
    while (this.take(blank)) {}
  }

  /** Reads what comes next after spaces and comments. */
  eat(pattern: RegExp): string | undefined {
    const start = this.at
    this.skipBlank()
    const match = this.take(pattern)
    if (!match) this.at = start
    return match?.[0]
  }

  /** Whether this comes next after spaces and comments. */
  sees(pattern: RegExp): boolean {
    const start = this.at
    const found = this.eat(pattern) !== undefined
    this.at = start
    return found
  }

  expect(pattern: RegExp, what: string): string {
    return this.eat(pattern) ?? this.fail(`${what} is expected here`)
  }

  fail(message: string): never {
    this.skipBlank()
    throw new HclSyntaxError(message, this.at)
  }
}
