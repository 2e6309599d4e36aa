import type { Steps } from '../steps.js'
import { callGoFunction, type GoArgument } from './template-go-functions.js'
import {
  type GoOperand,
  type GoPart,
  type GoPipeline,
  parseGoTemplate
} from './template-go-parse.js'
import { blame, changing, joined, known, TOO_LONG, unknown, type Value } from './template-value.js'

/** What the functions of a legacy template answer where a text stands. */
export interface GoScope {
  /** A user variable. */
  readonly user: (name: string) => Value
  /** An environment variable; undefined where Packer allows none. */
  readonly env?: ((name: string) => Value) | undefined
  readonly workingDirectory: string
  readonly templateDirectory?: string | undefined
  readonly buildName?: Value | undefined
  readonly buildType?: string | undefined
  /** What may still be spent on the texts of the template. */
  readonly steps?: Steps | undefined
  /** Fields such as `Image` that stay as they are, for Packer fills them in later. */
  readonly fields?: readonly string[] | undefined
}

function operandValue(operand: GoOperand, scope: GoScope): GoArgument {
  switch (operand.kind) {
    case 'text':
      return known(operand.text)
    case 'number':
      return operand.number
    case 'field':
      return scope.fields?.includes(operand.name)
        ? known(`{{.${operand.name}}}`)
        : unknown(`{{.${operand.name}}} is not known before the build`)
    case 'name':
      return callGoFunction(operand.name, [], scope)
    case 'group':
      return pipelineValue(operand.pipeline, scope)
  }
}

function commandValue(
  operands: readonly GoOperand[],
  piped: readonly GoArgument[],
  scope: GoScope
): GoArgument {
  const [first, ...rest] = operands
  if (!first) return unknown('an empty command')
  const args = [...rest.map(operand => operandValue(operand, scope)), ...piped]
  if (first.kind === 'name') return callGoFunction(first.name, args, scope)
  return args.length === 0 ? operandValue(first, scope) : unknown('a value that is called')
}

function pipelineValue(pipeline: GoPipeline, scope: GoScope): GoArgument {
  let piped: GoArgument[] = []
  for (const command of pipeline) piped = [commandValue(command, piped, scope)]
  return piped[0] ?? unknown('an empty action')
}

function partValue(part: GoPart, scope: GoScope): Value {
  if (typeof part === 'string') return known(part)
  const value = pipelineValue(part, scope)
  return typeof value === 'number' ? known(String(value)) : value
}

const VOLATILE = /\b(?:(?:uuid|isotime|timestamp|strftime|consul_key|vault)\b|aws_secretsmanager)/

/** A text that is not evaluated here may still call what changes each time. */
function leftToPacker(text: string, scope: GoScope): Value {
  const volatile = VOLATILE.exec(text)?.[0]
  const used = [...text.matchAll(/\buser\s+[`"]([^`"]*)[`"]/g)].map(([, name = '']) =>
    scope.user(name)
  )
  const causes = used.filter(value => !value.known).filter(value => value.changing)
  if (volatile) return changing(`${volatile} changes each time`)
  return causes.length > 0 ? blame(causes) : unknown(`${text} is left to Packer`)
}

/** One pass of Packer's template engine over a text. */
export function renderGo(text: string, scope: GoScope): Value {
  if (!text.includes('{{')) return known(text)
  const parts = parseGoTemplate(text)
  if (!parts) return leftToPacker(text, scope)
  const value = joined(parts.map(part => partValue(part, scope)))
  const length = value.known ? value.text.length : 0
  return !scope.steps || scope.steps.spend(length) ? value : unknown(TOO_LONG)
}

/** Passes over a text until nothing changes, as Packer does with `run_command`. */
export function renderGoFully(text: string, scope: GoScope): Value {
  let current = text
  for (let pass = 0; pass < 10; pass += 1) {
    const next = renderGo(current, scope)
    if (!next.known || next.text === current) return next
    current = next.text
  }
  return unknown(`${text} never comes to an end`)
}

/** Fields that Packer fills in when a shell provisioner runs. */
const COMMAND_FIELDS = ['Path', 'Vars', 'EnvVarFile']

/** The engines of fields whose `{{.Path}}` and the like stay as they are, for they differ by script. */
export function commandRenders(scope: GoScope) {
  return {
    execute_command: (text: string) => renderGo(text, { ...scope, fields: COMMAND_FIELDS })
  }
}
