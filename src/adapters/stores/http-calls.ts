import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { openDispatcher } from '../dispatcher.js'
import { backoff, isTransientStatus, mayPass } from '../http-retry.js'

export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Pieces need a header of their length. */
  readonly body?: string | readonly Buffer[] | undefined
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

/** Milliseconds: what says nothing for so long is asked again. */
const LIMITS = { headersTimeout: 30_000, bodyTimeout: 30_000, connect: { timeout: 10_000 } }

const ATTEMPTS = 5

/** An answer that another attempt would meet again. */
export class RefusedCall extends Error {}

/** The pieces of a whole body. @throws Error where they are over the limit, in bytes */
export async function piecesOf({ body }: OpenAnswer, limit: number): Promise<readonly Buffer[]> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of body as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > limit) throw new Error(`an answer has more than ${limit} bytes`)
    pieces.push(piece)
  }
  return pieces
}

/** Waits between two attempts, for milliseconds; fails with the signal. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>

const pauseFor: Pause = (milliseconds, signal) => sleep(milliseconds, undefined, { signal })

/** Calls of services, each of which is tried a few times. Connections are shared until it is closed. */
export class HttpCalls {
  readonly #signal: AbortSignal
  readonly #pause: Pause
  readonly #dispatchers: Map<string, Promise<Dispatcher>>

  /** @param signal ends all calls */
  constructor(
    signal: AbortSignal,
    pause = pauseFor,
    dispatchers = new Map<string, Promise<Dispatcher>>()
  ) {
    this.#signal = signal
    this.#pause = pause
    this.#dispatchers = dispatchers
    // While a proxy has not answered, undici does not look at the signal.
    signal.addEventListener('abort', this.close, { once: true })
  }

  /** The same connections, for calls that end with another signal, too. */
  until(signal: AbortSignal): HttpCalls {
    return new HttpCalls(signal, this.#pause, this.#dispatchers)
  }

  /**
   * @param use takes an answer whose status is none of a fault that passes; called again where it fails, but for a
   * RefusedCall
   * @throws what the last attempt met
   */
  async use<T>(call: HttpCall, use: (answer: OpenAnswer) => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#attempt(call, use)
      } catch (failure) {
        if (this.#signal.aborted) throw this.#signal.reason
        const isFinal = failure instanceof RefusedCall || !mayPass(failure)
        if (failures === ATTEMPTS || isFinal) throw failure
        await this.#pause(backoff(failures, Math.random), this.#signal)
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

  /** Closes all connections. */
  readonly close = (): void => {
    this.#signal.removeEventListener('abort', this.close)
    for (const dispatcher of this.#dispatchers.values()) {
      dispatcher.then(open => open.destroy()).catch(() => {})
    }
    this.#dispatchers.clear()
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
      signal: this.#signal
    })
    // A body that breaks before anyone reads it must not end the process: the reader still meets the error.
    answer.body.on('error', () => {})
    const status = answer.statusCode
    try {
      if (isTransientStatus(status)) throw new Error(`${url.host} answered ${status}`)
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
