import type { Problem } from '../errors.js'
import { Steps } from '../steps.js'
import type { TemplateRequest } from './template.js'
import type { GoScope } from './template-go.js'
import { field } from './template-json-components.js'
import { JsonReader } from './template-json-reader.js'
import { type JsonNode, parseJsonText } from './template-json-tree.js'
import { type ResolvedVariables, resolveUserVariables } from './template-json-variables.js'
import { known, unknown } from './template-value.js'

/** Characters of all texts of a template: variables that name one another twice would double with each. */
const ALL_STEPS = 20_000_000

interface GivenVariables {
  readonly values: Map<string, string>
  readonly problems: readonly Problem[]
}

/** Values of var-files, later ones first to go, and of `-var`, which wins. */
function givenVariables({ variables }: TemplateRequest): GivenVariables {
  const values = new Map<string, string>()
  const problems: Problem[] = []
  for (const file of variables.files) {
    const { root, problems: syntax } = parseJsonText(file)
    const reader = new JsonReader(file)
    for (const [name, text] of reader.texts(root, 'variable')) values.set(name, text ?? '')
    problems.push(...syntax, ...reader.problems)
  }
  for (const [name, text] of variables.cli) values.set(name, text)
  return { values, problems }
}

/** Names in calls of `env` that could not be evaluated. */
function environmentNames(texts: readonly string[]): string[] {
  return texts.flatMap(text =>
    [...text.matchAll(/\benv\s+[`"]([^`"]+)[`"]/g)].map(([, name = '']) => name)
  )
}

function userScope(
  scope: Omit<GoScope, 'user'>,
  resolved: ResolvedVariables,
  trusted: boolean
): GoScope {
  const { env: _, ...rest } = scope
  if (resolved.failed)
    return { ...rest, user: () => unknown('a variable calls one that is not set') }
  if (!trusted) return { ...rest, user: () => unknown('a file of variables cannot be read') }
  return { ...rest, user: name => resolved.values.get(name) ?? known('') }
}

/** The variables of a template, and the names of the environment that they take in. */
export function variablesOf(
  reader: JsonReader,
  root: JsonNode | undefined,
  request: TemplateRequest
) {
  const given = givenVariables(request)
  const declared = reader.texts(field(root, 'variables'), 'variable')
  const environment = new Set(environmentNames([...declared.values()].map(text => text ?? '')))
  const scope: Omit<GoScope, 'user'> = {
    steps: new Steps(ALL_STEPS),
    workingDirectory: request.workingDirectory,
    templateDirectory: request.templateDirectory,
    env: name => {
      environment.add(name)
      const { env } = request.variables
      return known(Object.hasOwn(env, name) ? (env[name] ?? '') : '')
    }
  }
  const resolved = resolveUserVariables({ declared, given: given.values, scope })
  const user = userScope(scope, resolved, given.problems.length === 0)
  return { scope: user, environment, missing: resolved.missing, problems: given.problems }
}
