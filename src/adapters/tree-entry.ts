import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs'
import { bytesOfText, hasLoneBytes, textOfBytes } from '../chain/byte-text.js'
import { ChainError } from '../errors.js'
import type { EntryKind, TreeEntry } from '../ports.js'

const PERMISSIONS = 0o7777

/** Kinds by their bits of a mode: https://man7.org/linux/man-pages/man7/inode.7.html */
const KINDS: Readonly<Record<number, EntryKind>> = { 8: 'file', 4: 'folder', 10: 'link' }

function deviceOf(stats: BigIntStats): string {
  const type = stats.isFIFO() ? 'p' : stats.isSocket() ? 's' : stats.isBlockDevice() ? 'b' : 'c'
  return `${type} ${stats.rdev}`
}

/** A path as the file system takes it: a name may be of bytes that are no UTF-8. */
export const diskPath = (path: string): string | Buffer =>
  hasLoneBytes(path) ? bytesOfText(path) : path

/** What the file system says of a path that leads nowhere: a file on its way, links in a circle, or too long a name. */
const NOWHERE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

function statsOf(path: string | Buffer): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true, throwIfNoEntry: false })
  } catch (error) {
    if (NOWHERE.has((error as NodeJS.ErrnoException).code)) return undefined
    throw error
  }
}

/** Where a link points; those of the kernel may be kept from being read. */
function targetOf(place: string | Buffer): string {
  try {
    return textOfBytes(readlinkSync(place, 'buffer'))
  } catch (cause) {
    throw new ChainError('FILE_UNREADABLE', `cannot be read: ${String(cause)}`, {
      where: { file: String(place) },
      hint: 'Make the link readable, or keep it out of the build.',
      cause
    })
  }
}

/** The entry at an absolute path, named as `name`; undefined where there is none. */
export function readEntry(path: string, name: string): TreeEntry | undefined {
  const place = diskPath(path)
  const stats = statsOf(place)
  if (!stats) return undefined
  const mode = Number(stats.mode)
  const kind = KINDS[mode >> 12] ?? 'other'
  const entry = {
    path: name,
    kind,
    mode: mode & PERMISSIONS,
    // Joined, it is a text of one piece: pieces put together would take thrice the memory.
    stamp: [stats.size, stats.mtimeNs, stats.ctimeNs, stats.ino].join('.')
  }
  if (kind === 'link') return { ...entry, target: targetOf(place) }
  return kind === 'other' ? { ...entry, device: deviceOf(stats) } : entry
}

/** Milliseconds since the epoch at which the file of a stamp was last changed in any way. */
export function changedAt(stamp: string): number {
  const start = stamp.indexOf('.', stamp.indexOf('.') + 1) + 1
  return Number(stamp.slice(start, stamp.indexOf('.', start))) / 1e6
}

/** Bytes of the file of a stamp. */
export const sizeOf = (stamp: string): number => Number.parseInt(stamp, 10)
