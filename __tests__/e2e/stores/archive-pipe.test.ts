import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { ArchivePipe, type Packing } from '../../../src/adapters/stores/archive-pipe.js'
import { type CacheServer, startCacheServer } from '../../fixtures/cache-server.js'
import { callsAtOnce } from '../../fixtures/calls-at-once.js'
import { gate } from '../../fixtures/fake-ports.js'
import { isAlive } from '../../fixtures/is-alive.js'
import { smallDisk } from '../../fixtures/small-disk.js'
import { tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'
import { env, type MadeImage, openDaemon } from './daemon.js'
import { archiveProgram } from './programs.js'

const LIMIT = 100_000_000
/** What daemons say of an image that they do not have. */
const NOT_THERE = /no such (image|file)|does not exist/i

/** The environment of a docker command that finds the daemon by a context, as with a remote one: there is no socket. */
function byContext(): Record<string, string> {
  const { DOCKER_HOST = 'unix:///var/run/docker.sock', ...others } = env
  const own = { ...others, DOCKER_CONFIG: temporaryFolder() }
  const words = ['context', 'create', 'other', '--docker', `host=${DOCKER_HOST}`]
  execFileSync('docker', words, { env: own, stdio: 'pipe' })
  return { ...own, DOCKER_CONTEXT: 'other' }
}

const open = async (environment: Record<string, string>, packing: Packing = 'zstd') =>
  new ArchivePipe({ env: environment, packing, programUrl: await archiveProgram })

const startServer = () =>
  startCacheServer({ workspace: temporaryFolder(), temporary: temporaryFolder() })

/** What comes before an archive. */
const HEAD = Buffer.from('the head')

const options = ({ signal } = new AbortController()) => ({ calls: callsAtOnce(signal), signal })

const targetAt = (url: URL) => ({ reserve: async () => url, head: HEAD })

const sourceAt = (url: URL) => ({ url, from: HEAD.length })

const PACKED = { zstd: ['zstd', '-qc'], gzip: ['gzip', '-c'] } as const

/** The address of an archive, packed. */
function packedAt(server: CacheServer, archive: Buffer, packing: Packing = 'zstd'): URL {
  const [tool, ...words] = PACKED[packing]
  const input = { input: archive, maxBuffer: Number.POSITIVE_INFINITY }
  return server.add(Buffer.concat([HEAD, execFileSync(tool, words, input)]))
}

function unpacked(content: Buffer | undefined): Buffer {
  const input = content?.subarray(HEAD.length) ?? ''
  return execFileSync('zstd', ['-qdc'], { input, maxBuffer: Number.POSITIVE_INFINITY })
}

const idOf = ({ record }: MadeImage) => record.imageId

describe.each([
  ['by the socket of the daemon', () => env],
  ['by the docker command', byContext]
])('images that move %s', (_, environment) => {
  it.each(['zstd', 'gzip'] as const)('come back as they were, packed by %s', async packing => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const app = daemon.makeOn(base, 'app')
    const images = { ids: [idOf(base), idOf(app)], limit: LIMIT }
    const pipe = await open(environment(), packing)
    const server = await startServer()
    const url = server.add(Buffer.alloc(0))
    const sent = await pipe.save(images, targetAt(url), options())
    const { content } = server.entries[0] ?? {}
    expect(sent).toEqual({ what: 'done', bytes: content?.length })
    expect(content?.subarray(0, HEAD.length)).toEqual(HEAD)
    expect(content?.length).toBeLessThan(3_000_000)
    daemon.forget(app, base)
    expect(await pipe.check(images, sourceAt(url), options())).toEqual({ what: 'done' })
    expect(daemon.has(idOf(base))).toBe(false)
    expect(await pipe.load(images, sourceAt(url), options())).toEqual({ what: 'done' })
    expect([daemon.has(idOf(base)), daemon.has(idOf(app)), daemon.tags()]).toEqual([true, true, {}])
  })

  it('are not loaded, none of them, where something is odd at the very end', async () => {
    const daemon = await openDaemon()
    const [base, other] = [daemon.make('base'), daemon.make('other')] as const
    const both = [idOf(base), idOf(other)]
    const pipe = await open(environment())
    const server = await startServer()
    const images = { ids: both, limit: LIMIT }
    await pipe.save(images, targetAt(server.add(Buffer.alloc(0))), options())
    daemon.forget(base, other)
    const saved = unpacked(server.entries[0]?.content)
    const refused = async (archive: Buffer, ids = both) => {
      const source = sourceAt(packedAt(server, archive))
      const answer = await pipe.load({ ids, limit: LIMIT }, source, options())
      expect([daemon.has(idOf(base)), daemon.has(idOf(other)), daemon.tags()]).toEqual([
        false,
        false,
        {}
      ])
      return answer
    }
    const tagged = tarParts(saved).map(part => {
      if (part.name !== 'manifest.json') return part
      const content = part.content?.toString().replace('null', `["${base.tag}"]`) ?? ''
      return { ...part, content }
    })
    const why = (text: string) => ({ what: 'refused', why: expect.stringContaining(text) })
    expect(await refused(tarArchive(tagged))).toEqual(why('it would set tags'))
    expect(await refused(saved, [idOf(base)])).toEqual(why('not those of its records'))
    const odd = [...tarParts(saved), { name: 'odd', content: '' }]
    expect(await refused(tarArchive(odd))).toEqual(why('odd does not belong in it'))
    const filler = { name: `blobs/sha256/${'f'.repeat(64)}`, content: Buffer.alloc(3_000_000) }
    const large = tarArchive([...tarParts(saved), filler])
    expect(await refused(tarArchive([...tagged, filler]))).toEqual(why('it would set tags'))
    expect(await refused(tarArchive([...tagged, filler, ...odd.slice(-1)]))).toEqual(
      why('odd does not belong in it')
    )
    for (const missing of [1024, 1024 + 512, 2_000_000]) {
      const cut = tarArchive([...tagged, filler]).subarray(0, -missing)
      expect((await refused(cut)).what).not.toBe('done')
      expect((await refused(large.subarray(0, -missing))).what).not.toBe('done')
    }
    const { what } = await refused(tarArchive(tarParts(saved)).subarray(0, -1024))
    expect(['refused', 'failed']).toContain(what)
    const small = { ids: both, limit: 4_000 }
    const source = sourceAt(packedAt(server, saved))
    expect(await pipe.load(small, source, options())).toEqual({ what: 'too large' })
    expect(daemon.has(idOf(base))).toBe(false)
  })

  it('are not sent where they are over the limit, or are not there', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', randomBytes(9_000_000).toString('hex'))
    const server = await startServer()
    const pipe = await open(environment())
    const target = targetAt(server.add(Buffer.alloc(0)))
    const small = { ids: [idOf(base)], limit: 17_000_000 }
    expect(await pipe.save(small, target, options())).toEqual({ what: 'too large' })
    const none = { ids: [`sha256:${'0'.repeat(64)}`], limit: LIMIT }
    expect(await pipe.save(none, target, options())).toEqual({
      what: 'failed',
      why: expect.stringMatching(NOT_THERE)
    })
    expect(server.entries[0]?.content).toHaveLength(0)
  })

  it('may be thousands, whose ids no single word can hold', async () => {
    const ids = Array.from({ length: 3_000 }, (_, n) => `sha256:${String(n).padStart(64, '0')}`)
    const pipe = await open(environment())
    const target = targetAt((await startServer()).add(Buffer.alloc(0)))
    const answer = await pipe.save({ ids, limit: 9 }, target, options())
    expect(answer).toMatchObject({ why: expect.stringMatching(NOT_THERE) })
  })

  it('are not there where the network fails, in its words', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const images = { ids: [idOf(base)], limit: LIMIT }
    const server = await startServer()
    const pipe = await open(environment())
    const gone = new URL('/blob/99', server.add(Buffer.alloc(0)))
    const answer = { what: 'failed', why: 'the archive was answered by 404' }
    expect(await pipe.save(images, targetAt(gone), options())).toEqual(answer)
    const unreserved = { reserve: () => Promise.reject(new Error('nobody')), head: HEAD }
    const unkept = { what: 'failed', why: 'nobody' }
    expect(await pipe.save(images, unreserved, options())).toEqual(unkept)
    daemon.forget(base)
    expect(await pipe.load(images, sourceAt(gone), options())).toEqual(answer)
    expect(daemon.has(idOf(base))).toBe(false)
  })

  it('are not taken for good where what packs them is damaged at its very end', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const images = { ids: [idOf(base)], limit: LIMIT }
    for (const packing of ['zstd', 'gzip'] as const) {
      const server = await startServer()
      const pipe = await open(environment(), packing)
      await pipe.save(images, targetAt(server.add(Buffer.alloc(0))), options())
      const whole = server.entries[0]?.content ?? Buffer.alloc(0)
      const odd = Buffer.from(whole)
      odd[whole.length - 6] = (whole[whole.length - 6] ?? 0) ^ 1
      for (const content of [whole.subarray(0, -2), odd]) {
        const source = sourceAt(server.add(content))
        expect((await pipe.load(images, source, options())).what).toBe('failed')
      }
      const { what } = await pipe.load(images, sourceAt(server.add(whole)), options())
      expect(what).toBe('done')
    }
  })

  it('are refused in the words of what unpacks them', async () => {
    const server = await startServer()
    const pipe = await open(environment())
    const source = sourceAt(server.add(Buffer.from('the head, and no archive')))
    const answer = await pipe.load({ ids: ['a'], limit: LIMIT }, source, options())
    expect(answer).toEqual({ what: 'failed', why: expect.stringContaining('zstd') })
  })
})

