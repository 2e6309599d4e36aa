import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { HttpCalls, RefusedCall } from '../../../../src/adapters/stores/http-calls.js'
import { callsAtOnce } from '../../../fixtures/calls-at-once.js'

/** Whether calls go through a proxy. */
let isProxied = false

/** Where a server is called, which is its own proxy where there is to be one: loopback has none. */
function addressOf(server: Server): URL {
  const own = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  if (!isProxied) return new URL(`${own}/path?a=b`)
  vi.stubEnv('http_proxy', own)
  return new URL('http://cache.test/path?a=b')
}

/** A server that answers the first calls by these and all later ones by the last; with what it was asked. */
async function serverThat(...answers: readonly RequestListener[]) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const body: Buffer[] = []
    request.on('data', piece => body.push(piece))
    request.on('end', () => {
      const { pathname, search } = new URL(request.url ?? '', 'http://cache.test')
      asked.push(`${request.method} ${pathname}${search} ${Buffer.concat(body)}`)
      expect(request.url?.startsWith('http:')).toBe(isProxied)
      answers[Math.min(asked.length, answers.length) - 1]?.(request, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: addressOf(server), asked }
}

const answerBy =
  (status: number, body = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(body)

const reset: RequestListener = (_, response) => response.socket?.resetAndDestroy()

const cut: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-length': '100' })
  response.write('half', () => response.destroy())
}

describe.each([
  ['a call', false],
  ['a call through a proxy', true]
])('%s', (_, goesByProxy) => {
  beforeEach(() => {
    isProxied = goesByProxy
    return () => void vi.unstubAllEnvs()
  })

  it.each([
    ['has failed within', answerBy(500)],
    ['is too busy', answerBy(429)],
    ['resets the connection', reset],
    ['breaks off its answer', cut]
  ])('is made again where the server %s', async (_, answer) => {
    const { url, asked } = await serverThat(answer, answer, answerBy(200, 'good'))
    const calls = callsAtOnce()
    const pieces = [Buffer.from('one '), Buffer.from('and two')]
    const call = { url, body: pieces, headers: { 'content-length': '11' } }
    const { status, body } = await calls.ask({ ...call, method: 'PUT' })
    expect([status, body.toString()]).toEqual([200, 'good'])
    expect(asked).toEqual(Array(3).fill('PUT /path?a=b one and two'))
    calls.close()
  })

  it('is given up after six attempts, with what the last met', async () => {
    const { url, asked } = await serverThat(answerBy(503))
    await expect(callsAtOnce().ask({ method: 'GET', url })).rejects.toThrow('answered 503')
    expect(asked).toHaveLength(6)
  })

  it('gives an answer that no attempt would change, at once', async () => {
    const { url, asked } = await serverThat(answerBy(404, 'gone'))
    expect((await callsAtOnce().ask({ method: 'GET', url })).status).toBe(404)
    expect(asked).toHaveLength(1)
  })

  it('is not made again for who refuses its answer', async () => {
    const { url, asked } = await serverThat(answerBy(200))
    const refused = callsAtOnce().use({ method: 'GET', url }, async () => {
      throw new RefusedCall('of no use')
    })
    await expect(refused).rejects.toThrow('of no use')
    expect(asked).toHaveLength(1)
  })

  it('that may be made only once is made again only where it was not done', async () => {
    const busy = await serverThat(answerBy(503), answerBy(200, 'good'))
    const once = { method: 'POST', isOnce: true } as const
    expect((await callsAtOnce().ask({ ...once, url: busy.url })).status).toBe(200)
    for (const answer of [reset, cut]) {
      const { url, asked } = await serverThat(answer)
      await expect(callsAtOnce().ask({ ...once, url })).rejects.toThrow()
      expect(asked).toHaveLength(1)
    }
  })

  it.each(['is closed', 'has ended'])(
    'that is not over when it %s is not made again',
    async how => {
      const { url, asked } = await serverThat(() => {
        if (how === 'is closed') calls.close()
        else end.abort(new Error('over'))
      })
      const end = new AbortController()
      const calls = callsAtOnce()
      const waiting = calls.until(end.signal).ask({ method: 'GET', url })
      await expect(waiting).rejects.toThrow(how === 'is closed' ? 'it was closed' : 'over')
      for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
      expect(asked).toHaveLength(1)
      calls.close()
    }
  )

  it('takes no more of an answer than some words', async () => {
    const { url } = await serverThat(answerBy(200, 'x'.repeat(2_000_000)))
    await expect(callsAtOnce().ask({ method: 'GET', url })).rejects.toThrow('more than')
  })

  it('ends with the signal, also between two attempts', async () => {
    const end = new AbortController()
    const silent = await serverThat(() => end.abort(new Error('over')))
    const waiting = callsAtOnce(end.signal).ask({ method: 'GET', url: silent.url })
    await expect(waiting).rejects.toThrow('over')
    const later = new AbortController()
    const failing = await serverThat(answerBy(500))
    const calls = new HttpCalls(later.signal, async (_, signal) => {
      later.abort(new Error('over'))
      if (signal.aborted) throw new Error('as timers tell it')
    })
    await expect(calls.ask({ method: 'GET', url: failing.url })).rejects.toThrow('over')
    expect(failing.asked).toHaveLength(1)
  })
})
