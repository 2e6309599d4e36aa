import { describe, expect, it } from 'vitest'
import { daemonTrouble, openDaemonWatch } from '../../../src/run/daemon-watch.js'
import type { Failure } from '../../../src/run/events.js'
import { aResult } from '../../fixtures/image.js'

const TIMES = { last: 1, look: 1, most: 200 }

const failed = (overrides: Partial<Failure> = {}) =>
  aResult({
    status: 'failed',
    failure: {
      message: 'ended with exit status 1',
      command: { tool: 'docker', args: [], cwd: '/' },
      exitStatus: 1,
      lastLines: [],
      ...overrides
    }
  })

const gone = () =>
  Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { syscall: 'connect' }))

/** A watch on a daemon that answers one ping after another so; the last for ever. */
function watching(...answers: readonly boolean[]) {
  const waits: string[] = []
  let pings = 0
  const ping = () => {
    const answer = answers[Math.min(pings, answers.length - 1)]
    pings += 1
    return answer ? Promise.resolve() : gone()
  }
  const daemon = openDaemonWatch({ ping }, TIMES)
  const { signal } = new AbortController()
  const look = (result = failed()) =>
    daemonTrouble(result, { daemon, signal, onWait: words => void waits.push(words) })
  return { look, waits }
}

describe('a failed build', () => {
  it('is its own failure where the daemon answers', async () => {
    const result = failed()
    expect(await watching(true).look(result)).toEqual({ result })
  })

  it('may be tried again once a daemon that was gone answers', async () => {
    const { look, waits } = watching(false, false, true)
    expect((await look()).passed).toBe('the Docker daemon was away')
    expect(waits).toEqual(['the Docker daemon does not answer: waiting 0.2 s for it'])
  })

  it('may be tried again where docker says that its daemon went away, and it is there by now', async () => {
    const lastLines = ['unexpected EOF']
    expect((await watching(true).look(failed({ lastLines }))).passed).toBeDefined()
    const told = ['curl: (7) connection refused', 'an unexpected EOF of the archive']
    expect((await watching(true).look(failed({ lastLines: told }))).passed).toBeUndefined()
  })

  it('is not tried again where what is built says such words itself', async () => {
    const words = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'
    const own = [
      { lastLines: [words, "The command '/bin/sh -c docker ps' returned a non-zero code: 1"] },
      { lastLines: [`#5 0.123 ${words}`] },
      { lastLines: [words], code: 'TEST_FAILED' as const }
    ]
    for (const each of own) {
      expect((await watching(true).look(failed(each))).passed).toBeUndefined()
    }
    const lastLines = [`docker: ${words}`]
    const test = failed({ lastLines, code: 'TEST_FAILED' })
    expect((await watching(true).look(test)).passed).toBeDefined()
  })

  it('whose container was killed is looked at again: a daemon that stops answers for a moment', async () => {
    const { look } = watching(true, false, true)
    expect((await look(failed({ exitStatus: 137 }))).passed).toBe('the Docker daemon was away')
  })

  it('says that the daemon stays away, and no other image waits for it again', async () => {
    const { look, waits } = watching(false)
    const { result } = await look()
    expect(result.failure).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'ended with exit status 1: connect ECONNREFUSED'
    })
    await look()
    expect(waits).toHaveLength(1)
  })
})
