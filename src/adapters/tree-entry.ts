import { type BigIntStats, lstatSync, readlinkSync } from 'node:fs'
import type { EntryKind, TreeEntry } from '../ports.js'

const PERMISSIONS = 0o7777n

function kindOf(stats: BigIntStats): EntryKind {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSymbolicLink() ? 'link' : 'other'
}

/** A folder's own times change with every entry in it, which the listing tells by itself. */
const stampOf = (stats: BigIntStats, kind: EntryKind) =>
  kind === 'folder' ? '' : `${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}.${stats.ino}`

/** The entry at an absolute path, named as `name`; undefined where there is none. */
export function readEntry(path: string, name: string): TreeEntry | undefined {
  const stats = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  if (!stats) return undefined
  const kind = kindOf(stats)
  const entry = {
    path: name,
    kind,
    mode: Number(stats.mode & PERMISSIONS),
    stamp: stampOf(stats, kind)
  }
  return kind === 'link' ? { ...entry, target: readlinkSync(path) } : entry
}

/** Nanoseconds since the epoch at which the file of a stamp was last changed in any way. */
export function changedAt(stamp: string): bigint {
  return BigInt(stamp.split('.')[2] ?? 0)
}
