import { actionCall, stepFiles } from '../action-step.js'
import type { Bench } from '../bench.js'
import { daemonAnswers } from '../daemon.js'
import { ratioAtMost } from '../figures.js'
import { emptyNode, ourCall } from '../ours.js'
import { builtFamily, writeVersionsProject } from '../projects.js'
import { timed } from '../run.js'
import { findNode24, type NodeProgram, ownNode } from '../tools.js'

/** A Node of 24 and newer starts faster, so that the same work of ours is a larger part. */
const planBar = (major: number): number => (major >= 24 ? 2 : 1.5)

async function measurePlan(bench: Bench, project: string, { path, major }: NodeProgram) {
  const state = bench.folder(`versions-state-${major}`)
  const { ours, node } = await bench.measure(
    `plan of 24 images on Node ${major}`,
    {
      ours: () => timed(ourCall({ project, state, args: ['plan'], node: path })),
      node: () => timed(emptyNode(path))
    },
    { rounds: bench.rounds(15, 30) }
  )
  bench.add(
    {
      id: `start-plan-node${major}`,
      name: `\`plan\` of 24 images, Node ${major}`,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(planBar(major))]
    },
    ours,
    node
  )
}

async function measureAction(
  bench: Bench,
  built: { readonly project: string; readonly state: string },
  { path, major }: NodeProgram
) {
  const files = stepFiles(bench)
  const step = { workspace: built.project, state: built.state, node: path, files }
  const { ours, node } = await bench.measure(
    `the action with nothing to build on Node ${major}`,
    { ours: () => timed(actionCall(step)), node: () => timed(emptyNode(path)) },
    { rounds: bench.rounds(15, 30) }
  )
  bench.add(
    {
      id: `start-action-node${major}`,
      name: `the action, 24 unchanged images, Node ${major}`,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(2)]
    },
    ours,
    node
  )
}

/** Node 24, where the one that runs this is older. */
async function newerNodes(bench: Bench, { major }: NodeProgram): Promise<readonly NodeProgram[]> {
  if (major >= 24) return []
  const node24 = await findNode24()
  if (!node24) bench.leaveOut('everything on Node 24: script/setup --node24 could not get it')
  return node24 ? [node24] : []
}

/** How long it takes to start: a plan, and an action that has nothing to build. */
export async function start(bench: Bench): Promise<void> {
  const project = writeVersionsProject(bench)
  const own = await ownNode()
  await measurePlan(bench, project, own)
  const newer = await newerNodes(bench, own)
  for (const node of newer) await measurePlan(bench, project, node)
  if (!(await daemonAnswers())) return bench.leaveOut('the action: no Docker daemon answers')
  const built = await builtFamily(bench, 24, 8)
  for (const node of [own, ...newer]) await measureAction(bench, built, node)
}