it('a copy for the docker command that does not fit is not loaded', async () => {
  const daemon = await openDaemon()
  const base = daemon.make('base', randomBytes(3_000_000).toString('hex'))
  const images = { ids: [idOf(base)], limit: LIMIT }
  const server = await startServer()
  const pipe = await open(byContext())
  const url = server.add(Buffer.alloc(0))
  await pipe.save(images, targetAt(url), options())
  daemon.forget(base)
  vi.stubEnv('TMPDIR', smallDisk(64 * 1024))
  expect(await pipe.load(images, sourceAt(url), options())).toEqual({
    what: 'failed',
    why: expect.stringMatching(/no space left/i)
  })
  expect(daemon.has(idOf(base))).toBe(false)
})

/** A pipe to a daemon that answers so. */
async function pipeTo(answers: RequestListener) {
  const path = join(temporaryFolder(), 'docker.sock')
  const server = createServer(answers)
  await new Promise<void>(resolve => server.listen(path, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return open({ ...env, DOCKER_HOST: `unix://${path}` })
}

/** Bytes that the program takes before it passes them on; the first part of a blob unpacks to less than two such. */
const PIECE = 1 << 20

const ERROR = '{"errorDetail":{"message":"no space left"},"error":"no space left"}\r\n'

describe('a daemon that fails', () => {
  const half = tarArchive([{ name: `${'a'.repeat(64)}.json`, content: 'x'.repeat(100_000) }])
  const images = { ids: ['a'], limit: LIMIT }

  /** What came of images that such a daemon gives, and what was kept of them. */
  async function saved(answers: RequestListener) {
    const server = await startServer()
    const pipe = await pipeTo(answers)
    const answer = await pipe.save(images, targetAt(server.add(Buffer.alloc(0))), options())
    return [answer, server.entries[0]?.content?.length]
  }

  it('among the bytes that it gives is told in its words', async () => {
    const answer = await saved((_, response) => {
      response.write(half.subarray(0, 50_000))
      response.end(ERROR)
    })
    expect(answer).toEqual([{ what: 'failed', why: 'no space left' }, 0])
  })

  it('without a word is told as one that broke off', async () => {
    const answer = await saved((_, response) => {
      response.write(half.subarray(0, 50_000), () => response.socket?.destroy())
    })
    expect(answer).toEqual([{ what: 'failed', why: 'the daemon broke off' }, 0])
  })

  it('while it waits for more is told in its words', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', randomBytes(3_000_000).toString('hex'))
    const server = await startServer()
    const url = server.add(Buffer.alloc(0))
    const kept = { ids: [idOf(base)], limit: LIMIT }
    await (await open(env)).save(kept, targetAt(url), options())
    const content = server.entries[0]?.content ?? Buffer.alloc(0)
    const closed = gate<void>()
    const pipe = await pipeTo((request, response) => {
      let came = 0
      request.on('data', (piece: Buffer) => {
        came += piece.length
        if (came === PIECE) response.writeHead(500).end('{"message":"no space left"}')
      })
      response.on('close', () => closed.open())
    })
    // The second part comes only when the daemon has given up.
    const halting = createServer(async (request, response) => {
      const [, first, last] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? []
      const [from, to] = [Number(first), Math.min(Number(last) + 1, content.length)]
      if (from > HEAD.length) await closed.promise
      const range = `bytes ${from}-${to - 1}/${content.length}`
      response.writeHead(206, { 'content-range': range }).end(content.subarray(from, to))
    })
    await new Promise<void>(resolve => halting.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void halting.close())
    const { port } = halting.address() as AddressInfo
    const source = sourceAt(new URL(`http://127.0.0.1:${port}/`))
    const loaded = await pipe.load(kept, source, options())
    expect(loaded).toEqual({ what: 'failed', why: 'no space left' })
  })
})

it('what moves images ends with the signal, with all that it started', async () => {
  const folder = temporaryFolder()
  const pid = join(folder, 'pid')
  writeScript(join(folder, 'docker'), `echo $$ >'${pid}'; exec sleep 1000`)
  const own = { ...env, PATH: `${folder}:${env.PATH}`, DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const end = new AbortController()
  const pipe = await open(own)
  const target = targetAt((await startServer()).add(Buffer.alloc(0)))
  const saved = pipe.save({ ids: ['a'], limit: LIMIT }, target, options(end))
  const isStarted = () => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n')
  while (!isStarted()) await new Promise(resolve => setImmediate(resolve))
  end.abort(new Error('over'))
  await expect(saved).rejects.toThrow('over')
  const started = Number(readFileSync(pid, 'utf8'))
  await vi.waitFor(() => expect(isAlive(started)).toBe(false))
})
