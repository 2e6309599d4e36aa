import type { PlannedChain } from './plan-chain.js'

/**
 * A plan that has looked at each file of what is to be built: what changes while it is built is told by that look.
 * @param plan makes a plan; only the first that it makes takes sets of files from an earlier run
 */
export async function planToBuild(plan: () => Promise<PlannedChain>): Promise<PlannedChain> {
  const first = await plan()
  const isRecalled = first.plan.images.some(
    ({ action, evidence }) => action === 'build' && evidence?.files.isRecalled
  )
  return isRecalled ? plan() : first
}
