import { actionCall, stepFiles } from '../action-step.js'
import type { Bench } from '../bench.js'
import { daemonAnswers } from '../daemon.js'
import { ratioAtMost } from '../figures.js'
import { emptyNode, ourCall } from '../ours.js'
import { builtFamily, writeVersionsManifest, writeVersionsProject } from '../projects.js'
import { timed } from '../run.js'
import { findNode24, type NodeProgram, ownNode } from '../tools.js'

/** A Node of 24 and newer starts faster, so that the same work of ours is a larger part. */
const planBar = (major: number): number => (major >= 24 ? 2 : 1.5)

interface PlanCase {
  /** Of the figure, without the Node. */
  readonly id: string
  readonly name: string
  readonly project: string
}

async function measurePlan(
  bench: Bench,
  { id, name, project }: PlanCase,
  { path, major }: NodeProgram
) {
  const state = bench.folder(`${id}-state-${major}`)
  const { ours, node } = await bench.measure(
    `${name} on Node ${major}`,
    {
      ours: () => timed(ourCall({ project, state, args: ['plan'], node: path })),
      node: () => timed(emptyNode(path))
    },
    { rounds: bench.rounds(15, 30) }
  )
  bench.add(
    {
      id: `${id}-node${major}`,
      name: `${name}, Node ${major}`,
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
  const cases: readonly PlanCase[] = [
    {
      id: 'start-plan',
      name: '`plan` of a manifest of 24 images',
      project: writeVersionsManifest(bench)
    },
    {
      id: 'start-plan-files',
      name: '`plan` of 24 images with their files',
      project: writeVersionsProject(bench)
    }
  ]
  const measureAll = async (node: NodeProgram) => {
    for (const each of cases) await measurePlan(bench, each, node)
  }
  const own = await ownNode()
  await measureAll(own)
  const newer = await newerNodes(bench, own)
  for (const node of newer) await measureAll(node)
  if (!(await daemonAnswers())) return bench.leaveOut('the action: no Docker daemon answers')
  const built = await builtFamily(bench, 24, 8)
  for (const node of [own, ...newer]) await measureAction(bench, built, node)
}
