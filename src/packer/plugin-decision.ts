import type { PackerAnswers } from './plugin-answers.js'
import { compareVersions, parseConstraint } from './plugin-constraint.js'
import type { PluginFile } from './plugin-file.js'
import { type PluginMode, pluginName } from './plugin-source.js'
import type { Component } from './plugin-table.js'
import type { WantedPlugin } from './wanted-plugins.js'

/** A wanted plugin, and whether the newest version there has to satisfy its constraint. */
export interface Demand extends WantedPlugin {
  /** Asked for by `packer-plugins`: JSON templates take the newest plugin they find. */
  readonly pinned: boolean
}

/** What Packer says of itself. */
export interface PackerView {
  readonly answers: PackerAnswers
  /** Plugins that `packer plugins installed` lists; undefined where Packer has no such command. */
  readonly installed: () => Promise<readonly PluginFile[] | undefined>
}

/** Whether Packer has a plugin already, and which version where it says so. */
export type Decision =
  | { readonly has: true; readonly version: string | undefined; readonly ignored: boolean }
  | { readonly has: false }

/** By these Packer is asked about a plugin that no template uses. */
const SAMPLES: Readonly<Record<string, Component>> = {
  ansible: { kind: 'provisioner', type: 'ansible' },
  docker: { kind: 'builder', type: 'docker' }
}

/** Whether two names of a plugin's source are one: GitHub does not tell letters' case. */
export function isSameSource(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function demandOf(
  request: { readonly source: string; readonly constraint: string },
  wanted: readonly WantedPlugin[]
): Demand {
  const used = wanted.filter(each => isSameSource(each.source, request.source))
  const sample = SAMPLES[pluginName(request.source)]
  const components = used.flatMap(each => each.components)
  return {
    ...request,
    because: 'packer-plugins',
    components: components.length > 0 ? components : sample ? [sample] : [],
    pinned: true
  }
}

/** What `packer-plugins` makes of the plugins that the templates want. */
export function demandsOf(mode: PluginMode, wanted: readonly WantedPlugin[]): readonly Demand[] {
  if (mode === 'none') return []
  if (mode === 'auto') return wanted.map(each => ({ ...each, pinned: false }))
  return mode.map(request => demandOf(request, wanted))
}

async function hasAll(demand: Demand, answers: PackerAnswers): Promise<boolean> {
  for (const component of demand.components) {
    if (!(await answers.has(component))) return false
  }
  return demand.components.length > 0
}

/** Asks Packer itself: first whether it knows the components, then which plugins are installed. */
export async function decide(demand: Demand, view: PackerView): Promise<Decision> {
  const known = await hasAll(demand, view.answers)
  if (known && demand.constraint === '') return { has: true, version: undefined, ignored: false }
  const installed = await view.installed()
  if (!installed) return known ? { has: true, version: undefined, ignored: true } : { has: false }
  const accepts = parseConstraint(demand.constraint)
  const own = installed
    .filter(file => isSameSource(file.source, demand.source))
    .sort((a, b) => compareVersions(b.version, a.version))
  const [fitting] = (demand.pinned ? own.slice(0, 1) : own).filter(file => accepts(file.version))
  return fitting ? { has: true, version: fitting.version, ignored: false } : { has: false }
}
