import { DirectiveReader } from './dockerfile-directives.js'
import { type Heredoc, heredocsOf } from './dockerfile-heredocs.js'
import { firstWord, jsonStrings, leadingFlags, trim, trimLeft } from './dockerfile-words.js'

/** Something that the builder would refuse; `line` counts from 1. */
export interface DockerfileProblem {
  readonly line: number
  readonly message: string
}

/** One instruction, its lines joined. */
export interface Instruction {
  /** In capitals. */
  readonly keyword: string
  /** `--name=value` words, quotes removed. */
  readonly flags: readonly string[]
  /** What follows the flags. */
  readonly rest: string
  /** All of it as one line. */
  readonly joined: string
  readonly heredocs: readonly Heredoc[]
  readonly line: number
}

/** A file as instructions. */
export interface DockerfileLines {
  readonly instructions: readonly Instruction[]
  readonly escapeToken: string
  readonly problems: readonly DockerfileProblem[]
}

const LONGEST_LINE = 65_535

/**
 * Parts a Dockerfile into instructions: continuations, comments, the escape directive and
 * here-documents, to the letter of
 * https://github.com/moby/buildkit/blob/v0.34.2/frontend/dockerfile/parser/parser.go.
 */
export function readLines(text: string): DockerfileLines {
  const reader = new LineReader(text.replace(/^\ufeff/, ''))
  const instructions: Instruction[] = []
  while (!reader.ended) {
    const instruction = reader.instruction()
    if (instruction) instructions.push(instruction)
  }
  return { instructions, escapeToken: reader.escapeToken, problems: reader.problems }
}

class LineReader {
  escapeToken = '\\'
  readonly problems: DockerfileProblem[] = []
  readonly #text: string
  readonly #directives = new DirectiveReader()
  #position = 0
  #line = 0

  constructor(text: string) {
    this.#text = text
  }

  get ended(): boolean {
    return this.#position >= this.#text.length
  }

  /** The next line with its end, `\n`. */
  #next(): string {
    const newline = this.#text.indexOf('\n', this.#position)
    const end = newline < 0 ? this.#text.length : newline + 1
    const line = this.#text.slice(this.#position, end)
    this.#position = end
    this.#line++
    const text = newline < 0 ? line : line.slice(0, -1)
    if (text.length > LONGEST_LINE / 4 && Buffer.byteLength(text) > LONGEST_LINE) {
      this.problems.push({ line: this.#line, message: `line longer than ${LONGEST_LINE} bytes` })
    }
    return line
  }

  /** Reads on to the end of an instruction; undefined for a line that holds none. */
  instruction(): Instruction | undefined {
    const first = trimLeft(withoutNewline(this.#next()))
    const line = this.#line
    this.#directive(first)
    let piece = this.#continued(isComment(first) ? '' : first)
    if (!piece.continues && piece.text === '') return undefined
    const pieces = [piece.text]
    while (piece.continues && !this.ended) {
      const next = withoutNewline(this.#next())
      this.#directive(next)
      if (isComment(next) || trimLeft(next) === '') continue
      piece = this.#continued(next)
      pieces.push(piece.text)
    }
    return this.#finish(pieces.join(''), line)
  }

  #directive(text: string): void {
    const found = this.#directives.read(text, this.#line)
    if (typeof found === 'string') this.problems.push({ line: this.#line, message: found })
    else if (found?.name === 'escape') this.#setEscape(found.value)
  }

  #setEscape(value: string): void {
    if (value === '\\' || value === '`') this.escapeToken = value
    else {
      const message = `invalid escape token '${value}' does not match \` or \\`
      this.problems.push({ line: this.#line, message })
    }
  }

  /** A line less its continuation: an escape token at the end that no other one precedes. */
  #continued(line: string): { text: string; continues: boolean } {
    let end = line.length
    while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
    const continues = line[end - 1] === this.escapeToken && line[end - 2] !== this.escapeToken
    return { text: continues ? line.slice(0, end - 1) : line, continues }
  }

  #finish(joined: string, line: number): Instruction {
    const { word, rest = '' } = firstWord(trim(joined))
    const { flags, rest: after } = leadingFlags(rest, this.escapeToken)
    const bare = { keyword: word.toUpperCase(), flags, rest: trim(after), joined, line }
    return { ...bare, heredocs: this.#heredocs(bare) }
  }

  #heredocs(instruction: Omit<Instruction, 'heredocs'>): readonly Heredoc[] {
    if (!instruction.joined.includes('<<') || !this.#takesHeredocs(instruction)) return []
    const found = heredocsOf(instruction.joined)
    return found.map(heredoc => ({ ...heredoc, content: this.#content(heredoc, instruction.line) }))
  }

  #takesHeredocs(instruction: { readonly keyword: string; readonly rest: string }): boolean {
    let { keyword, rest } = instruction
    if (keyword === 'ONBUILD') {
      const inner = firstWord(rest)
      keyword = inner.word.toUpperCase()
      rest = trim(leadingFlags(inner.rest ?? '', this.escapeToken).rest)
    }
    if (keyword !== 'ADD' && keyword !== 'COPY' && keyword !== 'RUN') return false
    return !Array.isArray(jsonStrings(rest))
  }

  #content(heredoc: Heredoc, line: number): string {
    const start = this.#position
    while (!this.ended) {
      const before = this.#position
      const next = withoutNewline(this.#next())
      const candidate = heredoc.chomp ? next.replace(/^\t+/, '') : next
      if (candidate === heredoc.name) return this.#text.slice(start, before)
    }
    this.problems.push({ line, message: `unterminated heredoc ${heredoc.name}` })
    return this.#text.slice(start)
  }
}

function isComment(line: string): boolean {
  return trimLeft(line).startsWith('#')
}

function withoutNewline(line: string): string {
  let end = line.length
  while (end > 0 && (line[end - 1] === '\n' || line[end - 1] === '\r')) end--
  return line.slice(0, end)
}
