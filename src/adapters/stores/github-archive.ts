import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArchivePipe } from './archive-pipe.js'
import { openRecords, type SealedRecord, sealRecords } from './sealed-records.js'

/** The archive's name; the second where there is no zstd, and the client of the cache packs it by gzip. */
const IMAGES = ['images.tar.zst', 'images.tar'] as const
const RECORDS = 'records.json'

/** Images and their records, as they lie in a folder. */
export interface KeptImages {
  readonly archive: string
  readonly sealed: readonly SealedRecord[]
}

const MOST_BYTES = 64_000_000

const idsOf = (sealed: readonly SealedRecord[]) => [
  ...new Set(sealed.map(({ record }) => record.imageId))
]

async function isPlain(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined)
  return (kind === 'file' ? found?.isFile() : found?.isDirectory()) ?? false
}

/** What a folder keeps; in words why it is refused. The archive itself is looked at while it is loaded. */
export async function openKept(folder: string): Promise<KeptImages | string> {
  const names = (await isPlain(folder, 'folder')) ? (await readdir(folder)).sort() : []
  const images = IMAGES.find(name => names.join() === [name, RECORDS].join())
  if (images === undefined) return 'it is not two files'
  const archive = join(folder, images)
  const records = join(folder, RECORDS)
  for (const path of [archive, records]) {
    if (!(await isPlain(path, 'file'))) return 'it is not two files'
  }
  if ((await lstat(records)).size > MOST_BYTES) return 'its records cannot be read'
  const sealed = openRecords(await readFile(records, 'utf8'))
  return typeof sealed === 'string' ? sealed : { archive, sealed }
}

interface LoadKept {
  /** Whether the daemon has all that is wanted of them: then they are only looked at. */
  readonly isThere: boolean
  /** Bytes of the archive, before it was compressed. */
  readonly limit: number
  readonly signal: AbortSignal
}

/** Has the daemon load kept images, which sets no tag; in words why they are refused. */
export async function loadKept(
  { archive, sealed }: KeptImages,
  pipe: ArchivePipe,
  { isThere, limit, signal }: LoadKept
): Promise<string | undefined> {
  const images = { file: archive, ids: idsOf(sealed), limit }
  const answer = await (isThere ? pipe.check(images, signal) : pipe.load(images, signal))
  if (answer.what === 'done') return undefined
  return 'why' in answer ? answer.why : `it takes more than ${limit} bytes`
}

export interface WriteKept {
  readonly folder: string
  readonly sealed: readonly SealedRecord[]
  /** Bytes of the archive, before it is compressed. */
  readonly limit: number
  /** Whether there is a zstd to compress it by. */
  readonly isCompressed: boolean
}

/** Writes images and their records to a new folder; false, with no more written, where they are over the limit. */
export async function writeKept(
  { folder, sealed, limit, isCompressed }: WriteKept,
  pipe: ArchivePipe,
  signal: AbortSignal
): Promise<boolean> {
  await mkdir(folder, { recursive: true })
  const file = join(folder, IMAGES[isCompressed ? 0 : 1])
  // By id, not by tag: so no tag is in the archive.
  const answer = await pipe.save({ file, ids: idsOf(sealed), limit }, signal)
  if (answer.what === 'too large') return false
  if (answer.what === 'refused') {
    throw new Error(`the daemon gave what is not kept: ${answer.why}`)
  }
  if (answer.what === 'failed') throw new Error(answer.why)
  await writeFile(join(folder, RECORDS), sealRecords(sealed))
  return true
}
