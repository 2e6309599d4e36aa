import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

/** This module is a thread of its own, too: it hashes files while the program hashes others. */
export const threadUrl = import.meta.url

/** What the thread is given. */
export interface HashWork {
  /** Absolute paths. */
  readonly filesToHash: readonly string[]
}

/** Bytes read at a time. */
const PIECE = 1 << 20

/** SHA-256 of a file in hexadecimal digits; undefined where it cannot be read. */
function hashOf(path: string, piece: Buffer): string | undefined {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const hash = createHash('sha256')
    for (let length = -1; length !== 0; ) {
      length = readSync(file, piece, 0, PIECE, null)
      hash.update(piece.subarray(0, length))
    }
    return hash.digest('hex')
  } catch {
    return undefined
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const { filesToHash } = (workerData ?? {}) as Partial<HashWork>
if (filesToHash) {
  const piece = Buffer.allocUnsafeSlow(PIECE)
  parentPort?.postMessage(filesToHash.map(path => hashOf(path, piece)))
}
