import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Readable } from 'node:stream'
import {
  type HttpCall,
  LIMITS,
  type OpenAnswer,
  type Sender,
  silenceOf,
  USER_AGENT
} from './http-sender.js'

const within = (what: string, milliseconds: number) =>
  new Error(`${what} within ${milliseconds / 1000} s`)

/** Ends a request whose server does not take it, with TLS where `event` is `secureConnect`. */
function limitConnection(
  request: ClientRequest,
  event: 'connect' | 'secureConnect',
  milliseconds: number
): void {
  request.once('socket', socket => {
    if (!socket.connecting) return
    const stop = () => request.destroy(within('no connection', milliseconds))
    const timer = setTimeout(stop, milliseconds)
    for (const name of [event, 'close']) socket.once(name, () => clearTimeout(timer))
  })
}

/** Ends a request whose server says nothing, but where it waits for us to read. */
function limitSilence(request: ClientRequest, milliseconds: number): void {
  let body: Readable | undefined
  request.once('response', answer => {
    body = answer
  })
  request.once('socket', socket => {
    const onSilence = () => {
      if (body && body.readableLength > 0) socket.setTimeout(milliseconds)
      else request.destroy(within('nothing came', milliseconds))
    }
    socket.setTimeout(milliseconds)
    socket.on('timeout', onSilence)
    // The connection may be used again.
    request.once('close', () => socket.off('timeout', onSilence))
  })
}

/** Opens what sends to an origin by Node's own client. */
export async function openDirectSender({ protocol }: URL, limits = LIMITS): Promise<Sender> {
  const isSecure = protocol === 'https:'
  const open = isSecure ? httpsRequest : httpRequest
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true })
  const begin = (call: HttpCall, signal: AbortSignal): ClientRequest => {
    const { url, method, headers, isOnce = false } = call
    const request = open(url, {
      method,
      headers: { ...USER_AGENT, ...headers },
      signal,
      // A connection that was open already may close as it is used: then nobody knows what was done.
      agent: isOnce ? false : agent
    })
    limitConnection(request, isSecure ? 'secureConnect' : 'connect', limits.connection)
    limitSilence(request, silenceOf(call, limits))
    return request
  }
  const send = (call: HttpCall, signal: AbortSignal) =>
    new Promise<OpenAnswer>((resolve, reject) => {
      const request = begin(call, signal)
      request.on('error', reject)
      request.once('response', body =>
        resolve({ status: body.statusCode ?? 0, headers: body.headers, body })
      )
      const { body = '' } = call
      if (typeof body === 'string') return request.end(body)
      for (const piece of body) request.write(piece)
      request.end()
    })
  return { send, close: () => agent.destroy() }
}
