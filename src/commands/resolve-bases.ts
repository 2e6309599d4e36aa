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

/** A base of an image that is to be built. */
interface NeededBase {
  /** Normalised. */
  readonly name: string
  /** It is brought although the daemon has it. */
  readonly again: boolean
}

/** Of a base that the chain makes and the run skips the daemon's counts, even where a registry has another. */
function neededBases({ plan, basesOf, ownReferences }: PlannedChain): readonly NeededBase[] {
  const own = ownReferences()
  return plan.images
    .filter(({ action }) => action === 'build')
    .flatMap(({ image, fresh }) =>
      basesOf(image.id).map(base => {
        const name = normaliseReference(base)
        return { name, again: fresh && !own.has(name) }
      })
    )
}

/**
 * Brings the bases of what is to be built that the run does not make: those that the daemon lacks,
 * and again the outside bases of images that are too old.
 */
export async function resolveBases(
  chain: PlannedChain,
  { engine, asked, note, signal, ...limits }: ResolvePorts
): Promise<ResolvedBases> {
  if (!chain.plan.images.some(({ action }) => action === 'build')) return NOTHING
  const needed = neededBases(chain).filter(({ name }) => !asked.has(name))
  const view = await viewOfReferences(engine, [...new Set(needed.map(({ name }) => name))])
  const isThere = (name: string) => imageIdIn(view, name) !== undefined
  const wanted = new Set(
    needed.filter(({ name, again }) => again || !isThere(name)).map(({ name }) => name)
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
