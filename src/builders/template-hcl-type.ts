import type { Expression } from './template-hcl-syntax.js'
import {
  type Cty,
  ctyBecause,
  ctyNumber,
  ctyString,
  ctyText,
  ctyUnknown
} from './template-hcl-value.js'

/** A type constraint of a variable. */
export type CtyType =
  | { readonly kind: 'string' | 'number' | 'bool' | 'any' }
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: CtyType }
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, CtyType> }
  | { readonly kind: 'tuple'; readonly items: readonly CtyType[] }

const ANY: CtyType = { kind: 'any' }

const isSimple = (name: string): name is 'string' | 'number' | 'bool' | 'any' =>
  /^(string|number|bool|any)$/.test(name)

const isCollection = (name: string): name is 'list' | 'set' | 'map' => /^(list|set|map)$/.test(name)

/** The type that an expression such as `list(string)` names; undefined for one that is not read here. */
export function readType(expression: Expression): CtyType | undefined {
  if (expression.kind === 'reference') {
    return isSimple(expression.name) ? { kind: expression.name } : undefined
  }
  if (expression.kind !== 'call') return undefined
  const [argument] = expression.arguments
  if (argument && isCollection(expression.name)) {
    const of = readType(argument)
    return of && { kind: expression.name, of }
  }
  if (expression.name === 'object' && argument?.kind === 'object') return readObjectType(argument)
  if (expression.name === 'tuple' && argument?.kind === 'list') return readTupleType(argument.items)
  return undefined
}

function readObjectType(object: Extract<Expression, { kind: 'object' }>): CtyType | undefined {
  const fields = new Map<string, CtyType>()
  for (const [key, value] of object.entries) {
    const type = readType(value)
    if (key.kind !== 'string' || !type) return undefined
    fields.set(key.text, type)
  }
  return { kind: 'object', fields }
}

function readTupleType(expressions: readonly Expression[]): CtyType | undefined {
  const items = expressions.map(readType)
  return items.every(item => item !== undefined) ? { kind: 'tuple', items } : undefined
}

/** The type of a value, which a variable with no type takes from its default. */
export function typeOfValue(value: Cty): CtyType {
  switch (value.kind) {
    case 'string':
    case 'number':
    case 'bool':
      return { kind: value.kind }
    case 'list':
      return { kind: 'tuple', items: value.items.map(typeOfValue) }
    case 'object':
      return {
        kind: 'object',
        fields: new Map([...value.entries].map(([name, field]) => [name, typeOfValue(field)]))
      }
    default:
      return ANY
  }
}

/** Whether elements are all of one kind, so that no conversion among them is needed. */
const uniform = (items: readonly Cty[]): boolean =>
  new Set(items.map(item => item.kind)).size <= 1 &&
  items.every(item => item.kind !== 'list' && item.kind !== 'object')

function convertItems(items: readonly Cty[], of: CtyType): readonly Cty[] | undefined {
  if (of.kind === 'any') return uniform(items) ? items : undefined
  return items.map(item => convert(item, of))
}

/** A set of texts is in order, each once. */
function asSet(items: readonly Cty[]): Cty {
  const texts = items.map(item => (item.kind === 'string' ? item.text : undefined))
  if (texts.some(text => text === undefined)) return ctyBecause('a set of other than texts', items)
  const sorted = [...new Set(texts.map(text => text ?? ''))].sort()
  return { kind: 'list', items: sorted.map(ctyString) }
}

function convertSimple(value: Cty, kind: 'string' | 'number' | 'bool'): Cty {
  if (value.kind === kind) return value
  const text = ctyText(value)
  if (!text.known) return { kind: 'unknown', value: text }
  if (kind === 'string') return ctyString(text.text)
  if (kind === 'number' && value.kind === 'string' && /^-?\d+(\.\d+)?$/.test(text.text)) {
    return ctyNumber(text.text)
  }
  if (kind === 'bool' && /^(true|false)$/.test(text.text)) {
    return { kind: 'bool', on: text.text === 'true' }
  }
  return ctyUnknown(`${text.text} is no ${kind}`)
}

function convertObject(
  entries: ReadonlyMap<string, Cty>,
  fields: ReadonlyMap<string, CtyType>
): Cty {
  const converted = new Map<string, Cty>()
  for (const [name, type] of fields) {
    const value = entries.get(name)
    if (!value) return ctyUnknown(`the attribute ${name} is missing`)
    converted.set(name, convert(value, type))
  }
  return { kind: 'object', entries: converted }
}

function convertMap(entries: ReadonlyMap<string, Cty>, of: CtyType): Cty {
  const items = convertItems([...entries.values()], of)
  if (!items) return ctyBecause('a map of different kinds', [...entries.values()])
  const names = [...entries.keys()]
  const pairs = names.map((name, at): [string, Cty] => [name, items[at] ?? { kind: 'null' }])
  return { kind: 'object', entries: new Map(pairs) }
}

function convertList(items: readonly Cty[], type: CtyType): Cty {
  if (type.kind === 'tuple') {
    if (type.items.length !== items.length) return ctyUnknown('a list of another length')
    return { kind: 'list', items: items.map((item, at) => convert(item, type.items[at] ?? ANY)) }
  }
  if (type.kind !== 'list' && type.kind !== 'set') return ctyUnknown(`a list is no ${type.kind}`)
  const converted = convertItems(items, type.of)
  if (!converted) return ctyBecause('a list of different kinds', items)
  return type.kind === 'set' ? asSet(converted) : { kind: 'list', items: converted }
}

/** A value as a variable of a type holds it. */
export function convert(value: Cty, type: CtyType): Cty {
  if (type.kind === 'any' || value.kind === 'null' || value.kind === 'unknown') return value
  if (type.kind === 'string' || type.kind === 'number' || type.kind === 'bool') {
    return convertSimple(value, type.kind)
  }
  if (value.kind === 'list') return convertList(value.items, type)
  if (value.kind !== 'object') return ctyUnknown(`a ${value.kind} is no ${type.kind}`)
  if (type.kind === 'object') return convertObject(value.entries, type.fields)
  if (type.kind === 'map') return convertMap(value.entries, type.of)
  return ctyUnknown(`an object is no ${type.kind}`)
}
