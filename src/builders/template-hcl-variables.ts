import type { Place } from '../errors.js'
import type { TemplateText } from './template.js'
import { type HclText, parseHcl } from './template-hcl-body.js'
import type { HclContext } from './template-hcl-context.js'
import { Cursor, HclSyntaxError } from './template-hcl-cursor.js'
import { evaluate } from './template-hcl-evaluate.js'
import { readExpression } from './template-hcl-expression.js'
import { parseHclJsonValues } from './template-hcl-json.js'
import type { HclAttribute, HclBlock, HclBody } from './template-hcl-syntax.js'
import { type CtyType, convert, readType, typeOfValue } from './template-hcl-type.js'
import { type Cty, ctyString, ctyUnknown } from './template-hcl-value.js'

/** An input variable with the value that Packer would give it. */
export interface HclVariable {
  readonly name: string
  readonly value: Cty
  /** Nothing gives it a value. */
  readonly missing: boolean
  readonly sensitive: boolean
}

interface Declaration {
  readonly name: string
  readonly place: Place
  readonly fallback: Cty | undefined
  /** `unset`: none written; `unread`: one that this program does not read. */
  readonly type: CtyType | 'unset' | 'unread'
  /** Declared in a `variables` block. */
  readonly brief: boolean
  readonly sensitive: boolean
}

/** A type in HCL's JSON form is a text. */
function typeIn(attribute: HclAttribute | undefined): Declaration['type'] {
  if (!attribute) return 'unset'
  const { expression } = attribute
  if (expression.kind !== 'string') return readType(expression) ?? 'unread'
  return readType(parsed(expression.text) ?? { kind: 'null' }) ?? 'unread'
}

function parsed(text: string) {
  try {
    const cursor = new Cursor(text)
    const expression = readExpression(cursor)
    return cursor.sees(/\s*$/y) ? expression : undefined
  } catch (error) {
    if (error instanceof HclSyntaxError) return undefined
    throw error
  }
}

function declaration(block: HclBlock, context: HclContext): Declaration {
  const { attributes } = block.body
  const fallback = attributes.get('default')
  const type = typeIn(attributes.get('type'))
  const value = fallback && evaluate(fallback.expression, context.scope(fallback.place, {}, 'env'))
  const sensitive = attributes.get('sensitive')?.expression
  return {
    name: block.labels[0] ?? '',
    place: block.place,
    fallback: value && converted(value, type),
    type,
    brief: false,
    sensitive: sensitive?.kind === 'bool' && sensitive.on
  }
}

function briefDeclarations(block: HclBlock, context: HclContext): Declaration[] {
  return [...block.body.attributes].map(([name, { expression, place }]) => ({
    name,
    place,
    fallback: evaluate(expression, context.scope(place, {}, 'env')),
    type: 'unset',
    brief: true,
    sensitive: false
  }))
}

function declarations(bodies: readonly HclBody[], context: HclContext): Declaration[] {
  return bodies
    .flatMap(body => body.blocks)
    .flatMap(block => {
      if (block.type === 'variable') return [declaration(block, context)]
      return block.type === 'variables' ? briefDeclarations(block, context) : []
    })
}

function converted(value: Cty, type: Declaration['type']): Cty {
  if (type === 'unread') return ctyUnknown('a type that this program does not read')
  return type === 'unset' ? value : convert(value, type)
}

const isEmpty = (value: Cty): boolean =>
  (value.kind === 'list' && value.items.length === 0) ||
  (value.kind === 'object' && value.entries.size === 0)

/** The type that a value from outside has to have; undefined where versions of Packer differ. */
function wantedType({ type, fallback, brief }: Declaration): Declaration['type'] | undefined {
  if (type !== 'unset') return type
  if (!fallback) return 'unset'
  if (brief && fallback.kind !== 'string') return undefined
  return fallback.kind === 'null' || isEmpty(fallback) ? undefined : typeOfValue(fallback)
}

const DIFFERS = 'versions of Packer differ in how they read this value'

