import type { Cursor } from './template-hcl-cursor.js'
import type { Expression, TemplatePart } from './template-hcl-syntax.js'

/** Reads an expression; given by the expression reader, which itself reads texts. */
export type ReadExpression = (cursor: Cursor) => Expression

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '"': '"',
  '\\': '\\'
}

const HEX = /u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})/y

function readEscape(cursor: Cursor): string {
  const code = cursor.take(HEX)
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? '', 16)
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) cursor.fail('no such character')
    return String.fromCodePoint(point)
  }
  const letter = cursor.take(/./sy)?.[0] ?? ''
  return ESCAPES[letter] ?? cursor.fail(`\\${letter} is no escape of HCL`)
}

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy

function readDirective(cursor: Cursor, read: ReadExpression): Expression {
  const keyword = cursor.expect(IDENTIFIER, 'a template keyword')
  if (!/^(if|else|endif|for|endfor)$/.test(keyword)) {
    cursor.fail(`${keyword} is no template keyword`)
  }
  const of: Expression[] = []
  if (keyword === 'if') of.push(read(cursor))
  if (keyword === 'for') {
    cursor.expect(IDENTIFIER, 'a name')
    if (cursor.eat(/,/y)) cursor.expect(IDENTIFIER, 'a name')
    cursor.expect(/in(?![\w-])/y, '"in"')
    of.push(read(cursor))
  }
  return { kind: 'unsupported', what: `the directive %{ ${keyword} }`, of }
}

/** Reads `${…}` or `%{…}`, its opening already read. */
function readSequence(cursor: Cursor, opening: string, read: ReadExpression): Expression {
  return cursor.within(false, () => {
    const value = opening.startsWith('%') ? readDirective(cursor, read) : read(cursor)
    const closing = cursor.expect(/~?\}/y, 'a closing brace')
    if (!opening.endsWith('~') && closing !== '~}') return value
    return { kind: 'unsupported', what: 'the trimming of a template', of: [value] }
  })
}

const PLAIN: Readonly<Record<'quoted' | 'bare', RegExp>> = {
  quoted: /[^"\\$%\r\n]+/y,
  bare: /[^$%]+/y
}

/** Reads one piece of a template: a text, or a sequence. Undefined at an end of any kind. */
function readPiece(cursor: Cursor, plain: RegExp, read: ReadExpression): TemplatePart | undefined {
  const text = cursor.take(plain)
  if (text) return text[0]
  const doubled = cursor.take(/(?:\$\$|%%)\{/y)
  if (doubled) return doubled[0].slice(1)
  const opening = cursor.take(/[$%]\{~?/y)
  if (opening) return readSequence(cursor, opening[0], read)
  return cursor.take(/[$%]/y)?.[0]
}

/** A template as an expression: a lone sequence keeps the type of its value. */
function templateOf(parts: readonly TemplatePart[]): Expression {
  const [first] = parts
  if (parts.length === 1 && typeof first === 'object') return first
  if (parts.every(part => typeof part === 'string')) return { kind: 'string', text: parts.join('') }
  return { kind: 'template', parts }
}

/** Reads a text in double quotes, its opening quote already read. */
export function readQuoted(cursor: Cursor, read: ReadExpression): Expression {
  const parts: TemplatePart[] = []
  for (;;) {
    if (cursor.take(/"/y)) return templateOf(parts)
    const escaped = cursor.take(/\\/y) ? readEscape(cursor) : undefined
    const part = escaped ?? readPiece(cursor, PLAIN.quoted, read)
    if (part === undefined) cursor.fail('a text in double quotes does not end on its line')
    else parts.push(part)
  }
}

/** Reads a whole text as a template with no quotes and no escapes by backslash, as in HCL's JSON. */
export function readBareTemplate(cursor: Cursor, read: ReadExpression): Expression {
  const parts: TemplatePart[] = []
  while (cursor.at < cursor.text.length) {
    const part = readPiece(cursor, PLAIN.bare, read)
    if (part === undefined) cursor.fail('a template that cannot be read')
    else parts.push(part)
  }
  return templateOf(parts)
}

const LINE = /[^$%\r\n]*\r?\n|[^$%\r\n]+/y

function readHeredocParts(cursor: Cursor, marker: string, read: ReadExpression): TemplatePart[] {
  const parts: TemplatePart[] = []
  let lineStart = true
  for (;;) {
    if (lineStart && endsHere(cursor, marker)) return parts
    const part = readPiece(cursor, LINE, read)
    if (part === undefined) cursor.fail(`the text that begins with <<${marker} does not end`)
    else parts.push(part)
    lineStart = typeof part === 'string' && part.endsWith('\n')
  }
}

function endsHere(cursor: Cursor, marker: string): boolean {
  const start = cursor.at
  const line = cursor.take(/([^\n]*?)(?=\r?\n|$)/y)?.[1] ?? ''
  if (line.trim() === marker) return true
  cursor.at = start
  return false
}

/** Pieces of a line put together, so that what a line begins with can be told. */
function byLine(parts: readonly TemplatePart[]): TemplatePart[] {
  const lines: TemplatePart[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    const joins = typeof part === 'string' && typeof last === 'string' && !last.endsWith('\n')
    if (joins) lines[lines.length - 1] = last + part
    else lines.push(part)
  }
  return lines
}

/** Removes the spaces that all lines begin with, blank lines aside, as `<<-` asks for. */
function flushed(parts: readonly TemplatePart[]): TemplatePart[] {
  const startsLine = (at: number) => {
    const before = parts[at - 1]
    return at === 0 || (typeof before === 'string' && before.endsWith('\n'))
  }
  const isBlank = (part: TemplatePart) => typeof part === 'string' && /^\s*\n$/.test(part)
  const starts = parts.filter((part, at) => startsLine(at) && !isBlank(part))
  const indents = starts.map(part => (typeof part === 'string' ? part.search(/\S|$/) : 0))
  const indent = indents.reduce((least, each) => Math.min(least, each), Infinity)
  return parts.map((part, at) =>
    typeof part === 'string' && startsLine(at) && !isBlank(part) ? part.slice(indent) : part
  )
}

/** Reads `<<MARKER` or `<<-MARKER` with its lines; undefined where none begins here. */
export function readHeredoc(cursor: Cursor, read: ReadExpression): Expression | undefined {
  const opening = cursor.take(/<<(-?)([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy)
  if (!opening) return undefined
  const parts = byLine(readHeredocParts(cursor, opening[2] ?? '', read))
  return templateOf(opening[1] ? flushed(parts) : parts)
}
