import { setTimeout as sleep } from 'node:timers/promises'
import { backoff, isTransientStatus, mayPass } from '../http-retry.js'
import { type HttpCall, type OpenAnswer, openSender, type Sender } from './http-sender.js'
import { waitFor } from './store-calls.js'

/** An answer with its whole body. */
export interface HttpAnswer extends Omit<OpenAnswer, 'body'> {
  readonly body: Buffer
}

/** An answer that is no archive is a few words. */
const MOST_BYTES = 1 << 20

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
  readonly #senders: Map<string, Promise<Sender>>

  /** @param signal ends all calls */
  constructor(signal: AbortSignal, pause = pauseFor, senders = new Map<string, Promise<Sender>>()) {
    this.#signal = AbortSignal.any([signal, this.#end.signal])
    this.#pause = pause
    this.#senders = senders
  }

  /** Calls by the same connections, which end with another signal and with these. */
  until(signal: AbortSignal): HttpCalls {
    const both = AbortSignal.any([this.#signal, signal])
    return new HttpCalls(both, this.#pause, this.#senders)
  }

  /**
   * @param use takes an answer whose status is none of a fault that passes; called again where it fails, but for a
   * RefusedCall
   * @throws what the last attempt met
   */
  async use<T>(call: HttpCall, use: (answer: OpenAnswer) => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        // While a proxy has not answered, what sends through it does not look at the signal.
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
    for (const sender of this.#senders.values()) sender.then(open => open.close()).catch(() => {})
    this.#senders.clear()
  }

  async #wait(milliseconds: number): Promise<void> {
    // What a signal tells is more than that it came.
    await this.#pause(milliseconds, this.#signal).catch(() => {})
    this.#signal.throwIfAborted()
  }

  async #attempt<T>(call: HttpCall, use: (answer: OpenAnswer) => Promise<T>): Promise<T> {
    const sender = await this.#senderOf(call.url)
    this.#signal.throwIfAborted()
    const answer = await sender.send(call, this.#signal)
    // A body that breaks before anyone reads it must not end the process: the reader still meets the error.
    answer.body.on('error', () => {})
    const { status } = answer
    try {
      if (isTransientStatus(status)) {
        throw new TransientStatus(`${call.url.host} answered ${status}`)
      }
      return await use(answer)
    } finally {
      if (!answer.body.readableEnded) answer.body.destroy()
    }
  }

  #senderOf(url: URL): Promise<Sender> {
    const open = this.#senders.get(url.origin) ?? openSender(url)
    this.#senders.set(url.origin, open)
    return open
  }
}
