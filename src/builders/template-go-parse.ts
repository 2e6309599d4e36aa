/** An operand of a call in a Go template action. */
export type GoOperand =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'group'; readonly pipeline: GoPipeline }

/** Calls whose outcome each is the last argument of the next; the first operand is what is called. */
export type GoPipeline = readonly (readonly GoOperand[])[]

/** Plain text, or an action between `{{` and `}}`. */
export type GoPart = string | GoPipeline

class Unsupported extends Error {}

const KEYWORDS = new Set(
  'if else end range with define template block break continue nil true false'.split(' ')
)

const TOKENS: readonly [RegExp, (match: string) => GoOperand][] = [
  [/`([^`]*)`/y, match => ({ kind: 'text', text: match.slice(1, -1).replaceAll('\r', '') })],
  [/"(?:[^"\\\n]|\\["\\nrt])*"/y, match => ({ kind: 'text', text: JSON.parse(escaped(match)) })],
  [/[+-]?\d+(?![\w.])/y, match => ({ kind: 'number', number: Number(match) })],
  [/\.[A-Za-z_]\w*(?![\w.])/y, match => ({ kind: 'field', name: match.slice(1) })],
  [/[A-Za-z_]\w*(?![\w.])/y, match => ({ kind: 'name', name: match })]
]

/** A Go string as JSON writes it: a tab or another control character may stand in it as it is. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u001f]/g, char => JSON.stringify(char).slice(1, -1))
}

/** Groups within one another: what holds more is not read, as it is nobody's template. */
const DEEPEST = 100

class ActionReader {
  private depth = 0

  constructor(
    readonly text: string,
    public at: number
  ) {}

  eat(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)?.[0]
    if (match !== undefined) this.at += match.length
    return match
  }

  pipeline(): GoPipeline {
    const commands = [this.command()]
    while (this.eat(/[ \t]*\|/y)) commands.push(this.command())
    return commands
  }

  private command(): GoOperand[] {
    const operands: GoOperand[] = []
    for (;;) {
      const start = this.at
      const spaced = this.eat(/[ \t]+/y) !== undefined
      const operand = this.operand()
      if (!operand) {
        this.at = start
        break
      }
      if (operands.length > 0 && !spaced) throw new Unsupported()
      operands.push(operand)
    }
    if (operands.length === 0) throw new Unsupported()
    return operands
  }

  private operand(): GoOperand | undefined {
    if (this.eat(/\(/y)) return this.group()
    for (const [pattern, read] of TOKENS) {
      const match = this.eat(pattern)
      if (match === undefined) continue
      if (KEYWORDS.has(match)) throw new Unsupported()
      return read(match)
    }
    return undefined
  }

  private group(): GoOperand {
    this.depth += 1
    if (this.depth > DEEPEST) throw new Unsupported()
    const pipeline = this.pipeline()
    this.depth -= 1
    if (!this.eat(/[ \t]*\)/y)) throw new Unsupported()
    return { kind: 'group', pipeline }
  }
}

const COMMENT = /\/\*[\s\S]*?\*\//y

function readAction(reader: ActionReader): GoPipeline | undefined {
  return reader.eat(COMMENT) === undefined ? reader.pipeline() : undefined
}

/** Reads up to and over the end of an action; true where it trims what follows. */
function readEnd(reader: ActionReader): boolean {
  if (reader.eat(/[ \t\r\n]+-\}\}/y)) return true
  if (reader.eat(/[ \t]*\}\}/y)) return false
  throw new Unsupported()
}

const TRAILING_SPACE = /(?<![ \t\r\n])[ \t\r\n]+$/
const LEADING_SPACE = /[ \t\r\n]*/y

function readParts(text: string): GoPart[] {
  const parts: GoPart[] = []
  let at = 0
  for (let open = text.indexOf('{{'); open >= 0; open = text.indexOf('{{', at)) {
    const reader = new ActionReader(text, open + 2)
    const trimmed = reader.eat(/-[ \t\r\n]+/y) !== undefined
    const before = text.slice(at, open)
    parts.push(trimmed ? before.replace(TRAILING_SPACE, '') : before)
    const pipeline = readAction(reader)
    if (readEnd(reader)) reader.eat(LEADING_SPACE)
    if (pipeline) parts.push(pipeline)
    at = reader.at
  }
  return [...parts, text.slice(at)]
}

/**
 * Reads the part of Go's text/template that templates use: calls, strings, numbers, pipelines, groups, fields, comments
 * and trimming. Undefined for all else (`if`, `range`, variables), and for what Go would refuse.
 * @see https://pkg.go.dev/text/template
 */
export function parseGoTemplate(text: string): readonly GoPart[] | undefined {
  try {
    return readParts(text)
  } catch (error) {
    if (error instanceof Unsupported) return undefined
    throw error
  }
}
