import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { PlannedChain } from '../../../src/commands/plan-chain.js'
import {
  disturb,
  type GraphImage,
  randomChoice,
  randomGraph,
  startGraph,
  writeGraph
} from '../../fixtures/reuse-graphs.js'
import { type Ran, ReuseProject } from '../../fixtures/reuse-project.js'
import { SeededRandom } from '../../fixtures/reuse-random.js'

const GRAPHS = Number(process.env.REUSE_GRAPHS ?? 1_000)
const FIRST_SEED = Number(process.env.REUSE_SEED ?? 1)

/** What a plan says of each image. */
const said = ({ plan }: PlannedChain) =>
  plan.images.map(({ image, action, reason }) => [image.id, action, reason])

/** What a build did with each image; one that was blocked or failed was to be built. */
const done = ({ chain, results }: Ran) =>
  results.map(({ image, status, reason }, at) => {
    const planned = chain.plan.images[at]?.reason ?? ''
    const why = status === 'blocked' ? planned : reason.replace(/; not recorded: .*$/, '')
    return [image.id, status === 'reused' ? 'reuse' : 'build', why]
  })

/** Names of images that stand before one of their bases. */
function misplaced({ plan }: PlannedChain, graph: readonly GraphImage[]): string[] {
  const places = new Map(plan.images.map(({ image }, at) => [image.name, at]))
  return graph.flatMap(({ name, needs }) => {
    const own = places.get(name) ?? Number.POSITIVE_INFINITY
    return needs.some(need => (places.get(need) ?? -1) > own) ? [name] : []
  })
}

async function live(project: ReuseProject, seed: number): Promise<number> {
  const random = new SeededRandom(seed)
  const graph = randomGraph(1 + random.below(8), random)
  writeGraph(project, graph, random)
  startGraph(project, random)
  await project.build(random.chance(0.3) ? randomChoice(graph, random) : {})
  for (let count = random.below(4); count > 0; count -= 1) disturb(project, graph, random)
  const choice = randomChoice(graph, random)
  const plan = await project.plan(choice)
  const ran = await project.build(choice)
  expect(misplaced(plan, graph), `seed ${seed}`).toEqual([])
  expect(done(ran), `seed ${seed}`).toEqual(said(plan))
  const built = new Set(said(plan).flatMap(([id, action]) => (action === 'build' ? [id] : [])))
  const strangers = ran.started.filter(id => !built.has(id))
  expect(strangers, `seed ${seed}`).toEqual([])
  return plan.plan.images.length - built.size
}

it(`plan shows what build then does, on ${GRAPHS} random graphs`, {
  timeout: 180_000
}, async () => {
  let reused = 0
  for (let seed = FIRST_SEED; seed < FIRST_SEED + GRAPHS; seed += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'build-chain-graph-'))
    try {
      reused += await live(new ReuseProject(folder), seed)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  expect(reused).toBeGreaterThan(GRAPHS / 2)
})
