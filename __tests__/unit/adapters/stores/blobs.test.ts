import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readBlob, readBlobStart } from '../../../../src/adapters/stores/blob-read.js'
import { writeBlob } from '../../../../src/adapters/stores/blob-write.js'
import type { HttpCalls } from '../../../../src/adapters/stores/http-calls.js'
import { type CacheServer, startCacheServer } from '../../../fixtures/cache-server.js'
import { callsAtOnce } from '../../../fixtures/calls-at-once.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

/** Writes to an address that is known. */
const writeTo = (url: URL, input: AsyncIterable<Buffer>, calls = callsAtOnce()) =>
  writeBlob(calls, async () => url, input)

const server = () =>
  startCacheServer({ workspace: temporaryFolder(), temporary: temporaryFolder() })

/** More than the parts that are on their way at once, and no whole number of them. */
const LARGE = randomBytes(50_000_001)

async function* piecesOf(content: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
}

async function readAll(calls: HttpCalls, url: URL, from: number): Promise<Buffer> {
  const all: Buffer[] = []
  await readBlob(
    calls,
    url,
    from,
    async pieces => void all.push(...pieces.map(p => Buffer.from(p)))
  )
  return Buffer.concat(all)
}

/** The first call of a kind fails so. */
function failOnce(cache: CacheServer, call: string, fault: 'fail' | 'cut' | 'reset', skipped = 0) {
  let seen = 0
  cache.fault = each => (each === call && seen++ === skipped ? fault : undefined)
}

describe.each([true, false])('a blob of a server that gives parts: %s', givesParts => {
  it('comes whole and in order from any byte on', async () => {
    const cache = await server()
    cache.givesParts = givesParts
    for (const from of [0, 1, 3_000_000, LARGE.length - 1]) {
      const came = await readAll(callsAtOnce(), cache.add(LARGE), from)
      expect(came.equals(LARGE.subarray(from))).toBe(true)
    }
  })

  it('comes whole where calls fail on the way', async () => {
    const cache = await server()
    cache.givesParts = givesParts
    for (const fault of ['fail', 'cut', 'reset'] as const) {
      failOnce(cache, 'GET', fault, 1)
      const came = await readAll(callsAtOnce(), cache.add(LARGE), 5)
      expect(came.equals(LARGE.subarray(5))).toBe(true)
    }
  })

  it('is read no further than its start, for who wants no more', async () => {
    const cache = await server()
    cache.givesParts = givesParts
    const url = cache.add(LARGE)
    for (const size of [1, 70_000, LARGE.length + 1]) {
      const start = await readBlobStart(callsAtOnce(), url, size)
      expect(start.equals(LARGE.subarray(0, size))).toBe(true)
    }
  })
})

