import { closeSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { hasLoneBytes, textOfBytes } from '../chain/byte-text.js'
import { nodeCrypto, sha256 } from '../chain/node-crypto.js'
import { ChainError } from '../errors.js'
import type { EntryKind, Exec, StampedFile, TreeEntry, Trees } from '../ports.js'
import { isSettled, type KeptHashes, openKeptHashes } from './kept-hashes.js'
import { openKeptSets, type SetLimits } from './kept-sets.js'
import { diskPath, readEntry, sizeOf } from './tree-entry.js'

type Skip = (path: string, kind: EntryKind) => boolean

/** Bytes read at a time: a larger file does not make memory grow. */
const PIECE = 1 << 20

const piece = Buffer.allocUnsafe(PIECE)

/** Bytes that are there before the end; some file systems give less than is asked for at a time. */
function readPiece(file: number): Uint8Array {
  const length = readSync(file, piece, 0, PIECE, null)
  return length === PIECE ? piece : piece.subarray(0, length)
}

function hashPieces(first: Uint8Array, file: number): string {
  const hash = nodeCrypto().createHash('sha256')
  for (let bytes = first; bytes.length > 0; bytes = readPiece(file)) hash.update(bytes)
  return hash.digest('hex')
}

/** Hash of a file; one that has the size that it was listed with need not be read to its end. */
function hashFile(path: string, size: number): string {
  let file: number | undefined
  try {
    file = openSync(diskPath(path), 'r')
    const bytes = readPiece(file)
    return bytes.length === size && size < PIECE ? sha256(bytes) : hashPieces(bytes, file)
  } catch (cause) {
    throw new ChainError('FILE_UNREADABLE', `cannot be read: ${String(cause)}`, {
      where: { file: path },
      hint: 'Make it readable, or keep it out of the build by .dockerignore.',
      cause
    })
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Node puts one character in the place of all that is no UTF-8. */
const MISREAD = '\ufffd'

function namesIn(folder: string): string[] {
  const place = diskPath(folder)
  const names = readdirSync(place)
  if (!names.some(name => name.includes(MISREAD))) return names.sort()
  return readdirSync(place, 'buffer').map(textOfBytes).sort()
}

function listInto(entries: TreeEntry[], folder: string, prefix: string, skip: Skip): void {
  const above = folder === '/' ? folder : `${folder}/`
  for (const name of namesIn(folder)) {
    const path = prefix + name
    const entry = readEntry(above + name, path)
    if (!entry || skip(path, entry.kind)) continue
    entries.push(entry)
    if (entry.kind === 'folder') listInto(entries, above + name, `${path}/`, skip)
  }
}

function real(path: string): string | undefined {
  const { native } = realpathSync
  try {
    const found = native(diskPath(path))
    return found.includes(MISREAD) ? textOfBytes(native(diskPath(path), 'buffer')) : found
  } catch {
    return undefined
  }
}

function list(folder: string, skip: Skip = () => false, prefix = ''): readonly TreeEntry[] {
  const entries: TreeEntry[] = []
  const kind = readEntry(folder, '')?.kind
  const root = kind === 'link' ? real(folder) : folder
  if (root === undefined) return entries
  if (kind === 'folder' || readEntry(root, '')?.kind === 'folder') {
    listInto(entries, root, prefix, skip)
  }
  return entries
}

/**
 * https://git-scm.com/docs/git-ls-files: what is tracked, and what is neither tracked nor ignored. A folder that
 * looks like a repository without a checkout, which a pull request may bring, is none, and no program that a
 * configuration names is run.
 */
const LIST_FILES = [
  ...['-c', 'safe.bareRepository=explicit', '-c', 'core.fsmonitor=false'],
  ...['ls-files', '-z', '--cached', '--others', '--exclude-standard']
]

/** Milliseconds for git: patterns of a `.gitignore` can be such that it never comes to an end. */
const LONGEST = 10_000

function noneIfLate(error: unknown): undefined {
  if (!(error instanceof ChainError && error.code === 'BUILD_TIMEOUT')) throw error
}

async function tracked(exec: Exec, folder: string): Promise<readonly string[] | undefined> {
  if (!exec.which('git')) return undefined
  const options = { timeout: LONGEST }
  const output = await exec.capture('git', ['-C', folder, ...LIST_FILES], options).catch(noneIfLate)
  if (!output) return undefined
  // Names that are no UTF-8 cannot be told apart: the folder is then listed as it lies there.
  if (output.status !== 0 || output.stdout.includes(MISREAD)) return undefined
  return [...new Set(output.stdout.split('\0').filter(Boolean))].sort()
}

/** Bytes of a file from which on it is large, and of all such from which on threads are worth their start. */
const LARGE = 1 << 20
const WORTH_THREADS = 64 << 20

interface Sized extends StampedFile {
  readonly size: number
}

/** A hash, and whether a later write to its file shows in the file's times. */
interface Hashed {
  readonly settled: boolean
  readonly value: string
}

const largeOf = (files: readonly StampedFile[]): readonly Sized[] =>
  files
    .map(({ path, stamp }) => ({ path, stamp, size: sizeOf(stamp) }))
    .filter(({ path, size }) => size >= LARGE && !hasLoneBytes(path))

/** Files in which is kept what is known of a project's files; each may be left out. */
export interface KeptFiles {
  readonly hashes?: string | undefined
  readonly sets?: string | undefined
  /** Which sets are kept. */
  readonly limits?: SetLimits
}

/** Folders of this machine. What is known of large sets of files is looked at from now on. */
export function openTrees(exec: Exec, keptFiles: KeptFiles = {}): Trees {
  let opened: KeptHashes | undefined
  const sets = openKeptSets(keptFiles.sets, keptFiles.limits)
  const kept = () => {
    opened ??= openKeptHashes(keptFiles.hashes)
    return opened
  }
  const ahead = new Map<string, Hashed>()
  const hash = (path: string, stamp: string) => {
    const found = kept().find(path, stamp)
    if (found !== undefined) return found
    // Before it is read: what is written from here on shows in its times, or its hash is not kept.
    const key = `${path}\0${stamp}`
    const { settled, value } = ahead.get(key) ?? {
      settled: isSettled(stamp),
      value: hashFile(path, sizeOf(stamp))
    }
    ahead.delete(key)
    if (settled) kept().add(path, stamp, value)
    return value
  }
  const hashAhead = async (files: () => readonly StampedFile[]) => {
    if (!kept().isEmpty) return
    const large = largeOf(files()).filter(({ path, stamp }) => !kept().isAdded(path, stamp))
    const bytes = large.reduce((sum, { size }) => sum + size, 0)
    if (large.length < 2 || bytes < WORTH_THREADS) return
    const { hashSideBySide } = await import('./hash-side-by-side.js')
    const settled = large.map(({ stamp }) => isSettled(stamp))
    const values = await hashSideBySide(large, ({ path, size }) => hashFile(path, size))
    for (const [at, { path, stamp }] of large.entries()) {
      const value = values.get(path)
      if (value !== undefined) {
        ahead.set(`${path}\0${stamp}`, { settled: settled[at] ?? false, value })
      }
    }
  }
  return {
    list,
    look: path => readEntry(path, path),
    real,
    hash,
    hashAhead,
    tracked: folder => tracked(exec, folder),
    knownSet: sets.known,
    offerSet: sets.offer,
    save: async () => {
      await Promise.all([opened?.save(), sets.save()])
    }
  }
}
