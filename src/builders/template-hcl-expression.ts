import type { Cursor } from './template-hcl-cursor.js'
import type { Expression, ForExpression, ObjectEntry } from './template-hcl-syntax.js'
import { readHeredoc, readQuoted } from './template-hcl-text.js'

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
const FOR = /for(?![\w-])/y

/** Operators by how tightly they bind, the loosest first. */
const OPERATORS: readonly RegExp[] = [/\|\|/y, /&&/y, /==|!=/y, /<=|>=|<|>/y, /[+-]/y, /[*/%]/y]

/** Reads an expression of HCL's native syntax. */
export function readExpression(cursor: Cursor): Expression {
  const condition = readBinary(cursor, 0)
  if (!cursor.eat(/\?/y)) return condition
  const yes = readExpression(cursor)
  cursor.expect(/:/y, 'a colon')
  return { kind: 'conditional', condition, yes, no: readExpression(cursor) }
}

function readBinary(cursor: Cursor, level: number): Expression {
  const pattern = OPERATORS[level]
  if (!pattern) return readTraversals(cursor, readTerm(cursor))
  let left = readBinary(cursor, level + 1)
  for (let operator = cursor.eat(pattern); operator; operator = cursor.eat(pattern)) {
    left = { kind: 'binary', operator, left, right: readBinary(cursor, level + 1) }
  }
  return left
}

function readTraversals(cursor: Cursor, term: Expression): Expression {
  let of = term
  for (;;) {
    if (cursor.eat(/\.(?!\.)/y)) of = readAttribute(cursor, of)
    else if (cursor.eat(/\[/y)) of = readIndex(cursor, of)
    else return of
  }
}

function readAttribute(cursor: Cursor, of: Expression): Expression {
  if (cursor.eat(/\*/y)) return { kind: 'unsupported', what: 'a splat', of: [of] }
  const number = cursor.eat(/\d+(?!\.\d)/y)
  if (number) return { kind: 'index', of, key: { kind: 'number', text: number } }
  return { kind: 'attribute', of, name: cursor.expect(IDENTIFIER, 'the name of an attribute') }
}

function readIndex(cursor: Cursor, of: Expression): Expression {
  if (cursor.eat(/\*/y)) {
    cursor.expect(/\]/y, 'a closing bracket')
    return { kind: 'unsupported', what: 'a splat', of: [of] }
  }
  return cursor.within(false, () => {
    const key = readExpression(cursor)
    cursor.expect(/\]/y, 'a closing bracket')
    return { kind: 'index', of, key }
  })
}

function readTerm(cursor: Cursor): Expression {
  if (cursor.eat(/\(/y)) return readGroup(cursor)
  if (cursor.eat(/\[/y)) return cursor.within(false, () => readList(cursor))
  if (cursor.eat(/\{/y)) return readObject(cursor)
  if (cursor.eat(/"/y)) return readQuoted(cursor, readExpression)
  const sign = cursor.eat(/-|!(?!=)/y)
  if (sign) {
    return { kind: 'unary', operator: sign, operand: readTraversals(cursor, readTerm(cursor)) }
  }
  const number = cursor.eat(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)
  if (number) return { kind: 'number', text: number }
  if (cursor.sees(/<</y)) {
    cursor.eat(/(?=<<)/y)
    const text = readHeredoc(cursor, readExpression)
    if (text) return text
  }
  return readNamed(cursor)
}

function readGroup(cursor: Cursor): Expression {
  return cursor.within(false, () => {
    const inner = readExpression(cursor)
    cursor.expect(/\)/y, 'a closing parenthesis')
    return inner.kind === 'reference' ? { kind: 'template', parts: [inner] } : inner
  })
}

function readNamed(cursor: Cursor): Expression {
  const name = cursor.expect(IDENTIFIER, 'an expression')
  if (cursor.eat(/\(/y)) return cursor.within(false, () => readCall(cursor, name))
  if (name === 'true' || name === 'false') return { kind: 'bool', on: name === 'true' }
  return name === 'null' ? { kind: 'null' } : { kind: 'reference', name }
}

function readCall(cursor: Cursor, name: string): Expression {
  const given: Expression[] = []
  while (!cursor.eat(/\)/y)) {
    given.push(readExpression(cursor))
    if (cursor.eat(/\.\.\./y)) {
      cursor.expect(/\)/y, 'a closing parenthesis')
      return { kind: 'call', name, arguments: given, spread: true }
    }
    if (!cursor.sees(/\)/y)) cursor.expect(/,/y, 'a comma')
  }
  return { kind: 'call', name, arguments: given, spread: false }
}

function readList(cursor: Cursor): Expression {
  if (cursor.eat(FOR)) return readFor(cursor, /\]/y)
  const items: Expression[] = []
  while (!cursor.eat(/\]/y)) {
    items.push(readExpression(cursor))
    if (!cursor.sees(/\]/y)) cursor.expect(/,/y, 'a comma')
  }
  return { kind: 'list', items }
}

function readObject(cursor: Cursor): Expression {
  const isFor = cursor.within(false, () => cursor.eat(FOR) !== undefined)
  if (isFor) return cursor.within(false, () => readFor(cursor, /\}/y))
  return cursor.within(true, () => {
    const entries: ObjectEntry[] = []
    for (;;) {
      while (cursor.eat(/\r?\n/y));
      if (cursor.eat(/\}/y)) return { kind: 'object', entries }
      entries.push(readEntry(cursor))
      if (!cursor.sees(/\}/y)) cursor.expect(/,|\r?\n/y, 'a comma or a new line')
    }
  })
}

/** A bare name is a key as it stands; in parentheses it is a reference. */
function readEntry(cursor: Cursor): ObjectEntry {
  const key = readExpression(cursor)
  cursor.expect(/=(?![=>])|:/y, 'an equals sign')
  const name: Expression = key.kind === 'reference' ? { kind: 'string', text: key.name } : key
  return [name, readExpression(cursor)]
}

function readFor(cursor: Cursor, closing: RegExp): ForExpression {
  const first = cursor.expect(IDENTIFIER, 'a name')
  const second = cursor.eat(/,/y) ? cursor.expect(IDENTIFIER, 'a name') : undefined
  cursor.expect(/in(?![\w-])/y, '"in"')
  const collection = readExpression(cursor)
  cursor.expect(/:/y, 'a colon')
  const outcome = readExpression(cursor)
  const value = cursor.eat(/=>/y) ? readExpression(cursor) : undefined
  const grouped = cursor.eat(/\.\.\./y) !== undefined
  const condition = cursor.eat(/if(?![\w-])/y) ? readExpression(cursor) : undefined
  cursor.expect(closing, 'a closing bracket')
  return {
    kind: 'for',
    keyName: second === undefined ? undefined : first,
    valueName: second ?? first,
    collection,
    key: value === undefined ? undefined : outcome,
    value: value ?? outcome,
    grouped,
    condition
  }
}
