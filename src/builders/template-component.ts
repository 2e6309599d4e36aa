import type { Place, Problem } from '../errors.js'
import type { TemplateInput } from './template.js'
import type { Settings } from './template-settings.js'
import type { Value } from './template-value.js'

/** A provisioner or a post-processor of one build, its settings evaluated for that build. */
export interface Component {
  readonly type: string
  readonly settings: Settings
  readonly place: Place
  /** It only changes settings of the component before it, for this build. */
  readonly isOverride?: boolean
}

/** One build of a template, with all that runs in it. */
export interface Build extends Component {
  readonly name: string
  readonly provisioners: readonly Component[]
  readonly postProcessors: readonly Component[]
}

/** What a component reads of the world beside the template. */
export interface Findings {
  readonly inputs: readonly TemplateInput[]
  readonly mounts: readonly Value[]
  readonly untracked: readonly Problem[]
  readonly environment: readonly string[]
}

export function findings(found: Partial<Findings>): Findings {
  return { inputs: [], mounts: [], untracked: [], environment: [], ...found }
}

/** Several findings as one. */
export function merged(all: readonly Findings[]): Findings {
  return {
    inputs: all.flatMap(one => one.inputs),
    mounts: all.flatMap(one => one.mounts),
    untracked: all.flatMap(one => one.untracked),
    environment: all.flatMap(one => one.environment)
  }
}

/** Folders that paths of a template count from, and the environment that Packer gets. */
export interface Surroundings {
  readonly workingDirectory: string
  readonly env: Readonly<Record<string, string | undefined>>
}
