import { imageIdIn } from '../chain/decide.js'
import { shortReference } from '../chain/parts.js'
import type { Warning } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Engine } from '../ports.js'
import { viewOfReferences } from './engine-view.js'
import type { PlannedChain } from './plan-chain.js'
import { type PullRequest, pullBase } from './pull-base.js'

/** What bringing outside bases did. */
export interface ResolvedBases {
  /** Something on the daemon changed, so that the plan is to be made again. */
  readonly changed: boolean
  readonly warnings: readonly Warning[]
}

const NOTHING: ResolvedBases = { changed: false, warnings: [] }

interface ResolvePorts extends PullRequest {
  readonly engine: Engine
  /** References that this run has asked of a registry: none is asked for twice, and those of this call are added. */
  readonly asked: Set<string>
}

/**
 * Brings the outside bases of what is to be built: those that the daemon lacks, and again those of
 * images that are too old.
 */
export async function resolveBases(
  chain: PlannedChain,
  { engine, asked, note, signal, ...limits }: ResolvePorts
): Promise<ResolvedBases> {
  const builds = chain.plan.images.filter(({ action }) => action === 'build')
  if (builds.length === 0) return NOTHING
  const needed = builds
    .flatMap(({ image, fresh }) =>
      chain.basesOf(image.id).map(base => ({ name: normaliseReference(base), fresh }))
    )
    .filter(({ name }) => !asked.has(name))
  const view = await viewOfReferences(engine, [...new Set(needed.map(({ name }) => name))])
  const isThere = (name: string) => imageIdIn(view, name) !== undefined
  const wanted = new Set(
    needed.filter(({ name, fresh }) => fresh || !isThere(name)).map(({ name }) => name)
  )
  for (const name of wanted) asked.add(name)
  const said = await Promise.all(
    [...wanted].map(async name => {
      note(`pulling base ${shortReference(name)}`)
      return [name, await pullBase(name, { engine, note, signal, ...limits })] as const
    })
  )
  // An interrupted pull says nothing of the base.
  if (signal.aborted) return NOTHING
  const failed = said.filter((each): each is [string, string] => each[1] !== undefined)
  return {
    changed: failed.length < wanted.size,
    warnings: failed.map(([name, reason]) => ({
      message: warningOf(name, isThere(name), reason)
    }))
  }
}

function warningOf(name: string, isThere: boolean, reason: string): string {
  const rest = isThere ? 'the one on the daemon is used' : 'what stands on it may fail'
  return `base ${shortReference(name)} could not be pulled, so ${rest}: ${reason}`
}
