import { callFunction } from './template-hcl-calls.js'
import { elementsOf } from './template-hcl-functions.js'
import { binaryValue, conditionalValue, unaryValue } from './template-hcl-operators.js'
import type { HclScope } from './template-hcl-scope.js'
import { LARGEST, sizeOf, TOO_LARGE } from './template-hcl-size.js'
import type {
  CallExpression,
  Expression,
  ForExpression,
  TemplatePart
} from './template-hcl-syntax.js'
import { convert, readType } from './template-hcl-type.js'
import {
  type Cty,
  ctyBecause,
  ctyNumber,
  ctyString,
  ctyText,
  ctyUnknown
} from './template-hcl-value.js'

function textFrom(parts: readonly TemplatePart[], scope: HclScope): Cty {
  const [first] = parts
  if (parts.length === 1 && typeof first === 'object') return evaluate(first, scope)
  const values = parts.map(part =>
    typeof part === 'string' ? ctyString(part) : evaluate(part, scope)
  )
  let text = ''
  for (const value of values) {
    const part = ctyText(value)
    if (text.length > LARGEST) break
    if (part.known) {
      text += part.text
      continue
    }
    const { value: cause } = ctyBecause(part.why, values)
    return { kind: 'unknown', value: { ...cause, start: text + (part.start ?? '') } }
  }
  return ctyString(text)
}

function attributeOf(of: Expression, name: string, scope: HclScope): Cty {
  if (of.kind === 'reference' && !scope.symbols.has(of.name)) {
    return scope.member(of.name, name) ?? ctyUnknown(`there is no ${of.name}.${name}`)
  }
  const value = evaluate(of, scope)
  if (value.kind !== 'object')
    return ctyBecause(`a ${value.kind} has no attribute ${name}`, [value])
  return value.entries.get(name) ?? ctyUnknown(`there is no attribute ${name}`)
}

function indexOf(of: Expression, key: Expression, scope: HclScope): Cty {
  const value = evaluate(of, scope)
  const at = evaluate(key, scope)
  const text = ctyText(at)
  if (!text.known) return ctyBecause(text.why, [at, value])
  const found =
    value.kind === 'list'
      ? value.items[/^\d+$/.test(text.text) ? Number(text.text) : -1]
      : value.kind === 'object'
        ? value.entries.get(text.text)
        : undefined
  return found ?? ctyBecause(`there is no element ${text.text}`, [value])
}

function callOf(call: CallExpression, scope: HclScope): Cty {
  if (call.name === 'convert') return convertedBy(call, scope)
  const given = call.arguments.map(argument => evaluate(argument, scope))
  if (!call.spread) return callFunction(call.name, given, scope)
  const last = given.at(-1)
  if (last?.kind !== 'list') return ctyBecause('only a list can be spread', given)
  return callFunction(call.name, [...given.slice(0, -1), ...last.items], scope)
}

/** The second argument of `convert` is a type. */
function convertedBy({ arguments: [value, wanted] }: CallExpression, scope: HclScope): Cty {
  const type = wanted && readType(wanted)
  const given = value ? evaluate(value, scope) : ctyUnknown('no value')
  return type ? convert(given, type) : ctyBecause('a type is left to Packer', [given])
}

/** Steps for each element of a `for`, which takes a scope. */
const ELEMENT = 100

/** The scopes in which a `for` goes over its elements; undefined where that is not certain. */
function loopScopes(
  expression: ForExpression,
  collection: Cty,
  scope: HclScope
): HclScope[] | undefined {
  const elements = elementsOf(collection)
  if (!scope.steps.spend(ELEMENT * (elements?.length ?? 0))) return undefined
  const scopes = elements?.map(([key, item]): HclScope => {
    const symbols = new Map(scope.symbols).set(expression.valueName, item)
    if (expression.keyName !== undefined) symbols.set(expression.keyName, key)
    return { ...scope, symbols }
  })
  const { condition } = expression
  if (!scopes || !condition) return scopes
  const wanted = scopes.map(inner => evaluate(condition, inner))
  if (wanted.some(({ kind }) => kind !== 'bool')) return undefined
  return scopes.filter((_, at) => isTrue(wanted[at]))
}

