import { describe, expect, it } from 'vitest'
import { streamPlain } from '../../../src/adapters/process-plain.js'

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

  it('fails where its output cannot be taken', async () => {
    const onOutput = () => {
      throw new Error('disk full')
    }
    await expect(streamPlain(command('echo x'), { env, onOutput })).rejects.toThrow('disk full')
  })
})
