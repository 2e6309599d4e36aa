import { describe, expect, it } from 'vitest'
import { streamPlain } from '../../../src/adapters/process-plain.js'
import { gate } from '../../fixtures/fake-ports.js'

const env = { PATH: process.env.PATH ?? '' }
const command = (script: string) => ({ tool: '/bin/sh', args: ['-c', script], cwd: '/' })

describe('a process where there are no process groups', () => {
  it('gives its exit status and what it printed', async () => {
    const pieces: Buffer[] = []
    const exit = await streamPlain(command('echo out; echo err >&2; pwd; exit 3'), {
      env,
      onOutput: chunk => void pieces.push(chunk)
    })
    expect(exit.status).toBe(3)
    const lines = Buffer.concat(pieces).toString().split('\n')
    expect(lines.sort()).toEqual(['', '/', 'err', 'out'])
  })

  it('has ended only when all that it printed is taken', async () => {
    const taken = gate()
    let isOver = false
    const ended = streamPlain(command('echo x'), { env, onOutput: () => taken.promise }).then(
      () => {
        isOver = true
      }
    )
    await streamPlain(command('sleep 0'), { env, onOutput: () => {} })
    expect(isOver).toBe(false)
    taken.open()
    await ended
  })

  it('fails where its output cannot be taken', async () => {
    const onOutput = () => Promise.reject(new Error('disk full'))
    await expect(streamPlain(command('echo x'), { env, onOutput })).rejects.toThrow('disk full')
  })
})
