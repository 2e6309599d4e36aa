import { Readable } from 'node:stream'
import { openDispatcher } from '../dispatcher.js'
import { LIMITS, type Sender, silenceOf, USER_AGENT } from './http-sender.js'

/** Opens what sends to an origin through the proxy that the environment names for it. */
export async function openProxiedSender(origin: URL): Promise<Sender> {
  const dispatcher = await openDispatcher(origin, {
    headersTimeout: LIMITS.silence,
    bodyTimeout: LIMITS.silence,
    connect: { timeout: LIMITS.connection }
  })
  return {
    send: async (call, signal) => {
      const { url, method, headers, body } = call
      const answer = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: { ...USER_AGENT, ...headers },
        body: typeof body === 'object' ? Readable.from(body) : (body ?? null),
        headersTimeout: silenceOf(call, LIMITS),
        signal
      })
      return { status: answer.statusCode, headers: answer.headers, body: answer.body }
    },
    close: () => void dispatcher.destroy().catch(() => {})
  }
}
