import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ROOT } from '../fixtures/markdown.js'
import { runProgram } from '../fixtures/program.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

/** Surroundings without a daemon, and with a folder of their own for what is temporary. */
function withoutDaemon() {
  const TMPDIR = temporaryFolder()
  return { temporary: TMPDIR, env: { ...standIns().env, STAND_IN_NO_DAEMON: '1', TMPDIR } }
}

const bench = (words: readonly string[], env: Readonly<Record<string, string>>) =>
  runProgram(join(ROOT, 'script/bench'), words, { cwd: ROOT, env })

/** Waits until a program has said something on standard error. */
const untilSaid = ({ stderr }: ChildProcess, words: string) =>
  new Promise<void>((found, fail) => {
    let said = ''
    stderr?.on('data', chunk => {
      said += chunk
      if (said.includes(words)) found()
    })
    stderr?.once('end', () => fail(new Error(`it did not say ${words}: ${said}`)))
  })

describe('script/bench', () => {
  it('prints what it measured and what it left out, and leaves nothing behind', async () => {
    const { temporary, env } = withoutDaemon()
    const { status, stdout, stderr } = await bench(['size', '--check'], env)
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^the whole of dist +the smallest bundle of a peer, 2.3 MB +\d/m)
    expect(stdout).toContain('left out, size: what the action loads: no Docker daemon answers')
    expect(readdirSync(temporary)).toEqual([])
  })

  it('ends what it started and leaves nothing behind when it is interrupted', async () => {
    const { temporary, env } = withoutDaemon()
    const child = spawn(join(ROOT, 'script/bench'), ['start', '--rounds=100000'], {
      cwd: ROOT,
      env,
      stdio: ['ignore', 'ignore', 'pipe']
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const ended = once(child, 'exit')
    await untilSaid(child, 'rounds')
    child.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    expect(readdirSync(temporary)).toEqual([])
  })

  it('refuses words that it does not know', async () => {
    const { status, stderr } = await bench(['--fast'], {})
    expect([status, stderr]).toEqual([2, expect.stringContaining('there is no option --fast')])
  })
})
