import { expect, it } from 'vitest'
import { publishChain } from '../../../src/commands/publish-chain.js'
import type { ImageResult } from '../../../src/run/events.js'
import { digestOf } from '../../fixtures/memory-registry.js'
import { CHAIN, idOf, type Link, publishStage } from '../../fixtures/publish-stage.js'

function chain(links: readonly Link[]) {
  const { context, plan, results, registry, log } = publishStage(links)
  const notes = () => log.of('note').map(({ message }) => message)
  const run = (changed: readonly ImageResult[] = results) => publishChain(plan, changed, context)
  return { run, results, registry, notes }
}

it('gives results with the digests of the registry', async () => {
  const { run, notes } = chain(CHAIN)
  const { results, pushes } = await run()
  expect(results.map(({ digest }) => digest)).toEqual(CHAIN.map(({ name }) => digestOf(idOf(name))))
  expect(pushes).toHaveLength(3)
  expect(notes()).toEqual([])
})

it.each(['failed', 'blocked', 'skipped'] as const)(
  'pushes nothing, and says so, where the last image is %s',
  async status => {
    const { run, results, registry, notes } = chain(CHAIN)
    const last = { ...(results.at(-1) as ImageResult), status }
    const changed = [...results.slice(0, -1), last]
    expect(await run(changed)).toEqual({ results: changed, pushes: [] })
    expect(registry.calls).toEqual([])
    expect(notes()).toEqual([`nothing is pushed: reg.example/app:1 is ${status}`])
  }
)

it('says so where no image is to be pushed', async () => {
  const { run, notes } = chain([{ name: 'a', image: { push: false } }])
  expect((await run()).pushes).toEqual([])
  expect(notes()).toEqual(['no image of the run is to be pushed'])
})
