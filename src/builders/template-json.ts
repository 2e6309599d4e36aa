import type { Template, TemplateComponents, TemplateRequest } from './template.js'
import { assembleTemplate } from './template-assemble.js'
import { tooManyComponents } from './template-builds-size.js'
import { findings } from './template-component.js'
import {
  field,
  type JsonTemplate,
  jsonBuild,
  postProcessorNodes,
  textField,
  typeOf
} from './template-json-components.js'
import { JsonReader } from './template-json-reader.js'
import { variablesOf } from './template-json-scope.js'
import { elements, type JsonNode, type JsonText, parseJsonText } from './template-json-tree.js'
import { placeAt } from './template-position.js'

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
