import { execFileSync, spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryHead, readHead } from '../../../../src/adapters/stores/github-entry.js'
import type { SealedRecord } from '../../../../src/adapters/stores/sealed-records.js'
import { type CacheServer, startCacheServer } from '../../../fixtures/cache-server.js'
import { callsAtOnce } from '../../../fixtures/calls-at-once.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'
import { aSealed } from './a-record.js'

const start = () => startCacheServer({ workspace: temporaryFolder(), temporary: temporaryFolder() })

const headIn = (cache: CacheServer, entry: Buffer) => readHead(callsAtOnce(), cache.add(entry))

const manyRecords: readonly SealedRecord[] = Array.from({ length: 500 }, (_, n) =>
  aSealed({ image: `dockerfile__app:${n}` })
)

describe('what an entry begins with', () => {
  it.each([
    ['few', [aSealed()]],
    ['many', manyRecords]
  ])('is read without the archive after it, of %s images', async (_, sealed) => {
    const cache = await start()
    const head = entryHead(sealed)
    const read = await headIn(cache, Buffer.concat([head, Buffer.alloc(3_000_000)]))
    expect(read).toEqual({ sealed, end: head.length })
    expect(cache.calls.length).toBe(head.length > 65_536 ? 2 : 1)
  })

  it('is refused where it is damaged, or no more than a part of it is there', async () => {
    const cache = await start()
    const head = entryHead([aSealed()])
    await fc.assert(
      fc.asyncProperty(
        fc.nat(head.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const damaged = Buffer.from(head)
          damaged[at] = (damaged[at] ?? 0) ^ by
          expect(typeof (await headIn(cache, damaged))).toBe('string')
          expect(await headIn(cache, head.subarray(0, at + (at === 0 ? 1 : 0)))).toBe(
            'its records cannot be read'
          )
        }
      ),
      { numRuns: 60 }
    )
  })

  it('is passed over by who unpacks a whole entry by hand', () => {
    if (spawnSync('zstd', ['--version']).error) return expect.soft(true).toBe(true)
    const packed = execFileSync('zstd', ['-qc'], { input: 'the archive' })
    const entry = Buffer.concat([entryHead([aSealed()]), packed])
    expect(execFileSync('zstd', ['-qdc'], { input: entry }).toString()).toBe('the archive')
  })
})
