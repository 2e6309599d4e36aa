import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AskCache } from '../../../src/adapters/stores/github-ask.js'
import { damages, reshapes } from '../../fixtures/damage.js'
import type { Registry } from '../../fixtures/registry.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import type { MadeImage } from './daemon.js'
import { makeGenerations } from './generations.js'
import { altered, type GithubRig, openGithubRig } from './github-rig.js'
import { openRegistryRig } from './registry-rig.js'

const SEED = 20_260_701

/** A client whose newest entry is a copy of a folder. */
const folderClient =
  (folder: string): AskCache =>
  async call => {
    if (call.name === 'save') cpSync(call.folder, folder, { recursive: true })
    else cpSync(folder, call.folder, { recursive: true })
    return { values: call.name === 'save' ? [1] : ['key', 'key'], output: '' }
  }

async function keepIn(folder: string, rig: GithubRig, images: readonly MadeImage[]) {
  rig.ask = folderClient(folder)
  await rig.open().store.keep(images.map(({ record }) => record))
}

const FILES = ['images.tar.zst', 'records.json'] as const

const archiveMutations = fc.oneof(
  fc.record({ file: fc.constantFrom(...FILES), damage: damages }),
  fc.record({
    file: fc.constant(FILES[0]),
    damage: fc.oneof(damages, reshapes).map(change => (packed: Buffer) => altered(packed, change))
  }),
  fc.record({ file: fc.constantFrom(...FILES), damage: fc.constantFrom('gone', 'of before') })
)

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
    const folder = temporaryFolder()
    const [now, before, harmed] = ['now', 'before', 'harmed'].map(name => join(folder, name)) as [
      string,
      string,
      string
    ]
    await keepIn(now, rig, generations.now)
    await keepIn(before, rig, generations.old)
    generations.forget()
    rig.ask = folderClient(harmed)
    let restored = 0
    await fc.assert(
      fc.asyncProperty(archiveMutations, async ({ file, damage }) => {
        rmSync(harmed, { recursive: true, force: true })
        cpSync(now, harmed, { recursive: true })
        const path = join(harmed, file)
        if (damage === 'gone') rmSync(path)
        else if (damage === 'of before') cpSync(join(before, file), path)
        else if (typeof damage === 'function') writeFileSync(path, damage(readFileSync(path)))
        const { store, warnings } = rig.open()
        const found = await store.restore(generations.now.map(({ wanted }) => wanted))
        generations.expectTruth(found)
        // Records of before are good ones, of images that nobody wants.
        const isOther = file === FILES[1] && damage === 'of before'
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
