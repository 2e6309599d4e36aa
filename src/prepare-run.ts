import { refuseMissingFiles } from './commands/build.js'
import type { PlannedChain } from './commands/plan-chain.js'
import { restoreImages } from './commands/reuse-stores.js'
import type { Options } from './options.js'
import type { Project } from './plan-project.js'
import type { ImageStore } from './ports.js'
import type { Emit } from './run/events.js'
import { openOwnStore, openStores } from './stores.js'

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

const isWork = ({ plan }: PlannedChain) => plan.images.some(({ action }) => action === 'build')

/** The plan after the outside bases and what the stores have were brought. */
export async function prepareRun(
  project: Project,
  options: Options,
  { emit, signal }: { readonly emit: Emit; readonly signal: AbortSignal }
): Promise<Prepared> {
  let chain = await project.plan()
  refuseMissingFiles(chain.plan)
  const stores = await openStores(options, project, { plan: chain.plan, emit, signal })
  if (!isWork(chain) || signal.aborted) return { chain, stores }
  const note = (message: string) => emit({ type: 'note', message })
  const { settlePlan } = await import('./commands/settle-plan.js')
  chain = await settlePlan(chain, {
    engine: project.engine,
    plan: project.plan,
    note,
    warn: warning => emit({ type: 'warning', warning }),
    signal,
    ...limitsOf(options)
  })
  if (signal.aborted) return { chain, stores }
  if (stores.length > 0) {
    const local = await openOwnStore(project, { emit, signal })
    if (await restoreImages(chain.plan, stores, { local, note })) chain = await project.plan()
  }
  return { chain, stores }
}
