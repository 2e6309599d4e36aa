import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { watchLoading } from '../fixtures/loaded.js'
import { DIST, runProgram } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const CHUNK = /^hash-side-by-side-.*\.js$/

/** Writes files of so many bytes, each with a content of its own. */
function writeFiles(folder: string, sizes: readonly number[]) {
  return sizes.map((size, at) => {
    const path = join(folder, `file-${at}`)
    writeFileSync(path, Buffer.alloc(size, `file ${at} `))
    return { path, size }
  })
}

/** One that this process may use. */
const firstProcessor = () =>
  /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

type SideBySide = typeof import('../../src/adapters/hash-side-by-side.js')['hashSideBySide']

/** As it is in dist: a thread cannot load its source. */
function bundled(): SideBySide {
  const chunks = join(DIST, 'chunks')
  const name = readdirSync(chunks).find(each => CHUNK.test(each)) ?? ''
  return createRequire(import.meta.url)(join(chunks, name)).hashSideBySide
}

describe('large files', () => {
  it('are hashed by threads too, each once, and right', async () => {
    const files = writeFiles(
      temporaryFolder(),
      [0, 1, 40_000_000, 30_000_000, 20_000_000, 20_000_000]
    )
    const here: string[] = []
    const found = await bundled()(files, ({ path }) => {
      here.push(path)
      return hashOf(path)
    })
    expect(found).toEqual(new Map(files.map(({ path }) => [path, hashOf(path)])))
    expect(here.length).toBeLessThan(availableParallelism() > 1 ? files.length : files.length + 1)
  })

  it('that a thread cannot read are left to who tells of it', async () => {
    const files = writeFiles(temporaryFolder(), Array(4).fill(30_000_000))
    for (const { path } of files) rmSync(path)
    const found = await bundled()(files, () => 'here')
    expect([...found.values()].every(value => value === 'here')).toBe(true)
  })

  it('make the same fingerprint on all processors as on one', async () => {
    const cwd = temporaryProject()
    writeTree(cwd, {
      'docker/IMAGES.json': manifest({ tag: 'acme/app:1', dockerfile: 'Dockerfile' }),
      Dockerfile: 'FROM scratch\nCOPY data /data\n',
      'data/small': 'small'
    })
    writeFiles(join(cwd, 'data'), [40_000_000, 30_000_000])
    const { env, loaded } = watchLoading()
    const plan = async (...program: string[]) => {
      const [tool = '', ...words] = [...program, process.execPath, join(DIST, 'cli.js')]
      const args = [...words, 'plan', '--format', 'json']
      const own = { ...standIns().env, ...env, XDG_STATE_HOME: temporaryFolder() }
      const { stdout } = await runProgram(tool, args, { cwd, env: own })
      expect(loaded().files.some(file => file.includes('hash-side-by-side'))).toBe(true)
      return JSON.parse(stdout).images[0].fingerprint as string
    }
    expect(await plan()).toBe(await plan('taskset', '-c', firstProcessor()))
  })
})
