import { createHash } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { backoff } from '../adapters/http-retry.js'
import { ChainError } from '../errors.js'
import { attemptDownload, HttpStatus, interrupted, Transient } from './download-attempt.js'
import { formatSeconds, type Log } from './log.js'

/** A file that arrived whole. */
export interface DownloadedFile {
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}

/** Gets what release servers hold; every failure is a ChainError. */
export interface Downloader {
  /** A small document, held in memory. */
  bytes(url: URL, maxBytes: number): Promise<Buffer>
  /** A file at `path`, which is not there when this fails. */
  file(url: URL, path: string, maxBytes: number): Promise<DownloadedFile>
}

export interface DownloaderOptions {
  readonly log: Log
  readonly attempts?: number
  /** Milliseconds for one download with all its attempts. */
  readonly totalMs?: number
  readonly stallMs?: number
  readonly progressMs?: number
  /** Passes the time between two attempts. */
  readonly wait?: (milliseconds: number) => Promise<unknown>
  readonly random?: () => number
  /** Ends every download with INTERRUPTED. */
  readonly signal?: AbortSignal | undefined
}

type Settings = Required<Omit<DownloaderOptions, 'signal'>> & Pick<DownloaderOptions, 'signal'>
type Consume<T> = (pieces: AsyncIterable<Buffer>) => Promise<T>

const DEFAULTS = {
  attempts: 5,
  totalMs: 15 * 60_000,
  stallMs: 30_000,
  progressMs: 1_000,
  random: Math.random
}

/** Whether a download failed since the server has no such file. */
export function isAbsent(error: unknown): boolean {
  return (
    error instanceof ChainError &&
    error.cause instanceof HttpStatus &&
    (error.cause.status === 404 || error.cause.status === 410)
  )
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const piece of pieces) all.push(piece)
  return Buffer.concat(all)
}

function unwritable(path: string, cause: unknown): ChainError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new ChainError('OUTPUT_UNWRITABLE', `${path} cannot be written: ${reason}`, {
    hint: 'Make room, or set RUNNER_TOOL_CACHE or XDG_CACHE_HOME to a folder that has it.',
    cause
  })
}

async function writePiece(file: FileHandle, piece: Buffer, path: string): Promise<void> {
  try {
    await file.writeFile(piece)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

async function writeTo(path: string, pieces: AsyncIterable<Buffer>): Promise<DownloadedFile> {
  const hash = createHash('sha256')
  const file = await open(path, 'w').catch(cause => {
    throw unwritable(path, cause)
  })
  let bytes = 0
  try {
    for await (const piece of pieces) {
      hash.update(piece)
      bytes += piece.length
      await writePiece(file, piece, path)
    }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function withRetries<T>(
  url: URL,
  settings: Settings & { readonly maxBytes: number },
  consume: Consume<T>
): Promise<T> {
  const end = Date.now() + settings.totalMs
  const name = basename(url.pathname)
  for (let attempt = 1; ; attempt++) {
    try {
      const limits = { ...settings, totalMs: end - Date.now() }
      return await attemptDownload(url, limits, consume)
    } catch (error) {
      if (!(error instanceof Transient)) throw error
      const delay = error.retryAfter ?? backoff(attempt, settings.random)
      if (attempt >= settings.attempts || Date.now() + delay >= end) throw error.failure
      const again = `trying again in ${formatSeconds(delay)} (attempt ${attempt + 1} of ${settings.attempts})`
      settings.log(`${name}: ${error.failure.message}; ${again}`)
      await settings.wait(delay)
      if (settings.signal?.aborted) throw interrupted()
    }
  }
}

/** Downloads with retries, limits and progress; see request.ts for proxies and redirects. */
export function createDownloader(options: DownloaderOptions): Downloader {
  const { signal } = options
  const wait = (milliseconds: number): Promise<unknown> =>
    pause(milliseconds, undefined, { signal }).catch(() => undefined)
  const settings: Settings = { ...DEFAULTS, wait, ...options }
  return {
    bytes: (url, maxBytes) => withRetries(url, { ...settings, maxBytes }, collect),
    file: (url, path, maxBytes) =>
      withRetries(url, { ...settings, maxBytes }, pieces => writeTo(path, pieces))
  }
}
