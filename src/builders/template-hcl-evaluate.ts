import { resolve } from 'node:path'
import type { TemplateInput } from './template.js'
import { callPure, sortedEntries } from './template-hcl-functions.js'
import { binaryValue, conditionalValue, unaryValue } from './template-hcl-operators.js'
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
import { changing, mapped, type Value } from './template-value.js'

/** What an expression can refer to and call where it stands. */
export interface HclScope {
  /** `var.NAME`, `local.NAME` and their like; undefined where there is none of that name. */
  readonly member: (root: string, name: string) => Cty | undefined
  /** Names of a `for`. */
  readonly symbols: ReadonlyMap<string, Cty>
  /** Defaults of variables can call `env` alone, files of variables nothing. */
  readonly calls: 'all' | 'env' | 'none'
  readonly env: (name: string) => string
  /** Told of every file that a function reads. */
  readonly reads: (kind: TemplateInput['kind'], path: Value, because: string) => void
  readonly workingDirectory: string
  readonly templateDirectory: string
}

const SERVICES = /^(consul_key|vault|aws_secretsmanager|aws_secretsmanager_raw)$/
const TIMES = /^(timestamp|uuidv4|bcrypt|legacy_isotime|legacy_strftime)$/

const FILES: Readonly<Record<string, TemplateInput['kind'] | undefined>> = {
  file: 'file',
  filebase64: 'file',
  templatefile: 'file',
  fileexists: 'file-or-folder',
  fileset: 'folder'
}

function textFrom(parts: readonly TemplatePart[], scope: HclScope): Cty {
  const [first] = parts
  if (parts.length === 1 && typeof first === 'object') return evaluate(first, scope)
  const values = parts.map(part =>
    typeof part === 'string' ? ctyString(part) : evaluate(part, scope)
  )
  let text = ''
  for (const value of values) {
    const part = ctyText(value)
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
  if (value.kind !== 'object') return ctyBecause(`an attribute ${name} of a ${value.kind}`, [value])
  return value.entries.get(name) ?? ctyUnknown(`there is no attribute ${name}`)
}

function indexOf(of: Expression, key: Expression, scope: HclScope): Cty {
  const value = evaluate(of, scope)
  const at = evaluate(key, scope)
  const text = ctyText(at)
  if (!text.known) return ctyBecause(text.why, [at])
  const found =
    value.kind === 'list'
      ? value.items[/^\d+$/.test(text.text) ? Number(text.text) : -1]
      : value.kind === 'object'
        ? value.entries.get(text.text)
        : undefined
  return found ?? ctyBecause(`there is no element ${text.text}`, [value])
}

function readFile(
  kind: TemplateInput['kind'],
  name: string,
  args: readonly Cty[],
  scope: HclScope
): Cty {
  const path = args[0] ? ctyText(args[0]) : ctyText(ctyUnknown('no path'))
  const absolute = mapped(path, text => resolve(scope.templateDirectory, text))
  scope.reads(kind, absolute, `function ${name}`)
  return ctyBecause(`${name} reads a file`, args)
}

function callOf(call: CallExpression, scope: HclScope): Cty {
  const { name } = call
  if (name === 'convert') return convertedBy(call, scope)
  const given = call.arguments.map(argument => evaluate(argument, scope))
  const last = given.at(-1)
  const args = call.spread && last?.kind === 'list' ? [...given.slice(0, -1), ...last.items] : given
  if (call.spread && last?.kind !== 'list') return ctyBecause('a spread of no list', given)
  if (name === 'env' && scope.calls === 'env') return environmentValue(args, scope)
  if (scope.calls !== 'all') return ctyBecause(`${name} cannot be called here`, args)
  if (SERVICES.test(name)) return { kind: 'unknown', value: changing(`${name} asks a service`) }
  if (TIMES.test(name)) return { kind: 'unknown', value: changing(`${name} changes each time`) }
  const reads = Object.hasOwn(FILES, name) ? FILES[name] : undefined
  return reads ? readFile(reads, name, args, scope) : callPure(name, args, scope.workingDirectory)
}

function environmentValue([name]: readonly Cty[], scope: HclScope): Cty {
  return name?.kind === 'string' ? ctyString(scope.env(name.text)) : ctyUnknown('the name for env')
}

/** The second argument of `convert` is a type. */
function convertedBy({ arguments: [value, wanted] }: CallExpression, scope: HclScope): Cty {
  const type = wanted && readType(wanted)
  const given = value ? evaluate(value, scope) : ctyUnknown('no value')
  return type ? convert(given, type) : ctyBecause('a type that this program does not read', [given])
}

/** Key and value of each element of a collection. */
function elementsOf(value: Cty): readonly (readonly [Cty, Cty])[] | undefined {
  if (value.kind === 'list') return value.items.map((item, at) => [ctyNumber(String(at)), item])
  if (value.kind !== 'object') return undefined
  return sortedEntries(value.entries).map(([name, item]) => [ctyString(name), item])
}

function forOf(expression: ForExpression, scope: HclScope): Cty {
  const collection = evaluate(expression.collection, scope)
  const elements = elementsOf(collection)
  if (!elements || expression.grouped) return ctyBecause('a for expression', [collection])
  const list: Cty[] = []
  const map = new Map<string, Cty>()
  for (const [key, item] of elements) {
    const symbols = new Map(scope.symbols).set(expression.valueName, item)
    if (expression.keyName !== undefined) symbols.set(expression.keyName, key)
    const inner = { ...scope, symbols }
    const wanted = expression.condition ? evaluate(expression.condition, inner) : undefined
    if (wanted && wanted.kind !== 'bool') return ctyBecause('the condition of a for', [wanted])
    if (wanted?.kind === 'bool' && !wanted.on) continue
    const value = evaluate(expression.value, inner)
    if (!expression.key) list.push(value)
    else {
      const name = ctyText(evaluate(expression.key, inner))
      if (!name.known || map.has(name.text))
        return ctyBecause('a key of a for', [collection, value])
      map.set(name.text, value)
    }
  }
  return expression.key ? { kind: 'object', entries: map } : { kind: 'list', items: list }
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

/** What an expression comes to: unknown where that is not certain, never wrong. */
export function evaluate(expression: Expression, scope: HclScope): Cty {
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
        `${expression.what} is not evaluated`,
        expression.of.map(part => evaluate(part, scope))
      )
  }
}
