import { describe, expect, it } from 'vitest'
import { dockerCommand } from '../../../../src/adapters/stores/docker-command.js'
import { scriptedExec } from '../../../fixtures/fake-ports.js'

const { signal } = new AbortController()

function dockerThat(text: string, status = 0) {
  const exec = scriptedExec(async ({ options }) => {
    await options.onOutput(Buffer.from(text))
    return { status }
  })
  return { exec, docker: dockerCommand(exec, { DOCKER_HOST: 'tcp://x' }) }
}

describe('the docker command', () => {
  it('has the environment that it was opened with, and gives what it printed', async () => {
    const { docker, exec } = dockerThat('text', 3)
    expect(await docker(['info'], signal)).toEqual({ status: 3, text: 'text' })
    expect(exec.calls[0]).toMatchObject({
      command: { tool: 'docker', args: ['info'] },
      options: { env: { DOCKER_HOST: 'tcp://x' }, signal }
    })
  })

  it('does not start after the signal, and gives nothing where it comes in between', async () => {
    const { docker, exec } = dockerThat('text')
    await expect(docker([], AbortSignal.abort(new Error('over')))).rejects.toThrow('over')
    expect(exec.calls).toEqual([])
    const end = new AbortController()
    const ending = scriptedExec(() => {
      end.abort(new Error('over'))
      return { status: 0 }
    })
    await expect(dockerCommand(ending, {})([], end.signal)).rejects.toThrow('over')
  })
})
