import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { damages, reshapes } from '../../fixtures/damage.js'
import type { Registry } from '../../fixtures/registry.js'
import type { MadeImage } from './daemon.js'
import { makeGenerations } from './generations.js'
import { altered, joinEntry, openGithubRig, splitEntry } from './github-rig.js'
import { openRegistryRig } from './registry-rig.js'

const SEED = 20_260_701

const PARTS = ['records', 'archive'] as const

const archiveMutations = fc.oneof(
  fc.record({ part: fc.constantFrom(...PARTS), damage: damages }),
  fc.record({ part: fc.constant('entry' as const), damage: damages }),
  fc.record({
    part: fc.constant('archive' as const),
    damage: fc.oneof(damages, reshapes).map(change => (packed: Buffer) => altered(packed, change))
  }),
  fc.record({ part: fc.constantFrom(...PARTS), damage: fc.constantFrom('gone', 'of before') })
)

/** An entry with one part changed. */
function harm(now: Buffer, before: Buffer, { part, damage }: Mutation): Buffer {
  if (part === 'entry') return damage(now)
  const parts = splitEntry(now)
  if (damage === 'gone') return joinEntry({ ...parts, [part]: Buffer.alloc(0) })
  const harmed = damage === 'of before' ? splitEntry(before)[part] : damage(parts[part])
  return joinEntry({ ...parts, [part]: harmed })
}

type Mutation = typeof archiveMutations extends fc.Arbitrary<infer T> ? T : never

/** Moves what two tags point at. */
async function swapTags(registry: Registry, path: string, one: string, other: string) {
  const first = await registry.manifest(path, one)
  await registry.putManifest(path, one, await registry.manifest(path, other))
  await registry.putManifest(path, other, first)
}

describe('whatever happens to what is kept', () => {
  it('GitHub’s cache gives no wrong image', async () => {
    const rig = await openGithubRig()
    const generations = makeGenerations(rig.daemon)
    const kept = async (images: readonly MadeImage[]) => {
      await rig.open().store.keep(images.map(({ record }) => record))
      return rig.server.entries.at(-1)?.content ?? Buffer.alloc(0)
    }
    const now = await kept(generations.now)
    const before = await kept(generations.old)
    generations.forget()
    const entry = rig.server.entries.at(-1)
    let restored = 0
    await fc.assert(
      fc.asyncProperty(archiveMutations, async mutation => {
        if (entry) entry.content = harm(Buffer.from(now), before, mutation)
        const { store, warnings } = rig.open()
        const found = await store.restore(generations.now.map(({ wanted }) => wanted))
        generations.expectTruth(found)
        // Records of before are good ones, of images that nobody wants.
        const isOther = mutation.part === 'records' && mutation.damage === 'of before'
        expect(warnings).toHaveLength(found.length === generations.now.length || isOther ? 0 : 1)
        restored += found.length
        generations.forget()
      }),
      { numRuns: 120, seed: SEED }
    )
    // Some bytes of an archive say nothing.
    expect(restored).toBeGreaterThan(0)
  })

  it('a registry gives no wrong image', async () => {
    const rig = await openRegistryRig()
    const { registry, path } = rig
    const generations = makeGenerations(rig.daemon)
    const all = [...generations.now, ...generations.old]
    await rig.open().store.keep(all.map(({ record }) => record))
    generations.forget()
    const tags = fc.constantFrom(...[...(await registry.tags(path))].sort())
    const mutations = fc.oneof(
      fc.record({ damage: damages, request: fc.nat(30) }),
      fc.record({ one: tags, other: tags }),
      fc.record({ gone: tags })
    )
    let restored = 0
    await fc.assert(
      fc.asyncProperty(mutations, async change => {
        let requests = 0
        registry.tamper = ({ path: asked }, body) => {
          if (!('damage' in change) || asked === '/v2/') return body
          return requests++ === change.request ? change.damage(body) : body
        }
        registry.fault = ({ path: asked }) =>
          'gone' in change && asked.endsWith(`/${change.gone}`) ? 'gone' : undefined
        if ('other' in change) await swapTags(registry, path, change.one, change.other)
        const { store } = rig.open(5_000)
        const found = await store.restore(generations.now.map(({ wanted }) => wanted))
        generations.expectTruth(found)
        restored += found.length
        if ('other' in change) await swapTags(registry, path, change.one, change.other)
        generations.forget()
      }),
      { numRuns: 30, seed: SEED }
    )
    expect(restored).toBeGreaterThan(0)
  })
})
