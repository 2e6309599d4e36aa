import { execFileSync } from 'node:child_process'
import {
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { archivesByProgram } from '../../../src/adapters/stores/archive-pipe.js'
import { gate } from '../../fixtures/fake-ports.js'
import { isAlive } from '../../fixtures/is-alive.js'
import { fillDisk, smallDisk } from '../../fixtures/small-disk.js'
import { tarArchive, tarParts } from '../../fixtures/tar-archive.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'
import { env, type MadeImage, openDaemon } from './daemon.js'
import { bundleProgram } from './github-program.js'

const bundles = mkdtempSync(join(tmpdir(), 'build-chain-test-'))
const program = bundleProgram('archive-program', bundles)
process.once('exit', () => rmSync(bundles, { recursive: true, force: true }))

const LIMIT = 100_000_000
/** What daemons say of an image that they do not have. */
const NOT_THERE = /no such (image|file)|does not exist/i
const { signal } = new AbortController()

/** The environment of a docker command that finds the daemon by a context, as with a remote one: there is no socket. */
function byContext(): Record<string, string> {
  const { DOCKER_HOST = 'unix:///var/run/docker.sock', ...others } = env
  const own = { ...others, DOCKER_CONFIG: temporaryFolder() }
  const words = ['context', 'create', 'other', '--docker', `host=${DOCKER_HOST}`]
  execFileSync('docker', words, { env: own, stdio: 'pipe' })
  return { ...own, DOCKER_CONTEXT: 'other' }
}

const open = async (environment: Record<string, string>) =>
  archivesByProgram({ exec, env: environment, programUrl: await program })

const idOf = ({ record }: MadeImage) => record.imageId

describe.each([
  ['by the socket of the daemon', () => env],
  ['by the docker command', byContext]
])('images that move %s', (_, environment) => {
  it.each(['images.tar', 'images.tar.zst'])('come back as they were from %s', async name => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const app = daemon.makeOn(base, 'app')
    const images = {
      file: join(temporaryFolder(), name),
      ids: [idOf(base), idOf(app)],
      limit: LIMIT
    }
    const pipe = await open(environment())
    expect(await pipe.save(images, signal)).toEqual({ what: 'done' })
    const size = statSync(images.file)
    expect(size.mode & 0o777).toBe(0o600)
    expect(size.size < 3_000_000).toBe(name.endsWith('.zst'))
    daemon.forget(app, base)
    expect(await pipe.check(images, signal)).toEqual({ what: 'done' })
    expect(daemon.has(idOf(base))).toBe(false)
    expect(await pipe.load(images, signal)).toEqual({ what: 'done' })
    expect([daemon.has(idOf(base)), daemon.has(idOf(app)), daemon.tags()]).toEqual([true, true, {}])
  })

  it('are not loaded, none of them, where something is odd at the very end', async () => {
    const daemon = await openDaemon()
    const [base, other] = [daemon.make('base'), daemon.make('other')] as const
    const file = join(temporaryFolder(), 'images.tar')
    const both = [idOf(base), idOf(other)]
    const pipe = await open(environment())
    await pipe.save({ file, ids: both, limit: LIMIT }, signal)
    daemon.forget(base, other)
    const saved = readFileSync(file)
    const refused = async (archive: Buffer, ids = both) => {
      writeFileSync(file, archive)
      const answer = await pipe.load({ file, ids, limit: LIMIT }, signal)
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
    writeFileSync(file, saved)
    const small = { file, ids: both, limit: 4_000 }
    expect(await pipe.load(small, signal)).toEqual({ what: 'too large' })
    expect(daemon.has(idOf(base))).toBe(false)
  })

  it('are not written where they are over the limit, or are not there', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(200_000))
    const file = join(temporaryFolder(), 'images.tar.zst')
    const pipe = await open(environment())
    const small = { file, ids: [idOf(base)], limit: 100_000 }
    expect(await pipe.save(small, signal)).toEqual({ what: 'too large' })
    const none = { file, ids: [`sha256:${'0'.repeat(64)}`], limit: LIMIT }
    expect(await pipe.save(none, signal)).toEqual({
      what: 'failed',
      why: expect.stringMatching(NOT_THERE)
    })
  })

  it('may be thousands, whose ids no single word can hold', async () => {
    const ids = Array.from({ length: 3_000 }, (_, n) => `sha256:${String(n).padStart(64, '0')}`)
    const pipe = await open(environment())
    const answer = await pipe.save({ file: join(temporaryFolder(), 'x'), ids, limit: 9 }, signal)
    expect(answer).toMatchObject({ why: expect.stringMatching(NOT_THERE) })
  })

  it('tell of a disk that is full in its own words', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const disk = smallDisk(64 * 1024)
    fillDisk(disk)
    const pipe = await open(environment())
    for (const name of ['images.tar', 'images.tar.zst']) {
      const file = join(disk, name)
      expect(await pipe.save({ file, ids: [idOf(base)], limit: LIMIT }, signal)).toEqual({
        what: 'failed',
        why: expect.stringMatching(/no space left/i)
      })
    }
  })
})

