import { type HttpCalls, piecesOf, RefusedCall } from './http-calls.js'
import type { OpenAnswer } from './http-sender.js'

/** Bytes that are asked for at once, the first time, so that something comes soon, and later. */
const FIRST = 1 << 20
const RANGE = 1 << 23
/** Parts that are on their way. */
const AT_ONCE = 4

/** Bytes from one on, and before another; all that come after the first where there is no other. */
const rangeCall = (url: URL, from: number, to: number | undefined) => ({
  method: 'GET' as const,
  url,
  headers: { range: `bytes=${from}-${to === undefined ? '' : to - 1}` }
})

const failed = ({ status }: OpenAnswer) => new RefusedCall(`the archive was answered by ${status}`)

/** The size of the whole, by the header of an answer that is its part from a byte on. */
function sizeIn({ headers }: OpenAnswer, from: number): number {
  const range = String(headers['content-range'])
  const [, first, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range) ?? []
  if (size !== undefined && Number(first) === from) return Number(size)
  throw new RefusedCall('it is not told which part of the archive came')
}

/** What a blob begins with: so many bytes, fewer where it has no more. */
export function readBlobStart(calls: HttpCalls, url: URL, size: number): Promise<Buffer> {
  return calls.use(rangeCall(url, 0, size), async answer => {
    if (answer.status === 206) return Buffer.concat(await piecesOf(answer, size))
    if (answer.status !== 200) throw failed(answer)
    const pieces: Buffer[] = []
    let read = 0
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      pieces.push(piece)
      read += piece.length
      if (read >= size) break
    }
    return Buffer.concat(pieces).subarray(0, size)
  })
}

interface Part {
  readonly pieces: readonly Buffer[]
  /** Bytes of the whole blob. */
  readonly whole: number
}

/** A part of a blob; undefined where the server gives nothing but all of it. */
function readPart(calls: HttpCalls, url: URL, from: number, to: number): Promise<Part | undefined> {
  return calls.use(rangeCall(url, from, to), async answer => {
    if (answer.status === 200) return undefined
    if (answer.status !== 206) throw failed(answer)
    const whole = sizeIn(answer, from)
    const pieces = await piecesOf(answer, to - from)
    const size = pieces.reduce((sum, { length }) => sum + length, 0)
    if (size !== Math.min(to, whole) - from) throw new Error('a part of the archive is cut')
    return { pieces, whole }
  })
}

/** All parts but the first, in order, some of them on their way while one is used. */
async function* furtherParts(calls: HttpCalls, url: URL, from: number, whole: number) {
  const coming: Promise<Part | undefined>[] = []
  let next = from
  while (next < whole || coming.length > 0) {
    while (next < whole && coming.length < AT_ONCE) {
      const part = readPart(calls, url, next, next + RANGE)
      // Whoever waits for it is still told.
      part.catch(() => {})
      coming.push(part)
      next += RANGE
    }
    const part = await coming.shift()
    if (part?.whole !== whole) throw new RefusedCall('the archive has changed meanwhile')
    yield part.pieces
  }
}

/**
 * The pieces of a blob from a byte on, in order: parts of it side by side, each of which may fail a
 * few times; else, where the server knows no parts, one after another.
 * @param take is called with some after others
 */
export async function readBlob(
  calls: HttpCalls,
  url: URL,
  from: number,
  take: (pieces: readonly Buffer[]) => Promise<void>
): Promise<void> {
  const end = new AbortController()
  const own = calls.until(end.signal)
  try {
    const first = await readPart(own, url, from, from + FIRST)
    if (!first) return await readWhole(own, url, from, take)
    await take(first.pieces)
    for await (const pieces of furtherParts(own, url, from + FIRST, first.whole)) {
      await take(pieces)
    }
  } finally {
    // Parts that nobody waits for any more.
    end.abort(new Error('it is over'))
  }
}

/** The same from one answer; where that breaks off, from a further one, of which the beginning is known. */
async function readWhole(
  calls: HttpCalls,
  url: URL,
  from: number,
  take: (pieces: readonly Buffer[]) => Promise<void>
): Promise<void> {
  let taken = from
  let untaken: { readonly cause: unknown } | undefined
  const readOn = async (answer: OpenAnswer) => {
    if (answer.status !== 200) throw failed(answer)
    let at = 0
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      const fresh = piece.subarray(Math.max(0, taken - at))
      at += piece.length
      if (fresh.length === 0) continue
      taken += fresh.length
      await take([fresh]).catch(cause => {
        untaken = { cause }
        throw new RefusedCall('it was not taken')
      })
    }
  }
  await calls.use({ method: 'GET', url }, readOn).catch(failure => {
    throw untaken ? untaken.cause : failure
  })
}
