import { isTransientStatus, mayPass, parseRetryAfter } from '../adapters/http-retry.js'
import { ChainError } from '../errors.js'
import { formatBytes, formatSeconds } from './log.js'
import { headerOf, type Response, shownAddress, withResponse } from './request.js'
import { startMeter, type Transfer, type TransferLimits } from './transfer.js'

/** An answer of a server that is no success. */
export class HttpStatus extends Error {
  readonly status: number
  constructor(status: number) {
    super(`HTTP ${status}`)
    this.status = status
  }
}

/** A failure that another attempt may not meet; `failure` is what to report when none succeeds. */
export class Transient extends Error {
  readonly failure: ChainError
  /** Milliseconds that the server asks for. */
  readonly retryAfter: number | undefined
  constructor(failure: ChainError, retryAfter?: number) {
    super(failure.message)
    this.failure = failure
    this.retryAfter = retryAfter
  }
}

export interface AttemptLimits extends TransferLimits {
  readonly totalMs: number
  /** Ends it with INTERRUPTED. */
  readonly signal?: AbortSignal | undefined
}

const NETWORK_HINT =
  'Check the network, HTTPS_PROXY and NO_PROXY, or give a mirror as packer-releases.'

function statusFailure(url: URL, response: Response): Error {
  const cause = new HttpStatus(response.status)
  const message = `${shownAddress(url)} answered ${response.status}`
  const failure = new ChainError('DOWNLOAD_FAILED', message, { hint: NETWORK_HINT, cause })
  if (!isTransientStatus(response.status)) return failure
  return new Transient(failure, parseRetryAfter(headerOf(response, 'retry-after'), Date.now()))
}

function truncated(url: URL, transfer: Transfer, cause: unknown): ChainError {
  const total = transfer.expected === undefined ? '' : ` of ${formatBytes(transfer.expected)}`
  return new ChainError(
    'VERIFICATION_FAILED',
    `${shownAddress(url)} was truncated: the connection ended after ${formatBytes(transfer.received)}${total}`,
    { hint: 'Nothing of it is kept. Run again, or give a mirror as packer-releases.', cause }
  )
}

function rootCause(error: unknown): string {
  const messages: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) messages.push(at.message)
  return messages.filter(message => message !== '').join(': ') || String(error)
}

function connectionFailure(url: URL, transfer: Transfer, cause: unknown): Error {
  if (transfer.begun) return new Transient(truncated(url, transfer, cause))
  const failure = new ChainError(
    'DOWNLOAD_FAILED',
    `${shownAddress(url)} cannot be got: ${rootCause(cause)}`,
    { hint: NETWORK_HINT, cause }
  )
  return mayPass(cause) ? new Transient(failure) : failure
}

/** What a download ends with when the run is. */
export function interrupted(): ChainError {
  return new ChainError('INTERRUPTED', 'interrupted', {
    hint: 'Nothing of what was being downloaded is kept.'
  })
}

function timeLimits(url: URL, limits: AttemptLimits) {
  const controller = new AbortController()
  const end = (message: string, retry: boolean): void => {
    const failure = new ChainError('DOWNLOAD_FAILED', message, { hint: NETWORK_HINT })
    controller.abort(retry ? new Transient(failure) : failure)
  }
  const total = setTimeout(
    () => end(`${shownAddress(url)} did not arrive within the time limit`, false),
    Math.max(0, limits.totalMs)
  )
  const stop = (): void => controller.abort(interrupted())
  if (limits.signal?.aborted) stop()
  limits.signal?.addEventListener('abort', stop, { once: true })
  const onStall = (): void =>
    end(`${shownAddress(url)} sent nothing for ${formatSeconds(limits.stallMs)}`, true)
  const clear = (): void => {
    clearTimeout(total)
    limits.signal?.removeEventListener('abort', stop)
  }
  return { signal: controller.signal, onStall, clear }
}

/**
 * One attempt at a download.
 *
 * @param consume gets the pieces of a successful answer.
 * @throws Transient where another attempt may succeed, a ChainError where not.
 */
export async function attemptDownload<T>(
  url: URL,
  limits: AttemptLimits,
  consume: (pieces: AsyncIterable<Buffer>) => Promise<T>
): Promise<T> {
  const time = timeLimits(url, limits)
  const meter = startMeter(url.pathname.split('/').at(-1) ?? '', limits, time.onStall)
  try {
    return await withResponse(url, time.signal, async response => {
      if (response.status !== 200) throw statusFailure(url, response)
      return await consume(meter.pieces(response))
    })
  } catch (error) {
    if (time.signal.aborted) throw time.signal.reason
    if (error instanceof ChainError || error instanceof Transient) throw error
    throw connectionFailure(url, meter.progress(), error)
  } finally {
    meter.close()
    time.clear()
  }
}