/** Bytes that the program takes before it passes them on. */
const PIECE = 1 << 20

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

const ERROR = '{"errorDetail":{"message":"no space left"},"error":"no space left"}\r\n'

describe('a daemon that fails', () => {
  const half = tarArchive([{ name: `${'a'.repeat(64)}.json`, content: 'x'.repeat(100_000) }])
  const images = () => ({ file: join(temporaryFolder(), 'images.tar'), ids: ['a'], limit: LIMIT })

  it('among the bytes that it gives is told in its words', async () => {
    const pipe = await pipeTo((_, response) => {
      response.write(half.subarray(0, 50_000))
      response.end(ERROR)
    })
    expect(await pipe.save(images(), signal)).toEqual({ what: 'failed', why: 'no space left' })
  })

  it('without a word is told as one that broke off', async () => {
    const pipe = await pipeTo((_, response) => {
      response.write(half.subarray(0, 50_000), () => response.socket?.destroy())
    })
    const answer = { what: 'failed', why: 'the daemon broke off' }
    expect(await pipe.save(images(), signal)).toEqual(answer)
  })

  it('while it waits for more is told in its words', async () => {
    const daemon = await openDaemon()
    const base = daemon.make('base', 'x'.repeat(3_000_000))
    const kept = { file: join(temporaryFolder(), 'images.tar'), ids: [idOf(base)], limit: LIMIT }
    await (await open(env)).save(kept, signal)
    const archive = readFileSync(kept.file)
    const closed = gate<void>()
    const pipe = await pipeTo((request, response) => {
      let came = 0
      request.on('data', (piece: Buffer) => {
        came += piece.length
        if (came === PIECE) response.writeHead(500).end('{"message":"no space left"}')
      })
      response.on('close', () => closed.open())
    })
    rmSync(kept.file)
    execFileSync('mkfifo', [kept.file])
    const loaded = pipe.load(kept, signal)
    const input = createWriteStream(kept.file).on('error', () => {})
    input.write(archive.subarray(0, 1_500_000))
    await closed.promise
    input.end(archive.subarray(1_500_000))
    expect(await loaded).toEqual({ what: 'failed', why: 'no space left' })
  })
})

it('what moves images ends with the signal, with all that it started', async () => {
  const folder = temporaryFolder()
  const pid = join(folder, 'pid')
  writeScript(join(folder, 'docker'), `echo $$ >'${pid}'; exec sleep 1000`)
  const own = { ...env, PATH: `${folder}:${env.PATH}`, DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const end = new AbortController()
  const pipe = await open(own)
  const saved = pipe.save({ file: join(folder, 'x'), ids: ['a'], limit: LIMIT }, end.signal)
  const isStarted = () => existsSync(pid) && readFileSync(pid, 'utf8').endsWith('\n')
  while (!isStarted()) await new Promise(resolve => setImmediate(resolve))
  end.abort(new Error('over'))
  await expect(saved).rejects.toThrow('over')
  const started = Number(readFileSync(pid, 'utf8'))
  await vi.waitFor(() => expect(isAlive(started)).toBe(false))
})
