import type { Warning } from '../manifest/image.js'
import type { Engine, ImageStore } from '../ports.js'
import type { PlannedChain } from './plan-chain.js'
import type { PullRequest } from './pull-base.js'
import { resolveBases } from './resolve-bases.js'
import { restoreImages } from './reuse-stores.js'

interface BasePorts extends PullRequest {
  readonly engine: Engine
  /** Plans anew, as the daemon is now. */
  readonly plan: () => Promise<PlannedChain>
  readonly warn: (warning: Warning) => void
}

/** What a plan is settled with. */
export interface SettlePorts extends BasePorts {
  /** Those beyond this machine. */
  readonly stores: readonly ImageStore[]
  /** The store of this machine. */
  readonly openLocal: () => Promise<ImageStore>
}

/** The plan after the bases of all that it builds, and what the stores have, were brought. */
export async function settlePlan(
  first: PlannedChain,
  { stores, openLocal, ...ports }: SettlePorts
): Promise<PlannedChain> {
  const { plan, note, signal } = ports
  const asked = new Set<string>()
  const chain = await bringBases(first, asked, ports)
  if (stores.length === 0 || signal.aborted) return chain
  const came = await restoreImages(chain.plan, stores, { local: await openLocal(), note })
  // What came may be too old, so that its bases are to be looked up again.
  return came ? bringBases(await plan(), asked, ports) : chain
}

/**
 * Brings bases until a plan needs no other: one that is brought may move further images to a build.
 * @param asked those that were asked of their registries, and are not again
 */
async function bringBases(
  first: PlannedChain,
  asked: Set<string>,
  { plan, warn, ...ports }: BasePorts
): Promise<PlannedChain> {
  let chain = first
  // Each round brings a base that was not asked for before, so that there is a last one.
  while (!ports.signal.aborted) {
    const { changed, warnings } = await resolveBases(chain, { ...ports, asked })
    warnings.forEach(warn)
    if (!changed) break
    chain = await plan()
  }
  return chain
}
