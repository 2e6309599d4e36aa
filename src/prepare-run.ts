import { refuseMissingFiles } from './commands/missing-files.js'
import type { PlannedChain } from './commands/plan-chain.js'
import { planToBuild } from './commands/plan-to-build.js'
import type { Options } from './options.js'
import type { Project } from './plan-project.js'
import type { ImageStore } from './ports.js'
import type { Emit } from './run/events.js'
import { openOwnStore, openStores, stirStores } from './stores.js'

/** What a run builds, and the stores that it takes unchanged images from. */
export interface Prepared {
  readonly chain: PlannedChain
  readonly stores: readonly ImageStore[]
}

/** How often an image is tried again, where neither it nor the run says. */
const DEFAULT_RETRIES = 2

/** How long one attempt may take, and how many follow it. */
export const limitsOf = ({ timeoutMinutes, retries = DEFAULT_RETRIES }: Options) => ({
  timeoutMinutes,
  retries
})

/** Whether anything is built. */
export const isWork = ({ plan }: PlannedChain) =>
  plan.images.some(({ action }) => action === 'build')

/** The plan after the outside bases and what the stores have were brought. */
export async function prepareRun(
  project: Project,
  options: Options,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal }
): Promise<Prepared> {
  const engine = stirStores(options, project.engine)
  const first = await planToBuild(project.plan)
  refuseMissingFiles(first.plan)
  const stores = await openStores(
    options,
    { ...project, engine },
    { plan: first.plan, emit, signal }
  )
  if (!isWork(first) || signal.aborted) return { chain: first, stores }
  const { settlePlan } = await import('./commands/settle-plan.js')
  const chain = await settlePlan(first, {
    engine: project.engine,
    plan: project.plan,
    stores,
    openLocal: () => openOwnStore(project, { emit, signal }),
    note: message => emit({ type: 'note', message }),
    warn: warning => emit({ type: 'warning', warning }),
    signal,
    ...limitsOf(options)
  })
  return { chain, stores }
}
