import type { ImageResult } from '../run/events.js'

/** What of a log a page holds. */
export interface LogText {
  readonly text: string
  /** Bytes before it that are only in the log file. */
  readonly leftOut: number
}

/** A log that a page is to hold. */
export interface WantedLog {
  /** Id of the image. */
  readonly id: string
  readonly path: string
  /** Bytes of its end. */
  readonly bytes: number
}

/** Bytes of all logs together, of that of a failed image, and of another. */
const ALL = 8_000_000
const FAILED = 512_000
const OTHER = 64_000

/** The logs that a page holds, failures first, within a size that a browser takes. */
export function wantedLogs(results: readonly ImageResult[]): readonly WantedLog[] {
  const failed = results.filter(({ status }) => status === 'failed')
  const others = results.filter(({ status }) => status !== 'failed')
  let left = ALL
  return [...failed, ...others].flatMap(({ image, status, logFile }) => {
    const bytes = Math.min(left, status === 'failed' ? FAILED : OTHER)
    if (logFile === null || bytes === 0) return []
    left -= bytes
    return [{ id: image.id, path: logFile, bytes }]
  })
}
