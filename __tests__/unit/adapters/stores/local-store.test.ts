import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openState } from '../../../../src/adapters/state.js'
import { openLocalStore } from '../../../../src/adapters/stores/local-store.js'
import type { ImageRecord } from '../../../../src/chain/record.js'
import { damages } from '../../../fixtures/damage.js'
import { engineImage, MemoryEngine } from '../../../fixtures/fake-ports.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'
import { anId, aRecord } from './a-record.js'

const NAMES = ['a', 'b', 'c', 'd']

const records: readonly ImageRecord[] = NAMES.map(name =>
  aRecord({ image: name, imageId: anId(name), tags: [`${name}:1`], parts: { name } })
)

const wanted = records.map(({ image, fingerprint, tags }) => ({ image, fingerprint, tags }))

function open(file: string) {
  const engine = new MemoryEngine(...NAMES.map(name => engineImage(anId(name))))
  const state = openState(file)
  const warnings: string[] = []
  const store = openLocalStore({
    engine,
    records: () => state.records(),
    remember: record => state.keep(record),
    warn: message => void warnings.push(message)
  })
  return { engine, store, warnings }
}

/** Lines in another order, twice or not at all, and pieces of lines in others. */
const shuffles = fc
  .array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(400)), { minLength: 1, maxLength: 6 })
  .map(choices => (bytes: Buffer) => {
    const lines = bytes.toString().split('\n').filter(Boolean)
    const spliced = choices.map(([one, other, at]) =>
      one === other ? lines[one] : `${lines[one]?.slice(0, at)}${lines[other]?.slice(at)}`
    )
    return Buffer.from(`${spliced.join('\n')}\n`)
  })

describe('the state file of the local store', () => {
  it('leads to no wrong image, whatever happens to it', async () => {
    const file = join(temporaryFolder(), 'images.state')
    await open(file).store.keep(records)
    const sound = readFileSync(file)
    let found = 0
    await fc.assert(
      fc.asyncProperty(fc.oneof(damages, shuffles), async damage => {
        writeFileSync(file, damage(sound))
        const { engine, store, warnings } = open(file)
        const restored = await store.restore(wanted)
        for (const record of restored) expect(records).toContainEqual(record)
        for (const image of await engine.images()) {
          const own = restored.find(({ imageId }) => imageId === image.id)
          expect(image.tags).toEqual(own ? [`docker.io/library/${own.tags[0]}`] : [])
        }
        expect(warnings).toEqual([])
        found += restored.length
      }),
      { numRuns: 500, seed: 20_260_701 }
    )
    expect(found).toBeGreaterThan(0)
  })

  it('is not written to for what it has', async () => {
    const file = join(temporaryFolder(), 'images.state')
    await open(file).store.keep(records)
    const before = readFileSync(file, 'utf8')
    await open(file).store.keep(records)
    expect(readFileSync(file, 'utf8')).toBe(before)
    await open(file).store.keep([aRecord({ imageId: anId('0') })])
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('gives what it cannot keep to the run that has it, and warns once', async () => {
    const blocked = join(temporaryFolder(), 'blocked')
    writeFileSync(blocked, '')
    const { store, warnings } = open(join(blocked, 'images.state'))
    await store.keep(records)
    expect(await store.restore(wanted)).toEqual(records)
    expect(warnings).toEqual([
      expect.stringMatching(
        /^reuse: what comes from a store is not remembered after this run: EEXIST/
      )
    ])
  })
})
