import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CacheClient } from '../../../src/adapters/stores/github-client.js'
import type { ImageRecord } from '../../../src/chain/record.js'
import type { RegistryCall } from '../../fixtures/registry.js'
import { tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { type Daemon, docker, type MadeImage } from './daemon.js'
import { openGithubRig } from './github-rig.js'
import { openRegistryRig } from './registry-rig.js'

const SEED = 20_260_701

/** A place in something, and how much of it, as parts of the whole. */
interface Spot {
  readonly at: number
  readonly span: number
  readonly bit: number
}

const spots: fc.Arbitrary<Spot> = fc.record({
  at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  span: fc.double({ min: 0, max: 0.2, noNaN: true }),
  bit: fc.integer({ min: 0, max: 7 })
})

/** Ways to damage bytes. */
const DAMAGES = {
  flip: (bytes: Buffer, { at, bit }: Spot) => {
    const altered = Buffer.from(bytes)
    const place = Math.floor(at * altered.length)
    altered[place] = (altered[place] ?? 0) ^ (1 << bit)
    return altered
  },
  cut: (bytes: Buffer, { at }: Spot) => bytes.subarray(0, Math.floor(at * bytes.length)),
  blank: (bytes: Buffer, { at, span }: Spot) =>
    Buffer.from(bytes).fill(0, at * bytes.length, (at + span) * bytes.length),
  remove: (bytes: Buffer, { at, span }: Spot) =>
    Buffer.concat([
      bytes.subarray(0, at * bytes.length),
      bytes.subarray((at + span) * bytes.length)
    ]),
  repeat: (bytes: Buffer, { at, span }: Spot) =>
    Buffer.concat([
      bytes.subarray(0, (at + span) * bytes.length),
      bytes.subarray(at * bytes.length)
    ])
}

const damages = fc.constantFrom(...(Object.keys(DAMAGES) as (keyof typeof DAMAGES)[]))

/** Ways to damage an archive that leave it one. */
const RESHAPES = {
  swap: (archive: Buffer, { at, span }: Spot) => {
    const parts = tarParts(archive)
    const one = Math.floor(at * parts.length)
    const other = (one + 1 + Math.floor(5 * span * (parts.length - 1))) % parts.length
    const [first, second] = [parts[one], parts[other]]
    if (!first || !second) return archive
    parts[one] = { ...second, name: first.name }
    parts[other] = { ...first, name: second.name }
    return tarArchive(parts)
  },
  drop: (archive: Buffer, { at }: Spot) => {
    const parts = tarParts(archive)
    return tarArchive(parts.filter((_, index) => index !== Math.floor(at * parts.length)))
  },
  damage: (archive: Buffer, spot: Spot) => {
    const parts = tarParts(archive)
    const index = Math.floor(spot.at * parts.length)
    const inner = { ...spot, at: (spot.at * parts.length) % 1 }
    return tarArchive(
      parts.map((part, place) =>
        place === index
          ? { ...part, content: DAMAGES.flip(Buffer.from(part.content ?? ''), inner) }
          : part
      )
    )
  }
}

const reshapes = fc.constantFrom(...(Object.keys(RESHAPES) as (keyof typeof RESHAPES)[]))

const hashOfImage = (id: string) =>
  createHash('sha256')
    .update(docker(['image', 'inspect', '--format', '{{json .RootFS}}', id]))
    .digest('hex')

/** Two generations of a chain: the same names, other content. */
function makeGenerations(daemon: Daemon) {
  const generation = (name: string) => {
    const base = daemon.make('base', `${daemon.prefix} base ${name}`)
    return [base, daemon.makeOn(base, 'app'), daemon.make('tool', `${daemon.prefix} ${name}`)]
  }
  const old = generation('old')
  const now = generation('now')
  return {
    old,
    now,
    layers: new Map(now.map(({ record }) => [record.imageId, hashOfImage(record.imageId)]))
  }
}

type Generations = ReturnType<typeof makeGenerations>

/** Every record that came is the one that was kept, its image what it was, and no other tag is there. */
function expectTruth(daemon: Daemon, { now, layers }: Generations, found: readonly ImageRecord[]) {
  const expected: Record<string, string> = {}
  for (const record of found) {
    const original = now.find(image => image.record.image === record.image) as MadeImage
    expect(record).toEqual(original.record)
    expect(hashOfImage(record.imageId)).toBe(layers.get(record.imageId))
    expected[original.tag] = record.imageId
  }
  expect(daemon.tags()).toEqual(expected)
}

describe('whatever happens to what is kept', () => {
  it('GitHub’s cache gives no wrong image', async () => {
    const rig = await openGithubRig()
    const { daemon } = rig
    const generations = makeGenerations(daemon)
    const { old, now } = generations
    const kept = join(temporaryFolder(), 'kept')
    let shown = kept
    rig.client = {
      restoreCache: async ([path = ''], _, __, options) => {
        if (!options?.lookupOnly) cpSync(shown, path, { recursive: true })
        return 'key'
      },
      saveCache: async ([path = '']) => {
        cpSync(path, shown, { recursive: true })
        return 1
      }
    } satisfies CacheClient
    const [nowFolder, oldFolder] = [`${kept}-now`, `${kept}-old`]
    for (const [folder, images] of [
      [nowFolder, now],
      [oldFolder, old]
    ] as const) {
      shown = folder
      await rig.open().store.keep(images.map(({ record }) => record))
    }
    shown = `${kept}-altered`
    daemon.forget(...[...now, ...old].reverse())
    let restored = 0
    const files = fc.constantFrom('images.tar', 'records.json')
    const mutation = fc.oneof(
      fc.record({ way: fc.constant('bytes' as const), file: files, damage: damages, spot: spots }),
      fc.record({ way: fc.constant('members' as const), reshape: reshapes, spot: spots }),
      fc.record({ way: fc.constantFrom('other' as const, 'gone' as const), file: files })
    )
    await fc.assert(
      fc.asyncProperty(mutation, async change => {
        rmSync(shown, { recursive: true, force: true })
        mkdirSync(shown)
        cpSync(nowFolder, shown, { recursive: true })
        const file = join(shown, 'file' in change ? change.file : 'images.tar')
        const bytes = readFileSync(file)
        if (change.way === 'bytes') writeFileSync(file, DAMAGES[change.damage](bytes, change.spot))
        if (change.way === 'members')
          writeFileSync(file, RESHAPES[change.reshape](bytes, change.spot))
        if (change.way === 'other') cpSync(file.replace(shown, oldFolder), file)
        if (change.way === 'gone') rmSync(file)
        const { store, warnings } = rig.open()
        const found = await store.restore(now.map(({ wanted }) => wanted))
        expectTruth(daemon, generations, found)
        expect(found.length === now.length || warnings.length === 1).toBe(true)
        restored += found.length
        daemon.forget(...[...now].reverse())
      }),
      { numRuns: 250, seed: SEED }
    )
    // Some damage is to bytes that say nothing.
    expect(restored).toBeGreaterThan(0)
  })

  it('a registry gives no wrong image', async () => {
    const rig = await openRegistryRig()
    const { daemon, registry } = rig
    const generations = makeGenerations(daemon)
    const { old, now } = generations
    const all = [...now, ...old]
    await rig.open().store.keep(all.map(({ record }) => record))
    daemon.forget(...[...all].reverse())
    const tags = [...(await registry.tags(rig.path))].sort()
    const names = fc.constantFrom(...tags)
    const mutation = fc.oneof(
      fc.record({
        way: fc.constant('bytes' as const),
        damage: damages,
        spot: spots,
        call: fc.nat(30)
      }),
      fc.record({ way: fc.constant('swap' as const), one: names, other: names }),
      fc.record({ way: fc.constant('gone' as const), one: names })
    )
    let restored = 0
    await fc.assert(
      fc.asyncProperty(mutation, async change => {
        let gets = 0
        const put = async (from: string, to: string, back: string) => {
          const [first, second] = [
            await registry.manifest(rig.path, from),
            await registry.manifest(rig.path, to)
          ]
          await registry.putManifest(rig.path, to, first)
          await registry.putManifest(rig.path, back, second)
        }
        if (change.way === 'swap') await put(change.one, change.other, change.one)
        registry.tamper = (call: RegistryCall, body: Buffer) => {
          if (change.way !== 'bytes' || call.path === '/v2/') return body
          gets += 1
          return gets === change.call + 1 ? DAMAGES[change.damage](body, change.spot) : body
        }
        registry.fault = ({ path }) =>
          change.way === 'gone' && path.endsWith(change.one) ? 'gone' : undefined
        const found = await rig.open(10_000).store.restore(now.map(({ wanted }) => wanted))
        expectTruth(daemon, generations, found)
        restored += found.length
        registry.tamper = (_, body) => body
        registry.fault = () => undefined
        if (change.way === 'swap') await put(change.one, change.other, change.one)
        daemon.forget(...[...now].reverse())
      }),
      { numRuns: 60, seed: SEED }
    )
    expect(restored).toBeGreaterThan(0)
  })
})
