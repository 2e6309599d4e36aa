import { ChainError } from '../errors.js'
import { formatBytes, formatSeconds, type Log } from './log.js'
import { headerOf, type Response } from './request.js'

/** Milliseconds, bytes, and where progress goes. */
export interface TransferLimits {
  readonly maxBytes: number
  /** The longest pause between two pieces. */
  readonly stallMs: number
  /** Silence before the first line of progress, and between lines. */
  readonly progressMs: number
  readonly log: Log
}

/** How far one attempt came. */
export interface Transfer {
  /** The server has answered with success. */
  readonly begun: boolean
  readonly received: number
  /** From Content-Length. */
  readonly expected: number | undefined
}

/** Counts, limits and tells about what arrives in one attempt. */
export interface Meter {
  readonly progress: () => Transfer
  /** The pieces of a body, in order; VERIFICATION_FAILED where they are too many. */
  readonly pieces: (response: Response) => AsyncGenerator<Buffer>
  /** Ends the timers; says how long it took where progress was told. */
  readonly close: () => void
}

function tooLarge(name: string, size: string, limit: number): ChainError {
  return new ChainError(
    'VERIFICATION_FAILED',
    `${name} is oversized: ${size}, at most ${formatBytes(limit)} are expected`,
    { hint: 'The release server or something in between sends other data than the release.' }
  )
}

function contentLength(response: Response): number | undefined {
  const header = headerOf(response, 'content-length')
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : undefined
}

/** @param onStall called when nothing has come for `stallMs`; the caller ends the attempt then. */
export function startMeter(name: string, limits: TransferLimits, onStall: () => void): Meter {
  const started = Date.now()
  let begun = false
  let received = 0
  let expected: number | undefined
  let told = false
  const stall = setTimeout(onStall, limits.stallMs)
  const ticker = setInterval(() => {
    told = true
    const total = expected === undefined ? '' : ` of ${formatBytes(expected)}`
    limits.log(`Downloading ${name}: ${formatBytes(received)}${total}`)
  }, limits.progressMs)

  async function* pieces(response: Response): AsyncGenerator<Buffer> {
    begun = true
    expected = contentLength(response)
    if (expected !== undefined && expected > limits.maxBytes) {
      throw tooLarge(name, formatBytes(expected), limits.maxBytes)
    }
    for await (const piece of response.body as AsyncIterable<Buffer>) {
      stall.refresh()
      received += piece.length
      if (received > limits.maxBytes) throw tooLarge(name, 'more', limits.maxBytes)
      yield piece
    }
  }

  return {
    progress: () => ({ begun, received, expected }),
    pieces,
    close: () => {
      clearTimeout(stall)
      clearInterval(ticker)
      const took = formatSeconds(Date.now() - started)
      if (told) limits.log(`Downloaded ${name}: ${formatBytes(received)} in ${took}`)
    }
  }
}
