import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkArchive } from './docker-archive.js'
import type { DockerCommand } from './docker-command.js'
import { openRecords, type SealedRecord, sealRecords } from './sealed-records.js'

const IMAGES = 'images.tar'
const RECORDS = 'records.json'

/** Images and their records, as they lie in a folder. */
export interface KeptImages {
  readonly archive: string
  readonly sealed: readonly SealedRecord[]
}

const MOST_BYTES = 64_000_000

const idsOf = (sealed: readonly SealedRecord[]) =>
  new Set(sealed.map(({ record }) => record.imageId))

async function isPlain(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return (kind === 'file' ? found?.isFile() : found?.isDirectory()) ?? false
}

/** What a folder keeps; in words why it is refused. */
export async function openKept(folder: string): Promise<KeptImages | string> {
  const names = (await isPlain(folder, 'folder')) ? (await readdir(folder)).sort() : []
  if (names.join() !== [IMAGES, RECORDS].join()) return 'it is not two files'
  const archive = join(folder, IMAGES)
  const records = join(folder, RECORDS)
  for (const path of [archive, records]) {
    if (!(await isPlain(path, 'file'))) return 'it is not two files'
  }
  if ((await lstat(records)).size > MOST_BYTES) return 'its records cannot be read'
  const sealed = openRecords(await readFile(records, 'utf8'))
  if (typeof sealed === 'string') return sealed
  return (await checkArchive(archive, idsOf(sealed))) ?? { archive, sealed }
}

/** Has the daemon load kept images, which sets no tag; in words why it did not. */
export async function loadKept(
  { archive }: KeptImages,
  docker: DockerCommand,
  signal: AbortSignal
): Promise<string | undefined> {
  const { status, text } = await docker(['load', '--quiet', '--input', archive], signal)
  return status === 0 ? undefined : text.trim()
}

/** Milliseconds between looks at how large an archive has become. */
const LOOK = 500

async function bytesIn(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async name => {
    const found = await lstat(join(folder, name)).catch(() => undefined)
    return found?.size ?? 0
  })
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

/** A signal that comes with another, or when a folder holds more than the limit. */
function limitedBy(signal: AbortSignal, folder: string, limit: number) {
  const end = new AbortController()
  const stop = () => end.abort(signal.reason)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  const timer = setInterval(async () => {
    if ((await bytesIn(folder).catch(() => 0)) > limit) end.abort()
  }, LOOK)
  const release = () => {
    clearInterval(timer)
    signal.removeEventListener('abort', stop)
  }
  return { signal: end.signal, release }
}

export interface WriteKept {
  readonly folder: string
  readonly sealed: readonly SealedRecord[]
  /** Bytes. */
  readonly limit: number
}

/** Writes images and their records to a new folder; false, with no more written, where they are over the limit. */
export async function writeKept(
  { folder, sealed, limit }: WriteKept,
  docker: DockerCommand,
  signal: AbortSignal
): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  const limited = limitedBy(signal, folder, limit)
  try {
    // By id, not by tag: so no tag is in the archive.
    const args = ['save', '--output', join(folder, IMAGES), ...idsOf(sealed)]
    const { status, text } = await docker(args, limited.signal)
    if (status !== 0) throw new Error(text)
  } catch (failure) {
    if (limited.signal.aborted && !signal.aborted) return false
    throw failure
  } finally {
    limited.release()
  }
  if ((await bytesIn(folder)) > limit) return false
  const problem = await checkArchive(join(folder, IMAGES), idsOf(sealed))
  if (problem !== undefined) throw new Error(`docker save wrote what is not kept: ${problem}`)
  await writeFile(join(folder, RECORDS), sealRecords(sealed))
  return true
}
