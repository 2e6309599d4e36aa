import { actionCall, stepFiles } from '../action-step.js'
import type { Bench } from '../bench.js'
import { daemonAnswers } from '../daemon.js'
import { ratioAtMost } from '../figures.js'
import { newerNodes } from '../newer-nodes.js'
import { emptyNode, ourCall } from '../ours.js'
import {
  builtFamily,
  writeEmptyProject,
  writeVersionsManifest,
  writeVersionsProject
} from '../projects.js'
import { type Call, timed } from '../run.js'
import { PLAIN, type Setting, withCertificates } from '../settings.js'
import { type NodeProgram, ownNode } from '../tools.js'

/** A Node of 24 and newer starts faster, so that the same work of ours is a larger part. */
const planBar = (major: number): number => (major >= 24 ? 2 : 1.5)

interface Case {
  /** Of the figure, without the Node and the setting. */
  readonly id: string
  readonly name: string
  readonly project: string
}

async function compare(
  bench: Bench,
  { id, name }: Case,
  { path, major }: NodeProgram,
  measured: { readonly call: () => Call; readonly limit: number; readonly setting: Setting }
) {
  const { call, limit, setting } = measured
  const nothing = emptyNode(path, setting)
  const { ours, node } = await bench.measure(
    `${name} on Node ${major}${setting.words}`,
    { ours: () => timed(call()), node: () => timed(nothing) },
    { rounds: bench.rounds(15, 30) }
  )
  bench.add(
    {
      id: `${id}-node${major}${setting.id}`,
      name: `${name}, Node ${major}${setting.words}`,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(limit)]
    },
    ours,
    node
  )
}

function measurePlan(bench: Bench, each: Case, node: NodeProgram, setting: Setting) {
  const state = bench.folder(`${each.id}-state-${node.major}`)
  const { project } = each
  const call = () => ourCall({ project, state, args: ['plan'], node: node.path, env: setting.env })
  return compare(bench, each, node, { call, limit: planBar(node.major), setting })
}

interface ActionCase extends Case {
  readonly state: string
}

function measureAction(bench: Bench, each: ActionCase, node: NodeProgram, setting: Setting) {
  const { project: workspace, state } = each
  const step = { workspace, state, node: node.path, files: stepFiles(bench), setting }
  return compare(bench, each, node, { call: () => actionCall(step), limit: 2, setting })
}

/** How long it takes to start: a plan, and an action that has nothing to build. */
export async function start(bench: Bench): Promise<void> {
  const manifest = {
    id: 'start-plan',
    name: '`plan` of a manifest of 24 images',
    project: writeVersionsManifest(bench)
  }
  const withFiles = {
    id: 'start-plan-files',
    name: '`plan` of 24 images with their files',
    project: writeVersionsProject(bench)
  }
  const certificates = withCertificates()
  if (!certificates) bench.leaveOut('Node with certificates: there is no bundle of them')
  const settings = certificates ? [PLAIN, certificates] : [PLAIN]
  const measurePlans = async (node: NodeProgram) => {
    for (const each of [manifest, withFiles]) {
      for (const setting of settings) await measurePlan(bench, each, node, setting)
    }
  }
  const own = await ownNode()
  await measurePlans(own)
  const newer = await newerNodes(bench)
  for (const node of newer) await measurePlans(node)
  const empty = {
    id: 'start-action-empty',
    name: 'the action, an empty manifest',
    project: writeEmptyProject(bench),
    state: bench.folder('empty-state')
  }
  if (!(await daemonAnswers())) return bench.leaveOut('the action: no Docker daemon answers')
  const unchanged = {
    id: 'start-action',
    name: 'the action, 24 unchanged images',
    ...(await builtFamily(bench, 24, 8))
  }
  for (const node of [own, ...newer]) {
    for (const setting of settings) {
      await measureAction(bench, empty, node, setting)
      await measureAction(bench, unchanged, node, setting)
    }
  }
}
