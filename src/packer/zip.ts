import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline, type Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import type { Entry, ZipFile } from 'yauzl'
import { ChainError } from '../errors.js'
import { formatBytes } from './log.js'

/** What all files of a release's archive may have together when unpacked. */
const LARGEST_CONTENT = 2_000_000_000

const FILE_TYPE = 0o170000
const REGULAR_FILE = 0o100000
const FOLDER = 0o040000

const refused = (name: string, reason: string, cause?: unknown): ChainError =>
  new ChainError('VERIFICATION_FAILED', `${name} ${reason}`, {
    hint: 'Nothing of it was unpacked. Do not use it: a release has no such archive.',
    cause
  })

function checkEntry(archive: string, entry: Entry, problem: string | null): void {
  if (problem) throw refused(archive, `holds a file outside its folder (${problem})`)
  if (entry.isEncrypted()) throw refused(archive, `holds an encrypted file: ${entry.fileName}`)
  // The upper half is the Unix mode, where the archive was made on such a system.
  const type = (entry.externalFileAttributes >>> 16) & FILE_TYPE
  if (type !== 0 && type !== REGULAR_FILE && type !== FOLDER) {
    throw refused(archive, `holds a symbolic link or another special file: ${entry.fileName}`)
  }
}

async function readEntries(zip: ZipFile, archive: string): Promise<readonly Entry[]> {
  const { default: yauzl } = await import('yauzl')
  const entries: Entry[] = []
  let total = 0
  for await (const entry of zip.eachEntry()) {
    // Names come as bytes so that all refusals are made here.
    entry.fileName = entry.fileNameRaw.toString('utf8')
    checkEntry(archive, entry, yauzl.validateFileName(entry.fileName))
    total += entry.uncompressedSize
    if (total > LARGEST_CONTENT) {
      throw refused(
        archive,
        `is oversized when unpacked: more than ${formatBytes(LARGEST_CONTENT)}`
      )
    }
    entries.push(entry)
  }
  return entries
}

/** An archive whose whole directory was checked. */
interface OpenArchive {
  readonly zip: ZipFile
  readonly name: string
  readonly entries: readonly Entry[]
}

async function withArchive<T>(path: string, name: string, use: (open: OpenArchive) => Promise<T>) {
  const { default: yauzl } = await import('yauzl')
  let zip: ZipFile | undefined
  try {
    zip = await yauzl.openPromise(path, {
      autoClose: false,
      lazyEntries: true,
      decodeStrings: false
    })
    return await use({ zip, name, entries: await readEntries(zip, name) })
  } catch (cause) {
    if (cause instanceof ChainError) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw cause
    throw refused(name, `is a damaged archive (${(cause as Error).message})`, cause)
  } finally {
    zip?.close()
  }
}

function findEntry(archive: OpenArchive, wanted: RegExp): Entry {
  const found = archive.entries.filter(entry => wanted.test(entry.fileName))
  const [entry] = found
  if (entry && found.length === 1) return entry
  const count = found.length === 0 ? 'does not hold' : 'holds more than once'
  throw refused(archive.name, `${count} the program it is named for`)
}

/** VERIFICATION_FAILED where an archive is damaged, or has a path outside its folder or a link. */
export async function checkArchive(path: string, name: string): Promise<void> {
  await withArchive(path, name, async () => undefined)
}

/** A program in an archive that was verified already. */
export interface ArchivedProgram {
  readonly archive: string
  /** The archive's name for messages. */
  readonly name: string
  /** Matches the whole name of the one file. */
  readonly file: RegExp
}

/** The program's own file name; VERIFICATION_FAILED where there is none, or more than one. */
export function programName(program: ArchivedProgram): Promise<string> {
  return withArchive(
    program.archive,
    program.name,
    async archive => findEntry(archive, program.file).fileName
  )
}

const STORED = 0
const DEFLATED = 8

/** Twice as fast as yauzl's own decoding, whose pieces have 16 kB. */
const PIECE = 1 << 18

async function* contentOf(archive: OpenArchive, entry: Entry): AsyncGenerator<Buffer> {
  const method = entry.compressionMethod
  if (method !== STORED && method !== DEFLATED)
    throw refused(archive.name, 'is packed in an unknown way')
  const packed = await archive.zip.openReadStreamPromise(entry, { decodeFileData: false })
  const content: Readable =
    method === STORED
      ? packed
      : pipeline(packed, createInflateRaw({ chunkSize: PIECE }), () => undefined)
  let size = 0
  for await (const piece of content as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > entry.uncompressedSize) throw refused(archive.name, 'holds more than it says')
    yield piece
  }
  if (size < entry.uncompressedSize) throw refused(archive.name, 'holds less than it says')
}

async function writeContent(content: AsyncIterable<Buffer>, file: FileHandle): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of content) {
    hash.update(piece)
    await file.writeFile(piece)
  }
  return hash.digest('hex')
}

/** Writes the program to a new file that anyone may run; gives its hexadecimal SHA-256. */
export function extractProgram(program: ArchivedProgram, to: string): Promise<string> {
  return withArchive(program.archive, program.name, async archive => {
    const file = await open(to, 'wx', 0o755)
    try {
      return await writeContent(contentOf(archive, findEntry(archive, program.file)), file)
    } finally {
      await file.close()
    }
  })
}

async function sameBytes(content: AsyncIterable<Buffer>, file: FileHandle): Promise<boolean> {
  let buffer = Buffer.alloc(PIECE)
  for await (const piece of content) {
    if (piece.length > buffer.length) buffer = Buffer.alloc(piece.length)
    let have = 0
    while (have < piece.length) {
      const { bytesRead } = await file.read(buffer, have, piece.length - have)
      if (bytesRead === 0) return false
      have += bytesRead
    }
    if (piece.compare(buffer, 0, have) !== 0) return false
  }
  return true
}

/** Whether a file has the very bytes of the program; false where there is no such file. */
export function isProgram(program: ArchivedProgram, path: string): Promise<boolean> {
  return withArchive(program.archive, program.name, async archive => {
    const entry = findEntry(archive, program.file)
    const file = await open(path, 'r').catch(() => undefined)
    if (!file) return false
    try {
      if ((await file.stat()).size !== entry.uncompressedSize) return false
      return await sameBytes(contentOf(archive, entry), file)
    } finally {
      await file.close()
    }
  })
}
