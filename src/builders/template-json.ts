import { Steps } from '../chain/steps.js'
import type { Problem } from '../errors.js'
import type { Template, TemplateComponents, TemplateRequest, TemplateText } from './template.js'
import { assembleTemplate } from './template-assemble.js'
import { tooManyComponents } from './template-builds-size.js'
import { findings } from './template-component.js'
import type { GoScope } from './template-go.js'
import {
  field,
  type JsonTemplate,
  jsonBuild,
  postProcessorNodes,
  textField,
  typeOf
} from './template-json-components.js'
import {
  elements,
  type JsonNode,
  type JsonText,
  members,
  parseJsonText
} from './template-json-tree.js'
import { type ResolvedVariables, resolveUserVariables } from './template-json-variables.js'
import { placeAt } from './template-position.js'
import { known, unknown } from './template-value.js'

const ROOT_KEYS = new Set([
  'min_packer_version',
  'description',
  'builders',
  'comments',
  'push',
  'post-processors',
  'provisioners',
  'error-cleanup-provisioner',
  'variables',
  'sensitive-variables'
])

/** Characters of all texts of a template: variables that name one another twice would double with each. */
const ALL_STEPS = 20_000_000

const LISTS = ['builders', 'provisioners', 'post-processors']

/** Reads one file and notes what is wrong with it. */
class JsonReader {
  readonly problems: Problem[] = []

  constructor(readonly file: TemplateText) {}

  note(node: { readonly offset: number }, message: string): void {
    this.problems.push({ place: placeAt(this.file, node.offset), message })
  }

  checkRoot(root: JsonNode): void {
    if (root.type !== 'object') this.note(root, 'a template is an object')
    for (const { name, at, value } of members(root)) {
      if (name.startsWith('_')) {
        if (value.type !== 'string')
          this.note(value, `${name} is a comment, so it has to be a text`)
      } else if (!ROOT_KEYS.has(name.toLowerCase())) {
        this.note({ offset: at }, `${name} is no key of a template; comments begin with "_"`)
      }
    }
    for (const name of LISTS) {
      const value = field(root, name)
      if (value && value.type !== 'array') this.note(value, `${name} is a list`)
    }
  }

  checkComponents(root: JsonNode): void {
    const components = [
      ...elements(field(root, 'builders')),
      ...elements(field(root, 'provisioners')),
      ...postProcessorNodes(root)
    ]
    for (const node of components) if (!typeOf(node)) this.note(node, 'a component needs a "type"')
  }

  /** Names with their texts, null for null; what is no text is noted and left out. */
  texts(node: JsonNode | undefined, what: string): Map<string, string | null> {
    const texts = new Map<string, string | null>()
    for (const { name, value } of members(node)) {
      if (value.type === 'string') texts.set(name, value.value)
      else if (value.type === 'null') texts.set(name, null)
      else this.note(value, `${what} ${name} has to be a text`)
    }
    return texts
  }
}

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

const distinct = (types: readonly (string | undefined)[]): string[] => [
  ...new Set(types.filter(type => type !== undefined))
]

function componentsOf(root: JsonNode | undefined): TemplateComponents {
  const cleanup = field(root, 'error-cleanup-provisioner')
  return {
    builders: distinct(elements(field(root, 'builders')).map(typeOf)),
    provisioners: distinct(
      [...elements(field(root, 'provisioners')), ...(cleanup ? [cleanup] : [])].map(typeOf)
    ),
    postProcessors: distinct(postProcessorNodes(root).map(typeOf)),
    dataSources: []
  }
}

function checked(reader: JsonReader, { root, problems }: JsonText): JsonNode | undefined {
  reader.problems.push(...problems)
  if (root) reader.checkRoot(root)
  if (root) reader.checkComponents(root)
  return root
}

/** The variables of a template, and the names of the environment that they take in. */
function variablesOf(reader: JsonReader, root: JsonNode | undefined, request: TemplateRequest) {
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

/**
 * Reads a legacy JSON template.
 * @see https://developer.hashicorp.com/packer/docs/templates/legacy_json_templates
 */
export function readJsonTemplate(request: TemplateRequest): Template {
  const file = request.files[0] ?? { path: '', text: '' }
  const reader = new JsonReader(file)
  const root = checked(reader, parseJsonText(file))
  const { scope, environment, missing, problems } = variablesOf(reader, root, request)
  const template: JsonTemplate = { root, scope, place: node => placeAt(file, node.offset) }
  const builders = elements(field(root, 'builders'))
  const each = elements(field(root, 'provisioners')).length + postProcessorNodes(root).length
  const excess = tooManyComponents(builders.length * each, { file: file.path })
  const minimum = textField(root, 'min_packer_version')
  const sensitive = elements(field(root, 'sensitive-variables')).map(node => String(node.value))
  return assembleTemplate(
    {
      format: 'json',
      builds: excess ? [] : builders.map(node => jsonBuild(template, node)),
      components: componentsOf(root),
      requiredPlugins: [],
      requiredVersion: minimum && `>= ${minimum}`,
      found: findings({ environment: [...environment] }),
      unknownVariables: missing,
      sensitiveVariables: sensitive.map(name => ({ name, value: scope.user(name) })),
      problems: [...reader.problems, ...problems, ...(excess ? [excess] : [])]
    },
    { workingDirectory: request.workingDirectory, env: request.variables.env }
  )
}
