import { describe, expect, it } from 'vitest'
import {
  dockerCommand,
  imagePlatforms,
  imageStoreKind
} from '../../../../src/adapters/stores/docker-command.js'
import { scriptedExec } from '../../../fixtures/fake-ports.js'
import { anId } from './a-record.js'

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

describe('the platforms of images', () => {
  it('are those of the images that are there', async () => {
    const text = `${anId('a')} linux/amd64\nError: No such image: x\n${anId('c')} linux/arm64\n`
    const { docker } = dockerThat(text, 1)
    const found = await imagePlatforms(docker, [anId('a'), anId('b')], signal)
    expect([...found]).toEqual([[anId('a'), 'linux/amd64']])
  })

  it('are asked for in batches, and not at all for none', async () => {
    const { docker, exec } = dockerThat('')
    await imagePlatforms(docker, [], signal)
    expect(exec.calls).toHaveLength(0)
    await imagePlatforms(
      docker,
      Array.from({ length: 401 }, () => anId('a')),
      signal
    )
    expect(exec.calls).toHaveLength(3)
  })
})

describe('how a daemon stores images', () => {
  it.each([
    ['[["driver-type","io.containerd.snapshotter.v1"]]', 'containerd'],
    ['[["Backing Filesystem","extfs"]]', 'graph'],
    ['null', 'graph']
  ])('is told by %s', async (text, kind) => {
    expect(await imageStoreKind(dockerThat(text).docker, signal)).toBe(kind)
  })

  it('is not guessed where it does not answer', async () => {
    await expect(imageStoreKind(dockerThat('no daemon', 1).docker, signal)).rejects.toThrow(
      'no daemon'
    )
  })
})
