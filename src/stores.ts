import { exec } from './adapters/exec.js'
import type { Plan } from './chain/plan.js'
import type { ImageRecord } from './chain/record.js'
import { ChainError } from './errors.js'
import type { Options } from './options.js'
import { machinePlatform, type Project } from './plan-project.js'
import type { Engine, ImageStore } from './ports.js'
import type { Emit } from './run/events.js'

interface StorePorts {
  readonly emit: Emit
  /** Ends what a store is at. */
  readonly signal: AbortSignal
}

const warnBy = (emit: Emit) => (message: string) => emit({ type: 'warning', warning: { message } })

/** The store of this machine: the daemon with its state file, at which every plan looks by itself. */
export async function openOwnStore(
  { engine, memory }: Project,
  { emit, signal }: StorePorts
): Promise<ImageStore> {
  const { openLocalStore } = await import('./adapters/stores/local-store.js')
  const remember = (record: ImageRecord) => memory.keep(record)
  return openLocalStore({ engine, records: memory.records, remember, warn: warnBy(emit), signal })
}

/** Begins what the stores of a run need and no plan tells: to be asked while the plan is made. */
export function stirStores({ reuse }: Options, engine: Engine): Engine {
  const isGithub = reuse.includes('github')
  if (!isGithub && !reuse.includes('registry')) return engine
  const begun = isGithub
    ? [import('./adapters/stores/github-store.js'), import('./adapters/stores/direct-sender.js')]
    : [import('./adapters/stores/registry-store.js')]
  const storage = engine.storage()
  // What fails is told where it is needed.
  for (const each of [...begun, storage]) each.catch(() => {})
  return { ...engine, storage: () => storage }
}

/**
 * The stores beyond this machine that `reuse` names, in its order.
 * @throws ChainError OPTIONS_INVALID for `registry` without `reuse-registry`
 */
export async function openStores(
  options: Options,
  { engine, env, loaded }: Project,
  { plan, emit, signal }: StorePorts & { readonly plan: Plan }
): Promise<readonly ImageStore[]> {
  const warn = warnBy(emit)
  const stores: ImageStore[] = []
  for (const name of new Set(options.reuse)) {
    if (name === 'registry') {
      const { openRegistryStore } = await import('./adapters/stores/registry-store.js')
      const repository = repositoryOf(options)
      stores.push(openRegistryStore({ exec, engine, env, repository, warn, signal }))
    } else if (name === 'github') {
      const { openGithubStore } = await import('./adapters/stores/github-store.js')
      const identity = {
        project: loaded.manifests.join('\n'),
        platform: machinePlatform(),
        images: plan.images.map(({ image }) => image.id)
      }
      const debug = (message: string) => emit({ type: 'note', message })
      stores.push(
        openGithubStore({ exec, engine, env, runner: process.env, identity, warn, debug, signal })
      )
    }
  }
  return stores
}

function repositoryOf({ reuseRegistry }: Options): string {
  if (reuseRegistry) return reuseRegistry
  throw new ChainError('OPTIONS_INVALID', 'reuse: registry needs reuse-registry', {
    hint: 'Name a repository of its own, such as ghcr.io/acme/app/chain-cache.'
  })
}
