import type { Assignment } from './dockerfile-assignments.js'
import { expand } from './dockerfile-expand.js'
import type { DeclaredArgument, DockerfilePlace, Findings } from './dockerfile-reading.js'
import { type GlobalScope, givenValue, type StageScope } from './dockerfile-scope.js'
import { UNKNOWN, type Value } from './dockerfile-values.js'

/** Where variables are set, and where what is said about them is noted. */
export interface VariablesContext {
  /** The variables that ARG and ENV change, and that their values may use. */
  readonly environment: GlobalScope | StageScope
  readonly globals: GlobalScope
  readonly escapeToken: string
  readonly place: DockerfilePlace
  readonly findings: Findings
}

/** Notes what the builder would refuse, where the build comes by there. */
export function noteProblem(
  { place, findings }: Pick<VariablesContext, 'place' | 'findings'>,
  message: string | undefined
): void {
  if (message === undefined || !place.reachable) return
  findings.problems.push({ line: place.line, message })
}

/** ARG. */
export function declareArgument({ name, value }: Assignment, context: VariablesContext): void {
  const { environment, globals, place, findings } = context
  const given = givenValue(globals.rules.given, name) !== undefined
  const inherited = globals.get(name) !== undefined
  environment.declare(name, given || value === undefined ? undefined : wordValue(value, context))
  findings.arguments.push({ ...place, name, value: sourceOf({ given, value, inherited }) })
}

function sourceOf(argument: {
  readonly given: boolean
  readonly value: string | undefined
  readonly inherited: boolean
}): DeclaredArgument['value'] {
  if (argument.given) return 'given'
  if (argument.value !== undefined) return 'default'
  return argument.inherited ? 'inherited' : 'none'
}

/** ENV, whose words all see the variables as they were before it. */
export function setVariables(
  assignments: readonly Assignment[],
  context: VariablesContext & { readonly environment: StageScope }
): void {
  const pairs = assignments.map(({ name, value = '' }): { name: Value; value: Value } => ({
    name: wordValue(name, context),
    value: wordValue(value, context)
  }))
  for (const { name, value } of pairs) context.environment.set(name, value)
}

function wordValue(word: string, context: VariablesContext): Value {
  const { text, unknown, error } = expand(word, context.environment, context)
  noteProblem(context, error)
  return error === undefined && unknown.length === 0 ? text : UNKNOWN
}