/** What the parts of a `for` come to while its names stand for nothing: what changes, shows. */
function blindly(expression: ForExpression, scope: HclScope): Cty[] {
  const { keyName, valueName, key, value, condition } = expression
  const nothing = ctyUnknown('an element of a for')
  const symbols = new Map(scope.symbols).set(valueName, nothing).set(keyName ?? valueName, nothing)
  return [key, value, condition].flatMap(part =>
    part ? [evaluate(part, { ...scope, symbols })] : []
  )
}

const isTrue = (value: Cty | undefined): boolean => value?.kind === 'bool' && value.on

function forOf(expression: ForExpression, scope: HclScope): Cty {
  const collection = evaluate(expression.collection, scope)
  const scopes = expression.grouped ? undefined : loopScopes(expression, collection, scope)
  const { key, value } = expression
  if (!scopes)
    return ctyBecause('a for expression is left to Packer', [
      collection,
      ...blindly(expression, scope)
    ])
  if (!key) return { kind: 'list', items: scopes.map(inner => evaluate(value, inner)) }
  const entries = scopes.map(inner => [evaluate(key, inner), evaluate(value, inner)] as const)
  const names = entries.flatMap(([name]) => (name.kind === 'string' ? [name.text] : []))
  if (new Set(names).size < entries.length)
    return ctyBecause('a key of a for is left to Packer', entries.flat())
  const values = entries.map(([, item], at): [string, Cty] => [names[at] ?? '', item])
  return { kind: 'object', entries: new Map(values) }
}

function objectOf(entries: readonly (readonly [Expression, Expression])[], scope: HclScope): Cty {
  const object = new Map<string, Cty>()
  for (const [key, value] of entries) {
    const name = ctyText(evaluate(key, scope))
    const content = evaluate(value, scope)
    if (!name.known) return ctyBecause(name.why, [{ kind: 'unknown', value: name }, content])
    object.set(name.text, content)
  }
  return { kind: 'object', entries: object }
}

function referenceOf(name: string, scope: HclScope): Cty {
  return scope.symbols.get(name) ?? ctyUnknown(`${name} alone is no value`)
}

/**
 * What an expression comes to: unknown where that is not certain, or too large to be held; never
 * wrong.
 */
export function evaluate(expression: Expression, scope: HclScope): Cty {
  if (!scope.steps.spend(1)) return ctyUnknown(TOO_LARGE)
  const value = evaluated(expression, scope)
  const size = sizeOf(value)
  return size <= LARGEST && scope.steps.spend(size) ? value : ctyUnknown(TOO_LARGE)
}

function evaluated(expression: Expression, scope: HclScope): Cty {
  switch (expression.kind) {
    case 'string':
      return ctyString(expression.text)
    case 'number':
      return ctyNumber(expression.text)
    case 'bool':
    case 'null':
      return expression
    case 'template':
      return textFrom(expression.parts, scope)
    case 'reference':
      return referenceOf(expression.name, scope)
    case 'attribute':
      return attributeOf(expression.of, expression.name, scope)
    case 'index':
      return indexOf(expression.of, expression.key, scope)
    case 'call':
      return callOf(expression, scope)
    case 'list':
      return { kind: 'list', items: expression.items.map(item => evaluate(item, scope)) }
    case 'object':
      return objectOf(expression.entries, scope)
    case 'for':
      return forOf(expression, scope)
    case 'unary':
      return unaryValue(expression.operator, evaluate(expression.operand, scope))
    case 'binary':
      return binaryValue(
        expression.operator,
        evaluate(expression.left, scope),
        evaluate(expression.right, scope)
      )
    case 'conditional':
      return conditionalValue(
        evaluate(expression.condition, scope),
        evaluate(expression.yes, scope),
        evaluate(expression.no, scope)
      )
    case 'unsupported':
      return ctyBecause(
        `${expression.what} is left to Packer`,
        expression.of.map(part => evaluate(part, scope))
      )
  }
}
