import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isGone, ownIdentity } from '../../../src/adapters/process-identity.js'
import { bundle, runModule, startChild } from '../../fixtures/child.js'

const TELL = `
  import { ownIdentity } from './src/adapters/process-identity.js'
  process.stdout.write(JSON.stringify(ownIdentity()) + '\\n')
`

const own = ownIdentity()

describe('whether a process is still the one it was', () => {
  it('knows that this process runs', () => {
    expect(isGone(own)).toBe(false)
  })

  it('knows another process while it runs, and that it is gone when it has ended', async () => {
    const child = startChild(await bundle(`${TELL}; process.stdin.resume()`))
    let text = ''
    child.process.stdout.on('data', (chunk: Buffer) => {
      text += chunk
    })
    await child.until('\n')
    expect(isGone(JSON.parse(text))).toBe(false)
    child.process.kill('SIGKILL')
    await child.ended
    expect(isGone(JSON.parse(text))).toBe(true)
  })

  it('takes a process for gone whose id another one has by now', () => {
    expect(isGone({ ...own, start: '1' })).toBe(true)
  })

  it('takes a process that has ended and is not reaped for gone', async () => {
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    onTestFinished(() => void shell.kill('SIGKILL'))
    const [chunk] = (await once(shell.stdout, 'data')) as [Buffer]
    const pid = Number(chunk.toString())
    await expect.poll(() => isGone({ ...own, pid, start: 'any' })).toBe(true)
    expect(existsSync(`/proc/${pid}`)).toBe(true)
  })

  it('takes all processes of an earlier start of this machine for gone', () => {
    expect(isGone({ ...own, boot: 'an earlier one' })).toBe(true)
  })

  it('does not know of a process in another container, nor on another machine', () => {
    expect(isGone({ ...own, namespace: 'pid:[1]' })).toBeUndefined()
    expect(isGone({ ...own, boot: 'another', host: 'another' })).toBeUndefined()
  })

  it('never takes a process for gone of which it cannot know', () => {
    const part = fc.constantFrom('', 'other')
    fc.assert(
      fc.property(part, part, fc.nat(), (namespace, host, pid) => {
        expect(isGone({ ...own, pid, namespace, host })).toBeUndefined()
      })
    )
  })

  it('gives the same identity to the same process in another Node.js', async () => {
    const { stdout } = await runModule(`${TELL}
      import { isGone } from './src/adapters/process-identity.js'
      process.stdout.write(String(isGone(${JSON.stringify(own)})))
    `)
    expect(stdout.toString()).toMatch(/false$/)
  })
})
