import type { Bench } from './bench.js'
import { findNode24, type NodeProgram, ownNode } from './tools.js'

/** Node 24, which runners start actions with, where the one that runs this is older. */
export async function newerNodes(bench: Bench): Promise<readonly NodeProgram[]> {
  const { major } = await ownNode()
  if (major >= 24) return []
  const node24 = await findNode24()
  if (!node24) bench.leaveOut('everything on Node 24: script/setup --node24 could not get it')
  return node24 ? [node24] : []
}
