import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bundle, startChild } from '../../fixtures/child.js'

/** Waits for a signal and tells of it; ends when it has heard as many as it is to. */
const WAITING = `
import { onInterrupt } from './src/adapters/interrupt.ts'
const { signal, release } = onInterrupt()
const alive = setInterval(() => {}, 1000)
let heard = 0
const end = () => {
  heard += 1
  console.log('heard ' + heard + ' aborted ' + signal.aborted)
  if (heard === Number(process.env.COUNT)) clearInterval(alive)
}
process.on('SIGINT', end)
process.on('SIGTERM', end)
process.on('SIGHUP', end)
signal.addEventListener('abort', () => console.log('abort'))
if (process.env.COUNT === '0') {
  process.off('SIGINT', end)
  process.off('SIGTERM', end)
  process.off('SIGHUP', end)
  release()
}
console.log('ready')
`

async function child(count: number) {
  return startChild(await bundle(WAITING), { ...process.env, _: '', COUNT: String(count) })
}

describe('an interrupt', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'comes with the first %s, and the process lives on',
    async name => {
      const { process: waiting, until, ended } = await child(1)
      await until('ready')
      waiting.kill(name)
      const { status, stdout } = await ended
      expect(stdout.toString()).toBe('ready\nabort\nheard 1 aborted true\n')
      expect(status).toBe(0)
    }
  )

  it('comes once: a second signal neither ends the process nor interrupts again', async () => {
    const { process: waiting, until, ended } = await child(2)
    await until('ready')
    waiting.kill('SIGINT')
    await until('heard 1')
    waiting.kill('SIGTERM')
    const { status, stdout } = await ended
    expect(stdout.toString().match(/^abort$/gm)).toHaveLength(1)
    expect(status).toBe(0)
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is not waited for after its release: %s ends the process',
    async name => {
      const { process: waiting, until, ended } = await child(0)
      await until('ready')
      waiting.kill(name)
      expect((await ended).signal).toBe(name)
    }
  )
})

/** Runs a builder that does not heed SIGTERM, with a grace of ten minutes. */
const STUBBORN = `
import { exec } from './src/adapters/exec.ts'
import { onInterrupt } from './src/adapters/interrupt.ts'
const { signal } = onInterrupt()
const args = ['-c', 'trap "echo told" TERM; echo ready; while :; do sleep 0.05; done']
const onOutput = chunk => console.log(chunk.toString())
const options = { env: { PATH: process.env.PATH }, signal, grace: 600_000, onOutput }
await exec.stream({ tool: 'sh', args, cwd: '/' }, options)
console.log('ended')
process.exit()
`

describe('a second interrupt', () => {
  it('is no closed terminal, which may come after any other', async () => {
    const { process: waiting, until, ended } = await startStubborn()
    await until('ready')
    waiting.kill('SIGINT')
    await until('told')
    await sleep(400)
    waiting.kill('SIGHUP')
    await sleep(400)
    expect(waiting.exitCode).toBeNull()
    waiting.kill('SIGINT')
    await ended
  })

  it('kills what does not end by the first', async () => {
    const { process: waiting, until, ended } = await startStubborn()
    await until('ready')
    waiting.kill('SIGINT')
    await until('told')
    const again = setInterval(() => waiting.kill('SIGINT'), 100)
    const { status, stdout } = await ended.finally(() => clearInterval(again))
    expect(stdout.toString()).toMatch(/ended\n$/)
    expect(status).toBe(0)
  })

  it('is no second one where it comes with the first, as npm hands it on', async () => {
    const { process: waiting, until, ended } = await startStubborn()
    await until('ready')
    waiting.kill('SIGINT')
    waiting.kill('SIGTERM')
    await until('told')
    expect(waiting.exitCode).toBeNull()
    const again = setInterval(() => waiting.kill('SIGINT'), 100)
    await ended.finally(() => clearInterval(again))
  })
})

const startStubborn = async () => startChild(await bundle(STUBBORN))

describe('what is not done some seconds after an interrupt', () => {
  it('is given up', async () => {
    const GIVING_UP = `
      import { onInterrupt } from './src/adapters/interrupt.ts'
      onInterrupt(() => process.exit(9))
      setInterval(() => {}, 1000)
      console.log('ready')
    `
    const { process: waiting, until, ended } = await startChild(await bundle(GIVING_UP))
    await until('ready')
    waiting.kill('SIGINT')
    expect((await ended).status).toBe(9)
  })
})

/** Closes its own terminal, as it were, and tells what came of it. */
const HUNG_UP = `
  import { onInterrupt } from './src/adapters/interrupt.ts'
  const { signal } = onInterrupt()
  process.kill(process.pid, 'SIGHUP')
  setTimeout(() => console.log('aborted ' + signal.aborted), 200)
`

describe('a closed terminal', () => {
  it.each([
    ['is nothing to what nohup has started', 'nohup "$0" "$1"', false],
    ['is nothing to what a shell that ignores it has started', `trap '' HUP; "$0" "$1"; :`, false],
    ['interrupts what a shell that catches it has started', 'trap : HUP; "$0" "$1"; :', true]
  ])('%s', async (_, line, isAborted) => {
    const script = await bundle(HUNG_UP)
    const { stdout } = await promisify(execFile)('bash', ['-c', line, process.execPath, script])
    expect(stdout).toBe(`aborted ${isAborted}\n`)
  })
})
