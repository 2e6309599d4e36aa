import type { Warning } from '../manifest/image.js'
import type { Engine } from '../ports.js'
import type { PlannedChain } from './plan-chain.js'
import type { PullRequest } from './pull-base.js'
import { resolveBases } from './resolve-bases.js'

/** What a plan is settled with. */
export interface SettlePorts extends PullRequest {
  readonly engine: Engine
  /** Plans anew, as the daemon is now. */
  readonly plan: () => Promise<PlannedChain>
  readonly warn: (warning: Warning) => void
}

/** The plan after the bases of all that it builds were brought. */
export async function settlePlan(first: PlannedChain, ports: SettlePorts): Promise<PlannedChain> {
  return bringBases(first, new Set(), ports)
}

/**
 * Brings bases until a plan needs no other: one that is brought may move further images to a build.
 * @param asked those that were asked of their registries, and are not again
 */
async function bringBases(
  first: PlannedChain,
  asked: Set<string>,
  { plan, warn, ...ports }: SettlePorts
): Promise<PlannedChain> {
  let chain = first
  // Each round brings a base that was not asked for before, so that there is a last one.
  for (;;) {
    const { changed, warnings } = await resolveBases(chain, { ...ports, asked })
    warnings.forEach(warn)
    if (!changed || ports.signal.aborted) return chain
    chain = await plan()
  }
}
