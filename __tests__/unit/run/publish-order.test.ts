import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Link, publishStage, tagOf } from '../../fixtures/publish-stage.js'

/** A link of a random chain. */
interface Row {
  readonly name: string
  readonly on: readonly string[]
  readonly push: boolean
  readonly fails: boolean
  readonly late: boolean
}

/** A random chain: each image stands on some before it; some are never pushed, some fail. */
const randomChain = fc
  .array(
    fc.record({
      on: fc.array(fc.nat(), { maxLength: 3 }),
      push: fc.boolean(),
      fails: fc.boolean(),
      late: fc.boolean()
    }),
    { maxLength: 12 }
  )
  .map(rows =>
    rows.map(
      ({ on, ...row }, at): Row => ({
        ...row,
        name: `n${at}`,
        on: at === 0 ? [] : [...new Set(on.map(n => `n${n % at}`))]
      })
    )
  )

const linkOf = ({ name, on, push, late }: Row): Link => ({
  name,
  on,
  image: { push },
  afterAllBefore: late
})

/** Names of all that an image stands on, directly or not. */
function basesOf(rows: readonly Row[], name: string): string[] {
  const own = rows.find(row => row.name === name)?.on ?? []
  return own.flatMap(base => [base, ...basesOf(rows, base)])
}

/** Publishes a chain; gives what had arrived when each push began, and how many ran at once. */
async function play(rows: readonly Row[], maxParallel: number, failFast: boolean) {
  const { run, registry } = publishStage(rows.map(linkOf), { maxParallel, failFast })
  const fails = new Set(rows.filter(row => row.fails).map(({ name }) => tagOf(name)))
  const arrivedBefore = new Map<string, readonly string[]>()
  let running = 0
  let most = 0
  registry.obstacle = async (tag, { onOutput }) => {
    arrivedBefore.set(tag, [...registry.arrived])
    running += 1
    most = Math.max(most, running)
    for (let turn = 0; turn < (tag.length * 7) % 5; turn += 1) await Promise.resolve()
    running -= 1
    if (!fails.has(tag)) return undefined
    onOutput(Buffer.from('denied\n'))
    return { status: 1 }
  }
  return { pushes: await run(), registry, arrivedBefore, most }
}

describe('the order of pushes', () => {
  it('is bases first and never more at a time than asked, each once, whatever the chain', async () => {
    const options = [fc.integer({ min: 1, max: 4 }), fc.boolean()] as const
    await fc.assert(
      fc.asyncProperty(randomChain, ...options, async (rows, maxParallel, failFast) => {
        const { pushes, registry, arrivedBefore, most } = await play(rows, maxParallel, failFast)
        expect(most).toBeLessThanOrEqual(maxParallel)
        const isPublic = (name: string) => rows.find(row => row.name === name)?.push
        for (const { name } of rows.filter(row => arrivedBefore.has(tagOf(row.name)))) {
          const bases = basesOf(rows, name).filter(isPublic).map(tagOf)
          expect(arrivedBefore.get(tagOf(name))).toEqual(expect.arrayContaining(bases))
        }
        const asked = rows.filter(({ push }) => push)
        expect(pushes.map(({ image }) => image.name)).toEqual(asked.map(({ name }) => name))
        expect(new Set(registry.calls).size).toBe(registry.calls.length)
        const pushed = pushes.filter(({ status }) => status === 'pushed')
        expect(pushed.map(({ image }) => image.tags[0]).sort()).toEqual(
          [...registry.arrived].sort()
        )
        if (!asked.some(({ fails }) => fails)) expect(pushed).toHaveLength(asked.length)
      }),
      { numRuns: 200 }
    )
  })

  it('is the order of the plan where one is pushed at a time', async () => {
    const links = [...['a', 'b', 'c'].map(name => ({ name })), { name: 'd', on: ['b'] }]
    const { run, registry } = publishStage(links, { maxParallel: 1 })
    await run()
    expect(registry.calls).toEqual(['a', 'b', 'c', 'd'].map(tagOf))
  })
})
