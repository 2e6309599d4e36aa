import { parseConstraint } from './plugin-constraint.js'
import { isPluginSource, pluginName } from './plugin-source.js'
import { type Component, originOf } from './plugin-table.js'

/** What a template says of the components it uses; a Template of builders/ with its file fits. */
export interface TemplateNeeds {
  /** For messages. */
  readonly file: string
  readonly components: {
    readonly builders: readonly string[]
    readonly provisioners: readonly string[]
    readonly postProcessors: readonly string[]
    readonly dataSources: readonly string[]
  }
  /** Entries of HCL's `required_plugins`. */
  readonly requiredPlugins: readonly {
    readonly name: string
    readonly source: string | undefined
    readonly version: string | undefined
  }[]
}

/** A plugin that has to be there before the build. */
export interface WantedPlugin {
  readonly source: string
  /** In Packer's words; empty for any. */
  readonly constraint: string
  /** What asks for it: `builder docker in packer/app.json`. */
  readonly because: string
  /** By these Packer is asked whether it has the plugin. */
  readonly components: readonly Component[]
  /** Nothing says that there is such a plugin: when it cannot be had, Packer is left to say so. */
  readonly guessed?: boolean | undefined
}

interface Requirement {
  readonly source: string
  readonly constraint: string
}

function componentsOf({ components }: TemplateNeeds): readonly Component[] {
  const of = (kind: Component['kind'], types: readonly string[]): readonly Component[] =>
    types.map(type => ({ kind, type }))
  return [
    ...of('builder', components.builders),
    ...of('provisioner', components.provisioners),
    ...of('post-processor', components.postProcessors),
    ...of('data-source', components.dataSources)
  ]
}

// A constraint or a source that cannot be read is left to Packer, which refuses the template.
function readable(constraint: string): string {
  try {
    parseConstraint(constraint)
    return constraint
  } catch {
    return ''
  }
}

function requirementsOf(template: TemplateNeeds): readonly Requirement[] {
  return template.requiredPlugins
    .map(({ source, version }) => ({ source: source ?? '', constraint: readable(version ?? '') }))
    .filter(({ source }) => isPluginSource(source))
}

function wantedBy(
  component: Component,
  requirements: readonly Requirement[],
  file: string
): WantedPlugin | undefined {
  const { kind, type } = component
  const own = requirements.find(({ source }) => {
    const name = pluginName(source)
    return type === name || type.startsWith(`${name}-`)
  })
  const origin = own ? { source: own.source, guessed: false } : originOf(component)
  if (!origin) return undefined
  const because = `${kind} ${type} in ${file}`
  return { ...origin, constraint: own?.constraint ?? '', because, components: [component] }
}

function wantedByTemplate(template: TemplateNeeds): readonly WantedPlugin[] {
  const requirements = requirementsOf(template)
  const used = componentsOf(template).map(each => wantedBy(each, requirements, template.file))
  const because = `required_plugins in ${template.file}`
  const written = requirements.map(each => ({ ...each, because, components: [] }))
  return [...used.filter(wanted => wanted !== undefined), ...written]
}

/** One entry for each plugin and constraint; `because` is that of the first. */
function merge(all: readonly WantedPlugin[]): readonly WantedPlugin[] {
  const merged = new Map<string, WantedPlugin>()
  for (const wanted of all) {
    const key = `${wanted.source}@${wanted.constraint}`
    const known = merged.get(key)
    const components = [...(known?.components ?? []), ...wanted.components].filter(
      (each, index, list) =>
        list.findIndex(other => other.kind === each.kind && other.type === each.type) === index
    )
    merged.set(key, { ...(known ?? wanted), components })
  }
  return [...merged.values()]
}

/** The plugins that templates need, from the components they use and their `required_plugins`. */
export function wantedPlugins(templates: readonly TemplateNeeds[]): readonly WantedPlugin[] {
  return merge(templates.flatMap(wantedByTemplate))
}