/** A text from the command line or the environment: as it stands, or an expression, by the type. */
function textValue(text: string, declared: Declaration): Cty {
  const type = wantedType(declared)
  if (type === undefined) return ctyUnknown(DIFFERS)
  if (type === 'unset') return ctyString(text)
  if (type === 'unread' || type.kind === 'any') return ctyUnknown(DIFFERS)
  if (type.kind === 'string' || type.kind === 'number') return convert(ctyString(text), type)
  const expression = parsed(text)
  if (!expression) return ctyUnknown(`${text} is no expression`)
  return convert(evaluate(expression, SEALED), type)
}

const SEALED = {
  member: () => undefined,
  symbols: new Map<string, Cty>(),
  calls: 'none' as const,
  env: () => '',
  reads: () => {},
  workingDirectory: '/',
  templateDirectory: '/'
}

/** The values that a file of variables sets. */
interface VariableFile {
  readonly json: boolean
  readonly auto: boolean
  readonly values: ReadonlyMap<string, HclAttribute>
}

const isJson = (file: TemplateText): boolean => file.path.endsWith('.json')

function variableFile(file: TemplateText, auto: boolean, context: HclContext): VariableFile {
  const text: HclText = isJson(file) ? parseHclJsonValues(file) : parseHcl(file)
  context.problems.push(...text.problems)
  return { json: isJson(file), auto, values: text.body?.attributes ?? new Map() }
}

/** The files in the order of older versions (all HCL first), and of newer ones (found ones first). */
function fileOrders(files: readonly VariableFile[]): readonly (readonly VariableFile[])[] {
  const found = files.filter(file => file.auto)
  const byFormat = (list: readonly VariableFile[]) => [
    ...list.filter(file => !file.json),
    ...list.filter(file => file.json)
  ]
  return [byFormat(files), [...byFormat(found), ...files.filter(file => !file.auto)]]
}

function fileValue(
  declared: Declaration,
  files: readonly VariableFile[],
  context: HclContext
): Cty | undefined {
  const set = files.flatMap(file => file.values.get(declared.name) ?? []).at(-1)
  if (!set) return undefined
  const type = wantedType(declared)
  const value = evaluate(set.expression, context.literal(set.place))
  return type === undefined ? ctyUnknown(DIFFERS) : converted(value, type)
}

function valueOf(
  declared: Declaration,
  files: readonly VariableFile[],
  context: HclContext
): Cty | undefined {
  const { cli, env } = context.request.variables
  const variable = `PKR_VAR_${declared.name}`
  context.environment.add(variable)
  const option = cli.get(declared.name)
  if (option !== undefined) return textValue(option, declared)
  const [older, newer] = fileOrders(files).map(order => fileValue(declared, order, context))
  if (older && newer) return sameValue(older, newer) ? newer : ctyUnknown(DIFFERS)
  const environment = env[variable]
  return environment === undefined ? declared.fallback : textValue(environment, declared)
}

const sameValue = (a: Cty, b: Cty): boolean => plain(a) === plain(b)

const plain = (value: Cty): string =>
  JSON.stringify(value, (_, inner) => (inner instanceof Map ? [...inner] : inner))

function noteNames(declared: readonly Declaration[], context: HclContext): void {
  const names = declared.map(({ name }) => name)
  declared.forEach(({ name, place }, at) => {
    if (names.indexOf(name) < at) {
      context.problems.push({ place, message: `variable ${name} stands twice` })
    }
  })
  for (const name of context.request.variables.cli.keys()) {
    if (!names.includes(name)) {
      context.problems.push({ message: `-var sets ${name}, which the template does not declare` })
    }
  }
}

/** Input variables with their values: `-var`, then files of variables, then `PKR_VAR_…`, then the default. */
export function resolveVariables(
  bodies: readonly HclBody[],
  autoFiles: readonly TemplateText[],
  context: HclContext
): ReadonlyMap<string, HclVariable> {
  const declared = declarations(bodies, context)
  noteNames(declared, context)
  const files = [
    ...autoFiles.map(file => variableFile(file, true, context)),
    ...context.request.variables.files.map(file => variableFile(file, false, context))
  ]
  return new Map(
    declared.map(one => {
      const value = valueOf(one, files, context)
      const missing = value === undefined
      const { name, sensitive } = one
      const why = `variable ${name} needs a value`
      return [name, { name, value: value ?? ctyUnknown(why), missing, sensitive }]
    })
  )
}