describe('a blob', () => {
  it('that is gone, or that has nothing from there on, is not asked for again', async () => {
    const cache = await server()
    const url = cache.add(Buffer.from('short'))
    await expect(readAll(callsAtOnce(), url, 5)).rejects.toThrow('answered by 416')
    const gone = new URL('/blob/99', url)
    await expect(readAll(callsAtOnce(), gone, 0)).rejects.toThrow('answered by 404')
    await expect(readBlobStart(callsAtOnce(), gone, 9)).rejects.toThrow('answered by 404')
    expect(cache.calls).toEqual(['GET', 'GET', 'GET'])
  })

  it('whose parts go on failing fails', async () => {
    const cache = await server()
    let asked = 0
    cache.fault = () => (asked++ > 2 ? 'reset' : undefined)
    await expect(readAll(callsAtOnce(), cache.add(LARGE), 0)).rejects.toThrow()
  })

  it('whose parts are shorter than they are said to be fails', async () => {
    const server = createServer((_, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-99/100' }).end('ten bytes.')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const calls = callsAtOnce()
    await expect(readAll(calls, url, 0)).rejects.toThrow('a part of the archive is cut')
    calls.close()
  })

  it.each(['bytes 5-104/100', 'bytes 0-99/*', ''])(
    'whose parts may be others than those that were asked for fails: %s',
    async range => {
      const server = createServer((_, response) => {
        response.writeHead(206, { 'content-range': range }).end(LARGE.subarray(0, 100))
      })
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
      onTestFinished(() => void server.close())
      const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      const calls = callsAtOnce()
      await expect(readAll(calls, url, 0)).rejects.toThrow('which part of the archive came')
      calls.close()
    }
  )

  it('ends where nobody takes it', async () => {
    const cache = await server()
    let taken = 0
    const read = readBlob(callsAtOnce(), cache.add(LARGE), 0, async () => {
      taken += 1
      throw new Error('no more')
    })
    await expect(read).rejects.toThrow('no more')
    expect(taken).toBe(1)
    cache.givesParts = false
    const whole = readBlob(callsAtOnce(), cache.add(LARGE), 0, async () => {
      taken += 1
      throw new Error('no more of the whole')
    })
    await expect(whole).rejects.toThrow('no more of the whole')
    expect(taken).toBe(2)
  })

  it('is made of what comes, however it is cut', async () => {
    const cache = await server()
    const sizes = fc.record({
      size: fc.oneof(fc.nat(2_000), fc.integer({ min: 4_190_000, max: 4_200_000 })),
      piece: fc.integer({ min: 200_000, max: 9_000_000 })
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ size, piece }) => {
        const content = LARGE.subarray(0, size + 1)
        const url = cache.add(Buffer.alloc(0))
        const bytes = await writeTo(url, piecesOf(content, piece))
        expect(bytes).toBe(content.length)
        expect(cache.entries.at(-1)?.content?.equals(content)).toBe(true)
      }),
      { numRuns: 20 }
    )
    const bytes = await writeTo(cache.add(LARGE), piecesOf(LARGE, 65_536))
    expect(bytes).toBe(LARGE.length)
    expect(cache.entries.at(-1)?.content?.equals(LARGE)).toBe(true)
  })

  it('is asked where it is to be once there is something, and not before', async () => {
    const cache = await server()
    const url = cache.add(Buffer.alloc(0))
    const order: string[] = []
    async function* twice() {
      order.push('begins')
      yield LARGE
      order.push('goes on')
      yield LARGE
    }
    const addressOf = async () => {
      order.push('asked')
      return url
    }
    await writeBlob(callsAtOnce(), addressOf, twice())
    expect(order).toEqual(['begins', 'asked', 'goes on'])
    const refused = writeBlob(callsAtOnce(), () => Promise.reject(new Error('taken')), twice())
    await expect(refused).rejects.toThrow('taken')
  })

  it('that is small is made by one call', async () => {
    const cache = await server()
    await writeTo(cache.add(Buffer.alloc(0)), piecesOf(LARGE.subarray(0, 99), 9))
    expect(cache.calls).toEqual(['PUT'])
  })

  it('is whole where calls fail on the way', async () => {
    const cache = await server()
    for (const fault of ['fail', 'reset'] as const) {
      failOnce(cache, 'PUT', fault, 2)
      await writeTo(cache.add(Buffer.alloc(0)), piecesOf(LARGE, 300_000))
      expect(cache.entries.at(-1)?.content?.equals(LARGE)).toBe(true)
    }
  })

  it.each([100, 30_000_000])('is none where what comes breaks off after %i bytes', async size => {
    const cache = await server()
    async function* broken() {
      yield LARGE.subarray(0, size)
      throw new Error('no more')
    }
    const written = writeTo(cache.add(Buffer.alloc(0)), broken())
    await expect(written).rejects.toThrow('no more')
    expect(cache.entries.at(-1)?.content).toHaveLength(0)
  })

  it('is none where a block of it does not come', async () => {
    const cache = await server()
    cache.fault = (_, { searchParams }) =>
      searchParams.get('comp') === 'block' ? 'fail' : undefined
    const url = cache.add(Buffer.alloc(0))
    const few = LARGE.subarray(0, 20_000_000)
    await expect(writeTo(url, piecesOf(few, 300_000))).rejects.toThrow('500')
    expect(cache.entries.at(-1)?.content).toHaveLength(0)
  })

  it('is none where the server refuses it, of which nothing more is read then', async () => {
    const cache = await server()
    let read = 0
    async function* endless() {
      for (;;) {
        read += 1
        yield LARGE
      }
    }
    const gone = new URL('/blob/99', cache.add(LARGE))
    await expect(writeTo(gone, endless())).rejects.toThrow('answered by 404')
    expect(read).toBeLessThan(5)
  })
})
