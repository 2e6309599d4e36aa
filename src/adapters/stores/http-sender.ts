import type { Readable } from 'node:stream'
import { proxyOf } from '../dispatcher.js'

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Pieces need a header of their length. */
  readonly body?: string | readonly Buffer[] | undefined
  /** It may have been done although no answer came: then it is not made again. */
  readonly isOnce?: boolean
}

/** An answer whose body has not been read yet. */
export interface OpenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Readable
}

/** Sends calls to one origin, over connections that further calls use again. */
export interface Sender {
  /** @throws Error where no answer begins */
  send(call: HttpCall, signal: AbortSignal): Promise<OpenAnswer>
  /** Closes all connections. */
  close(): void
}

/** Milliseconds. */
export interface SenderLimits {
  /** Until a server is connected to. */
  readonly connection: number
  /** For which it may say nothing. */
  readonly silence: number
  /** The same after something was sent: some megabytes of it may still be on their way. */
  readonly afterSending: number
}

export const LIMITS: SenderLimits = { connection: 10_000, silence: 30_000, afterSending: 120_000 }

export const USER_AGENT = { 'user-agent': 'build-chain' }

/** Milliseconds for which the server of a call may say nothing. */
export const silenceOf = ({ method }: HttpCall, limits: SenderLimits): number =>
  method === 'GET' ? limits.silence : limits.afterSending

/** Opens what sends to an origin: through its proxy where it has one. */
export async function openSender(origin: URL): Promise<Sender> {
  // undici knows proxies, and takes 80 ms to load and twice as long as Node's own client for each byte.
  if (proxyOf(origin)) return (await import('./proxied-sender.js')).openProxiedSender(origin)
  return (await import('./direct-sender.js')).openDirectSender(origin)
}
