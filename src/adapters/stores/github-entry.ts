import { readBlobStart } from './blob-read.js'
import type { HttpCalls } from './http-calls.js'
import { openRecords, type SealedRecord, sealRecords } from './sealed-records.js'

/**
 * An entry is its records, then the archive of their images. The records are a skippable frame of
 * zstd (RFC 8878, 3.1.2: a number of four bytes, the length in four, the content), so that
 * `zstd -d | docker load` takes a whole entry by hand.
 */
const MAGIC = 0x184d2a5b
const FRAME = 8

const MOST_BYTES = 64_000_000

/** Bytes that are read at first: the records of most chains. */
const FIRST = 1 << 16

/** What an entry begins with. */
export function entryHead(sealed: readonly SealedRecord[]): Buffer {
  const records = Buffer.from(sealRecords(sealed))
  const frame = Buffer.alloc(FRAME)
  frame.writeUInt32LE(MAGIC, 0)
  frame.writeUInt32LE(records.length, 4)
  return Buffer.concat([frame, records])
}

/** Images that an entry holds, by its records. */
export interface EntryHead {
  readonly sealed: readonly SealedRecord[]
  /** Where the archive begins, in bytes. */
  readonly end: number
}

const UNREADABLE = 'its records cannot be read'

/** Reads what an entry begins with, and no archive; in words why it is refused. */
export async function readHead(calls: HttpCalls, url: URL): Promise<EntryHead | string> {
  const first = await readBlobStart(calls, url, FIRST)
  if (first.length < FRAME || first.readUInt32LE(0) !== MAGIC) return UNREADABLE
  const end = FRAME + first.readUInt32LE(4)
  if (end > MOST_BYTES) return UNREADABLE
  const head = first.length < end ? await readBlobStart(calls, url, end) : first
  if (head.length < end) return UNREADABLE
  const sealed = openRecords(head.subarray(FRAME, end).toString())
  return typeof sealed === 'string' ? sealed : { sealed, end }
}
