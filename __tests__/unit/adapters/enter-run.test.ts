import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { noteTemporary, runEnvironment, temporaryRoot } from '../../../src/adapters/current-run.js'
import { enterRun } from '../../../src/adapters/enter-run.js'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { listEntries, readEntry } from '../../../src/adapters/run-register.js'
import { withPrivateFolder } from '../../../src/packer/private-folder.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

let temporary = ''

beforeEach(() => {
  temporary = temporaryFolder()
  vi.stubEnv('TMPDIR', temporary)
})

afterEach(() => vi.unstubAllEnvs())

/** Enters a run of an id of its own, which is left when the test ends. */
function enter(hasRegister = true) {
  const id = randomBytes(8).toString('hex')
  const register = hasRegister ? join(temporaryFolder(), 'running') : undefined
  const interrupt = new AbortController()
  const labels = { label: `run=${id}`, keptLabel: `kept=${id}`, daemon: 'context default' }
  const run = enterRun({ id, ...labels }, { register, signal: interrupt.signal })
  onTestFinished(() => run.leave())
  return {
    id,
    run,
    register: register ?? '',
    interrupt,
    folder: join(temporary, `build-chain-${id}`)
  }
}

describe('a run that was entered', () => {
  it('has a folder that only this user sees, to which all temporary files go', async () => {
    const { folder } = enter()
    expect(temporaryRoot()).toBe(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    const cwd = '/'
    const seen: string[] = []
    const onOutput = () => void seen.push(...readdirSync(folder))
    await exec.stream(
      { tool: 'echo', args: ['x'], cwd },
      { env: { PATH: process.env.PATH ?? '' }, onOutput }
    )
    expect(seen).toHaveLength(1)
  })

  it('is told by the environment of every program that it starts', async () => {
    const { id } = enter()
    expect(runEnvironment()).toEqual({ BUILD_CHAIN_RUN: id })
    const { stdout } = await exec.capture('env', [], { env: { PATH: process.env.PATH ?? '' } })
    expect(stdout).toContain(`BUILD_CHAIN_RUN=${id}\n`)
  })

  it('has written down, before they are there, the temporary files that lie elsewhere', async () => {
    const { run } = enter()
    const elsewhere = temporaryFolder()
    const noted = () => readEntry(run.file)?.paths ?? []
    await withPrivateFolder(elsewhere, async folder => expect(noted()).toEqual([folder]))
    await files.write(join(elsewhere, 'state.json'), '{}')
    expect(noted()[1]).toMatch(new RegExp(`^${elsewhere}/state.json\\.[0-9a-f]{12}\\.tmp$`))
  })

  it('stays written down when it is left, where its containers could not be removed', async () => {
    const { run, register, id } = enter()
    const removeContainers = () => Promise.reject(new Error('no answer'))
    const ports = { engine: { removeContainers }, kept: () => new Set<string>(), limit: 1 }
    expect((await run.tidy(ports)).problem).toBe('no answer')
    run.leave()
    expect(listEntries(register).map(entry => entry.id)).toEqual([id])
  })

  it('is forgotten when it is left, and nothing temporary of it stays', () => {
    const { run, folder, register } = enter()
    const noted = join(temporaryFolder(), '.build-chain-0123456789ab')
    noteTemporary(noted)
    mkdirSync(noted)
    run.leave()
    expect([folder, noted, run.file].filter(existsSync)).toEqual([])
    expect(listEntries(register)).toEqual([])
    expect(temporaryRoot()).toBe(temporary)
    expect(runEnvironment()).toEqual({})
  })

  it("is written down in its own folder where there is no place of the user's", () => {
    const { run, folder } = enter(false)
    expect(run.file).toBe(join(folder, 'run'))
    expect(readEntry(run.file)?.folder).toBe(folder)
  })

  it('goes on where nothing can be written', () => {
    vi.stubEnv('TMPDIR', '/proc')
    const { run } = enter(false)
    expect(run.file).toBe('')
    expect(temporaryRoot()).toBe('/proc')
    noteTemporary('/x')()
  })

  it('ends at once all that still runs where it is given up', async () => {
    const { run, id, folder } = enter()
    const env = { ...process.env, BUILD_CHAIN_RUN: id }
    const child = spawn('sh', ['-c', 'trap : TERM INT; echo here; while :; do sleep 1; done'], {
      env
    })
    await once(child.stdout, 'data')
    run.giveUp()
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    expect(existsSync(folder)).toBe(false)
    expect(existsSync(run.file)).toBe(true)
  })

  it('ends after an interrupt what it has called and waits for', async () => {
    const { interrupt } = enter()
    const call = exec.capture('sleep', ['600'])
    interrupt.abort()
    expect((await call).status).not.toBe(0)
  })
})
