import { basename } from 'node:path'
import type { Problem } from '../errors.js'
import type {
  RequiredPlugin,
  Template,
  TemplateComponents,
  TemplateRequest,
  TemplateText
} from './template.js'
import { assembleTemplate } from './template-assemble.js'
import { findings } from './template-component.js'
import { parseHcl } from './template-hcl-body.js'
import { postProcessorBlocks } from './template-hcl-builds.js'
import { HclContext, type Members } from './template-hcl-context.js'
import { evaluate } from './template-hcl-evaluate.js'
import { parseHclJson } from './template-hcl-json.js'
import { type Locals, resolveLocals } from './template-hcl-locals.js'
import { BuildsReader } from './template-hcl-sources.js'
import type { HclBlock, HclBody } from './template-hcl-syntax.js'
import { ctyText, stringIn } from './template-hcl-value.js'
import { type HclVariable, resolveVariables } from './template-hcl-variables.js'

const AUTO = /\.auto\.pkrvars\.(hcl|json)$/

/** Files as Packer goes over a folder: HCL before JSON, each by name. */
function inOrder(files: readonly TemplateText[]): TemplateText[] {
  const rank = ({ path }: TemplateText) => `${path.endsWith('.json') ? 1 : 0}${basename(path)}`
  return files.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function readBodies(files: readonly TemplateText[], context: HclContext): HclBody[] {
  return inOrder(files).flatMap(file => {
    const { body, problems } = file.path.endsWith('.json') ? parseHclJson(file) : parseHcl(file)
    context.problems.push(...problems)
    return body ? [body] : []
  })
}

const ofType = (blocks: readonly HclBlock[], type: string) =>
  blocks.filter(block => block.type === type)

const firstLabels = (blocks: readonly HclBlock[]): string[] => [
  ...new Set(blocks.flatMap(block => block.labels[0] ?? []))
]

function componentsOf(blocks: readonly HclBlock[]): TemplateComponents {
  const builds = ofType(blocks, 'build')
  const inner = builds.flatMap(build => build.body.blocks)
  return {
    builders: firstLabels(ofType(blocks, 'source')),
    provisioners: firstLabels(
      inner.filter(({ type }) => type === 'provisioner' || type === 'error-cleanup-provisioner')
    ),
    postProcessors: firstLabels(builds.flatMap(postProcessorBlocks)),
    dataSources: firstLabels(ofType(blocks, 'data'))
  }
}

function requiredPlugins(blocks: readonly HclBlock[], context: HclContext): RequiredPlugin[] {
  const required = ofType(blocks, 'packer').flatMap(block =>
    ofType(block.body.blocks, 'required_plugins')
  )
  return required.flatMap(block =>
    [...block.body.attributes].map(([name, { expression, place }]) => {
      const value = evaluate(expression, context.literal(place))
      const entries = value.kind === 'object' ? value.entries : new Map()
      return {
        name,
        source: stringIn(entries.get('source')),
        version: stringIn(entries.get('version'))
      }
    })
  )
}

function requiredVersion(blocks: readonly HclBlock[], context: HclContext): string | undefined {
  const versions = ofType(blocks, 'packer').flatMap(block => {
    const written = block.body.attributes.get('required_version')
    return (written && stringIn(evaluate(written.expression, context.literal(written.place)))) ?? []
  })
  return versions.length > 0 ? versions.join(', ') : undefined
}

/** Blocks that `dynamic` makes, and data from elsewhere, are beyond what is read here. */
function untrackedBlocks(blocks: readonly HclBlock[]): Problem[] {
  return blocks.flatMap(({ type, labels, place, body }) => {
    const [label = ''] = labels
    const inner = untrackedBlocks(body.blocks)
    if (type === 'dynamic') return [{ place, message: `a dynamic ${label} block is not read` }]
    if (type === 'hcp_packer_registry') {
      return [{ place, message: 'the image is registered with HCP Packer' }]
    }
    if (type !== 'data' || label === 'null') return inner
    return [{ place, message: `data source ${label} may answer something else each time` }]
  })
}

/** Data sources and locals that no build uses are evaluated too, for the files that they read. */
function evaluateAll(
  blocks: readonly HclBlock[],
  members: Members,
  locals: Locals,
  context: HclContext
): void {
  for (const name of locals.names) locals.get(name)
  for (const { body } of ofType(blocks, 'data')) {
    for (const { expression, place } of body.attributes.values()) {
      evaluate(expression, context.scope(place, members))
    }
  }
}

function sensitiveVariables(
  variables: ReadonlyMap<string, HclVariable>,
  locals: Locals
): Template['sensitiveVariables'] {
  const inputs = [...variables.values()].filter(({ sensitive }) => sensitive)
  return [
    ...inputs.map(({ name, value }) => ({ name, value: ctyText(value) })),
    ...locals.sensitive.map(name => ({
      name: `local.${name}`,
      value: ctyText(locals.get(name) ?? { kind: 'null' })
    }))
  ]
}

/**
 * Reads an HCL template, of one file or of a folder's.
 * @see https://developer.hashicorp.com/packer/docs/templates/hcl_templates
 */
export function readHclTemplate(request: TemplateRequest): Template {
  const context = new HclContext(request)
  const auto = request.files.filter(file => AUTO.test(file.path))
  const bodies = readBodies(
    request.files.filter(file => !AUTO.test(file.path)),
    context
  )
  const blocks = bodies.flatMap(body => body.blocks)
  const variables = resolveVariables(bodies, inOrder(auto), context)
  const inputs: Members = { ...context.members(), var: name => variables.get(name)?.value }
  const locals = resolveLocals(bodies, inputs, context)
  const members: Members = { ...inputs, local: locals.get }
  evaluateAll(blocks, members, locals, context)
  const builds = new BuildsReader(context, members, bodies).builds()
  return assembleTemplate(
    {
      format: 'hcl',
      builds,
      components: componentsOf(blocks),
      requiredPlugins: requiredPlugins(blocks, context),
      requiredVersion: requiredVersion(blocks, context),
      found: findings({
        inputs: context.inputs,
        environment: [...context.environment],
        untracked: untrackedBlocks(blocks)
      }),
      unknownVariables: [...variables.values()].flatMap(({ name, missing }) =>
        missing ? [name] : []
      ),
      sensitiveVariables: sensitiveVariables(variables, locals),
      problems: context.problems
    },
    { workingDirectory: request.workingDirectory, env: request.variables.env }
  )
}
