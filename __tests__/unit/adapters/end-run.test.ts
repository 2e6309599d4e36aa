import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { RUN_VARIABLE } from '../../../src/adapters/current-run.js'
import { endRun, type TidyPorts } from '../../../src/adapters/end-run.js'
import { tidyGoneRuns } from '../../../src/adapters/gone-runs.js'
import { processesOf } from '../../../src/adapters/run-processes.js'
import { type RunEntry, readEntry, writeEntry } from '../../../src/adapters/run-register.js'
import { aRunEntry } from '../../fixtures/run-entry.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

/** A run that has left a folder with a file in it. */
function leftRun(overrides: Partial<RunEntry> = {}) {
  const id = randomBytes(8).toString('hex')
  const home = temporaryFolder()
  const entry = aRunEntry({ id, folder: join(home, `build-chain-${id}`), ...overrides })
  mkdirSync(entry.folder)
  writeFileSync(join(entry.folder, 'file'), '')
  const register = join(home, 'running')
  const open = writeEntry(join(register, id), entry)
  if (!open) throw new Error('not written')
  return {
    entry,
    register,
    open,
    found: () => readEntry(open.file) ?? { ...entry, file: '', paths: [] }
  }
}

/** Starts a script of a run's; gives it when it has said that it is there. */
async function start(id: string, body: string, name = 'program'): Promise<ChildProcess> {
  const path = writeScript(join(temporaryFolder(), name), `${body}`)
  const child = spawn(path, ['run'], {
    env: { ...process.env, [RUN_VARIABLE]: id },
    detached: true
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

const SLEEP = 'echo here; while :; do sleep 0.05; done'
const STUBBORN = `trap : TERM INT; ${SLEEP}`

/** A daemon that has containers by their labels; each is removed once. */
function daemon(
  containers: Record<string, string[]> = {}
): TidyPorts & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    kept: () => new Set(['kept']),
    engine: {
      removeContainers: async (label, except) => {
        asked.push(label)
        const there = (containers[label] ?? []).filter(id => !except?.has(id))
        containers[label] = []
        return there
      }
    }
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) =>
  exitCode !== null || signalCode !== null

describe('tidying up after a run', () => {
  it('ends its programs, those that ignore SIGTERM and those in groups of their own, too', async () => {
    const { entry, found } = leftRun()
    const children = [
      await start(entry.id, SLEEP),
      await start(entry.id, STUBBORN),
      await start(entry.id, `setsid sh -c '${STUBBORN}'`)
    ]
    const { processes } = await endRun(found(), daemon())
    expect(processes).toBeGreaterThanOrEqual(4)
    expect(processesOf(entry.id)).toEqual([])
    await expect.poll(() => children.every(hasEnded)).toBe(true)
  })

  it('touches no program of another run, nor one of nobody', async () => {
    const { entry, found } = leftRun()
    const other = await start(`${entry.id}0`, SLEEP)
    const nobody = await start('', SLEEP)
    expect(await endRun(found(), daemon())).toMatchObject({ processes: 0 })
    expect([other, nobody].map(hasEnded)).toEqual([false, false])
  })

  it('lets a docker command that makes a container come to its end, and removes what it made', async () => {
    const { entry, found } = leftRun()
    const made = join(temporaryFolder(), 'made')
    const child = await start(entry.id, `echo here; sleep 0.3; touch '${made}'; exit 7`, 'docker')
    const removed = new Set<string>()
    const removeContainers = async (label: string) => {
      const isThere = label === entry.label && existsSync(made) && !removed.has(label)
      if (isThere) removed.add(label)
      return isThere ? ['late'] : []
    }
    const ports = { ...daemon(), engine: { removeContainers } }
    expect(await endRun(found(), ports)).toMatchObject({ containers: 1 })
    await expect.poll(() => child.exitCode).toBe(7)
  })

  it('removes its containers by its labels, and none that is kept on purpose', async () => {
    const { entry, found } = leftRun()
    const ports = daemon({ [entry.label]: ['one', 'two'], [entry.keptLabel]: ['kept', 'three'] })
    expect(await endRun(found(), ports)).toMatchObject({ containers: 3 })
    expect(new Set(ports.asked)).toEqual(new Set([entry.label, entry.keptLabel]))
  })

  it('removes its folder and what was noted, and is forgotten', async () => {
    const { entry, open, found } = leftRun()
    const noted = join(temporaryFolder(), '.build-chain-0123456789ab')
    mkdirSync(noted)
    open.note(noted)
    expect(await endRun(found(), daemon())).toMatchObject({ paths: 2 })
    expect([entry.folder, noted, open.file].filter(existsSync)).toEqual([])
  })

  it('removes the lock of an image that it has, and none that another run has taken since', async () => {
    const { entry, open, found } = leftRun()
    const folder = join(temporaryFolder(), 'build-chain/projects/a/locks')
    mkdirSync(folder, { recursive: true })
    const lock = (digit: string, owner: object) => {
      const path = join(folder, digit.repeat(32))
      writeFileSync(path, `${JSON.stringify(owner)}\n`)
      open.note(path)
      return path
    }
    const own = lock('0', { ...entry.process, token: 'x' })
    const others = [lock('1', { ...entry.process, start: '1' }), lock('2', {})]
    await endRun(found(), daemon())
    expect([own, ...others].filter(existsSync)).toEqual(others)
  })

  it('whose entry another has taken away since loses nothing but its own folder', async () => {
    const { entry, open, found } = leftRun()
    const shared = join(temporaryFolder(), 'build-chain-images')
    open.note(shared)
    mkdirSync(shared)
    const before = found()
    rmSync(open.file)
    await endRun(before, daemon())
    expect([entry.folder, shared].filter(existsSync)).toEqual([shared])
  })

  it('is waited for no longer than the limit, be the daemon silent', async () => {
    const { open, found } = leftRun()
    const engine = { removeContainers: () => new Promise<never>(() => {}) }
    const tidied = await endRun(found(), { ...daemon(), engine, limit: 100 })
    expect(tidied.problem).toBe('the Docker daemon does not answer')
    expect(existsSync(open.file)).toBe(true)
  })

  it('stays written down where its containers come back as often as they are removed', async () => {
    const { open, found } = leftRun()
    const engine = { removeContainers: async () => ['one'] }
    const tidied = await endRun(found(), { ...daemon(), engine, limit: 100 })
    expect(tidied).toMatchObject({ containers: 1, problem: 'they do not end' })
    expect(existsSync(open.file)).toBe(true)
  })

  it('has a daemon that fails asked once, where that is wished', async () => {
    let times = 0
    const engine = {
      removeContainers: () => {
        times += 1
        return Promise.reject(new Error('no answer'))
      }
    }
    await endRun(leftRun().found(), { ...daemon(), engine, once: true })
    expect(times).toBe(1)
  })

  it('stays written down where the daemon does not answer', async () => {
    const { entry, open, found } = leftRun()
    const engine = { removeContainers: () => Promise.reject(new Error('no answer')) }
    const tidied = await endRun(found(), { ...daemon(), engine, limit: 100 })
    expect(tidied.problem).toBe('no answer')
    expect([entry.folder, open.file].filter(existsSync)).toEqual([open.file])
  })
})

describe('the next run', () => {
  const gone = { ...aRunEntry().process, start: '1' }

  it('tidies up after one whose process is gone, and says what was left', async () => {
    const { entry, register } = leftRun({ process: gone })
    const ports = daemon({ [entry.label]: ['one'] })
    expect(await tidyGoneRuns(register, entry.daemon, ports)).toEqual([
      'removed what a killed run had left: 1 container, 1 temporary file'
    ])
    expect(existsSync(entry.folder)).toBe(false)
    expect(await tidyGoneRuns(register, entry.daemon, ports)).toEqual([])
  })

  it.each<[string, Partial<RunEntry>]>([
    ['whose process runs', {}],
    ['in another container', { process: { ...gone, namespace: 'pid:[1]' } }],
    ['on another machine', { process: { ...gone, boot: 'other', host: 'other' } }],
    ['on another machine of this name', { process: { ...gone, boot: 'other' }, machine: 'other' }],
    ['on another daemon', { process: gone, daemon: 'tcp://other' }]
  ])('leaves one %s as it is', async (_, overrides) => {
    const { entry, register, open } = leftRun(overrides)
    const ports = daemon()
    expect(await tidyGoneRuns(register, 'context default', ports)).toEqual([])
    expect(ports.asked).toEqual([])
    expect([entry.folder, open.file].every(existsSync)).toBe(true)
  })
})
