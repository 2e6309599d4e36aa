import { expect, it } from 'vitest'
import type { PlannedChain } from '../../../src/commands/plan-chain.js'
import { processorTimeOf } from '../../fixtures/processor-time.js'
import { randomGraph, startGraph, writeGraph } from '../../fixtures/reuse-graphs.js'
import { actions, reuseProject } from '../../fixtures/reuse-project.js'
import { SeededRandom } from '../../fixtures/reuse-random.js'

const SIZE = 500

const placesOf = ({ plan }: PlannedChain) =>
  new Map(plan.images.map(({ image }, at) => [image.name, at]))

/** A project of so many images, listed in any order. */
function fleet(size: number) {
  const random = new SeededRandom(5)
  const graph = randomGraph(size, random)
  const project = reuseProject()
  writeGraph(project, graph, random)
  startGraph(project, random)
  return { graph, project }
}

it('plans ten times as many images in ten times the time, and not in a hundred times', async () => {
  const [few, many] = [fleet(SIZE / 10).project, fleet(SIZE).project]
  for (const project of [few, many]) await project.plan()
  const short = await processorTimeOf(() => few.plan())
  expect(await processorTimeOf(() => many.plan())).toBeLessThan(50 * short)
})

it('plans 500 images of several tags, listed in any order, each after its bases', async () => {
  const { graph, project } = fleet(SIZE)
  const chain = await project.plan()
  const places = placesOf(chain)
  expect([...places.keys()].sort()).toEqual(graph.map(({ name }) => name).sort())
  for (const { name, tags, needs } of graph) {
    const planned = chain.plan.images[places.get(name) ?? -1]
    expect([...(planned?.image.tags ?? [])].sort()).toEqual([...tags].sort())
    for (const need of needs) expect(places.get(need)).toBeLessThan(places.get(name) ?? -1)
    const bases = chain.plan.images.filter(({ image }) => needs.includes(image.name))
    expect([...(planned?.dependsOn ?? [])].sort()).toEqual(
      bases.map(({ image }) => image.id).sort()
    )
    expect(planned?.stage).toBe(Math.max(-1, ...bases.map(({ stage }) => stage)) + 1)
  }
})

it('rebuilds of 500 images exactly those that stand on what changed', {
  timeout: 120_000
}, async () => {
  const random = new SeededRandom(7)
  const graph = randomGraph(SIZE, random).map(image => ({
    ...image,
    builder: 'dockerfile' as const
  }))
  const project = reuseProject()
  writeGraph(project, graph, random)
  startGraph(project, random)
  await project.build()
  const unchanged = await project.plan()
  expect(new Set(Object.values(actions(unchanged)))).toEqual(new Set(['reuse']))
  const changed = graph[20]
  project.write(`Dockerfile.${changed?.name}`, 'FROM base:1\nLABEL changed=yes\n')
  const affected = new Set([changed?.name])
  for (const { name, needs } of graph)
    if (needs.some(each => affected.has(each))) affected.add(name)
  const plan = actions(await project.plan())
  const built = Object.keys(plan).filter(name => plan[name] === 'build')
  expect(built.sort()).toEqual([...affected].sort())
})
