import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type HashWork, threadUrl } from './hash-thread.js'

/** A file to hash. */
export interface LargeFile {
  /** Absolute. */
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** Threads beyond this wait for the disk, or for one another's memory. */
const MOST = 4

/** Bytes that are hashed here while a thread starts. */
const HEAD_START = 24 << 20

interface Share {
  readonly files: LargeFile[]
  size: number
}

/** Files in shares that take about the same time, the largest first in each; the first is to be hashed here. */
function shares(files: readonly LargeFile[], count: number): readonly Share[] {
  const all = Array.from(
    { length: count },
    (_, at): Share => ({ files: [], size: at === 0 ? 0 : HEAD_START })
  )
  for (const file of [...files].sort((one, other) => other.size - one.size)) {
    const least = all.reduce((one, other) => (other.size < one.size ? other : one))
    least.files.push(file)
    least.size += file.size
  }
  return all
}

/** Hashes of files by a thread, in their order; undefined for each that could not be hashed there. */
function byThread(files: readonly LargeFile[]): Promise<readonly (string | undefined)[]> {
  const workerData: HashWork = { filesToHash: files.map(({ path }) => path) }
  return new Promise<readonly (string | undefined)[]>((resolve, reject) => {
    const worker = new Worker(fileURLToPath(threadUrl), { workerData })
    worker.on('message', resolve)
    worker.on('error', reject)
    worker.on('exit', () => reject(new Error('it gave no answer')))
    // A system that has no thread left fails at once or later.
  }).catch(() => files.map(() => undefined))
}

/**
 * Hashes files on several processors.
 * @param hash hashes one here
 * @returns SHA-256 in hexadecimal digits by path; less files that a thread could not read
 */
export async function hashSideBySide(
  files: readonly LargeFile[],
  hash: (file: LargeFile) => string
): Promise<ReadonlyMap<string, string>> {
  const [own, ...others] = shares(files, Math.min(availableParallelism(), MOST))
  const answers = others.map(share => byThread(share.files))
  const found = new Map(own?.files.map(file => [file.path, hash(file)]))
  for (const [at, hashes] of (await Promise.all(answers)).entries()) {
    for (const [number, value] of hashes.entries()) {
      const path = others[at]?.files[number]?.path
      if (path !== undefined && value !== undefined) found.set(path, value)
    }
  }
  return found
}
