import type { TemplateText } from './template.js'
import type { HclContext } from './template-hcl-context.js'
import {
  converted,
  type Declaration,
  declarations,
  parsedExpression,
  wantedType
} from './template-hcl-declarations.js'
import { evaluate } from './template-hcl-evaluate.js'
import { evaluationSteps } from './template-hcl-size.js'
import type { HclBody } from './template-hcl-syntax.js'
import { convert } from './template-hcl-type.js'
import { type Cty, ctyString, ctyUnknown } from './template-hcl-value.js'
import { fileOrders, type VariableFile, variableFile } from './template-hcl-variable-files.js'

/** An input variable with the value that Packer would give it. */
export interface HclVariable {
  readonly name: string
  readonly value: Cty
  /** Nothing gives it a value. */
  readonly missing: boolean
  readonly sensitive: boolean
}

const DIFFERS = 'versions of Packer read its value differently'

/** A text from the command line or the environment: as it stands, or an expression, by the type. */
function textValue(text: string, declared: Declaration): Cty {
  const type = wantedType(declared)
  if (type === undefined) return ctyUnknown(DIFFERS)
  if (type === 'unset') return ctyString(text)
  if (type === 'unread' || type.kind === 'any') return ctyUnknown(DIFFERS)
  if (type.kind === 'string' || type.kind === 'number') return convert(ctyString(text), type)
  const expression = parsedExpression(text)
  if (!expression) return ctyUnknown(`${text} is no expression`)
  return convert(evaluate(expression, sealed()), type)
}

const sealed = () => ({
  member: () => undefined,
  symbols: new Map<string, Cty>(),
  calls: 'none' as const,
  env: () => '',
  reads: () => {},
  workingDirectory: '/',
  templateDirectory: '/',
  steps: evaluationSteps()
})

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

function effectiveValue(
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
      const value = effectiveValue(one, files, context)
      const missing = value === undefined
      const { name, sensitive } = one
      const why = `variable ${name} needs a value`
      return [name, { name, value: value ?? ctyUnknown(why), missing, sensitive }]
    })
  )
}
