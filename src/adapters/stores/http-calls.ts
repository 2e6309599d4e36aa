import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { openDispatcher } from '../dispatcher.js'
import { backoff, isTransientStatus, mayPass } from '../http-retry.js'
import { waitFor } from './store-calls.js'

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

/** An answer with its whole body. */
export interface HttpAnswer extends Omit<OpenAnswer, 'body'> {
  readonly body: Buffer
}

/** An answer that is no archive is a few words. */
const MOST_BYTES = 1 << 20

/** Milliseconds: what says nothing for so long is asked again, but for a proxy that does not answer. */
const LIMITS = { headersTimeout: 30_000, bodyTimeout: 30_000, connect: { timeout: 10_000 } }

/** Milliseconds until something that was sent is answered: some megabytes of it may still be on their way then. */
const SENT = 120_000

const ATTEMPTS = 6

/** A status that a later attempt may not meet: nothing was done. */
class TransientStatus extends Error {}

/** An answer that another attempt would meet again. */
export class RefusedCall extends Error {}

/** The pieces of a whole body. @throws Error where they are over the limit, in bytes */
export async function piecesOf({ body }: OpenAnswer, limit: number): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > limit) throw new RefusedCall(`an answer has more than ${limit} bytes`)
    pieces.push(piece)
  }
  return pieces
}

const mayRepeat = ({ isOnce = false }: HttpCall, failure: unknown): boolean =>
  !isOnce || failure instanceof TransientStatus

/** Waits between two attempts, for milliseconds; fails with the signal. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal })

/** Calls of services, each of which is tried a few times. Connections are shared until it is closed. */
export class HttpCalls {
  /** Comes with the signal, and with the end of these calls. */
  readonly #signal: AbortSignal
  readonly #end = new AbortController()
  readonly #pause: Pause
  readonly #dispatchers: Map<string, Promise<Dispatcher>>

  /** @param signal ends all calls */
  constructor(
    signal: AbortSignal,
    pause = pauseFor,
    dispatchers = new Map<string, Promise<Dispatcher>>()
  ) {
    this.#signal = AbortSignal.any([signal, this.#end.signal])
    this.#pause = pause
    this.#dispatchers = dispatchers
  }

  /** Calls by the same connections, which end with another signal and with these. */
  until(signal: AbortSignal): HttpCalls {
    const both = AbortSignal.any([this.#signal, signal])
    return new HttpCalls(both, this.#pause, this.#dispatchers)
  }

  /**
   * @param use takes an answer whose status is none of a fault that passes; called again where it fails, but for a
   * RefusedCall
   * @throws what the last attempt met
   */
  async use<T>(call: HttpCall, use: (answer: OpenAnswer) => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        // While a proxy has not answered, undici does not look at the signal.
        return await waitFor(this.#attempt(call, use), this.#signal)
      } catch (failure) {
        this.#signal.throwIfAborted()
        const isFinal = failure instanceof RefusedCall || !mayPass(failure)
        if (failures === ATTEMPTS || isFinal || !mayRepeat(call, failure)) throw failure
        await this.#wait(backoff(failures, Math.random))
      }
    }
  }

  /** The same with the whole body. */
  ask(call: HttpCall): Promise<HttpAnswer> {
    return this.use(call, async answer => ({
      ...answer,
      body: Buffer.concat(await piecesOf(answer, MOST_BYTES))
    }))
  }

  /** Ends all calls, and closes all connections. */
  close(): void {
    this.#end.abort(new Error('it was closed'))
    for (const dispatcher of this.#dispatchers.values()) {
      dispatcher.then(open => open.destroy()).catch(() => {})
    }
    this.#dispatchers.clear()
  }

  async #wait(milliseconds: number): Promise<void> {
    // What a signal tells is more than that it came.
    await this.#pause(milliseconds, this.#signal).catch(() => {})
    this.#signal.throwIfAborted()
  }

  async #attempt<T>(call: HttpCall, use: (answer: OpenAnswer) => Promise<T>): Promise<T> {
    const { url, method, headers, body } = call
    const dispatcher = await this.#dispatcherOf(url)
    this.#signal.throwIfAborted()
    const answer = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'user-agent': 'build-chain', ...headers },
      body: typeof body === 'object' ? Readable.from(body) : (body ?? null),
      headersTimeout: method === 'GET' ? LIMITS.headersTimeout : SENT,
      bodyTimeout: LIMITS.bodyTimeout,
      signal: this.#signal
    })
    // A body that breaks before anyone reads it must not end the process: the reader still meets the error.
    answer.body.on('error', () => {})
    const status = answer.statusCode
    try {
      if (isTransientStatus(status)) throw new TransientStatus(`${url.host} answered ${status}`)
      return await use({ status, headers: answer.headers, body: answer.body })
    } finally {
      if (!answer.body.readableEnded) answer.body.destroy()
    }
  }

  #dispatcherOf(url: URL): Promise<Dispatcher> {
    const open = this.#dispatchers.get(url.origin) ?? openDispatcher(url, LIMITS)
    this.#dispatchers.set(url.origin, open)
    return open
  }
}
