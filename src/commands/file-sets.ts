import { join } from 'node:path'
import { type FileRow, type FileSet, hashOfAll } from '../chain/fingerprint.js'
import type { TreeEntry, Trees } from '../ports.js'

/** An entry with the name that a person knows it by, and its absolute path. */
export interface NamedEntry {
  readonly name: string
  readonly path: string
  readonly entry: TreeEntry
}

/** No files at all. */
export const NO_FILES: FileSet = { rows: [], digest: '', stamps: '' }

const byName = (a: NamedEntry, b: NamedEntry) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

function seenOf({ path, entry }: NamedEntry, trees: Trees): string {
  const { kind, mode, target, stamp } = entry
  const content = kind === 'file' ? trees.hash(path, stamp) : (target ?? '')
  return `${kind} ${mode.toString(8)} ${content}`
}

/** The set of some entries: content and mode count, times do not. */
export function fileSet(entries: readonly NamedEntry[], trees: Trees): FileSet {
  if (entries.length === 0) return NO_FILES
  const sorted = [...new Map(entries.map(entry => [entry.name, entry])).values()].sort(byName)
  const rows = sorted.map((entry): FileRow => [entry.name, seenOf(entry, trees)])
  return {
    rows,
    digest: hashOfAll(rows.flat()),
    stamps: hashOfAll(sorted.map(({ name, entry }) => `${name}\0${entry.stamp}`))
  }
}

/** All entries below a folder, or the one that a path names; empty where there is none. */
export function entriesAt(path: string, name: string, trees: Trees): readonly NamedEntry[] {
  const entry = trees.look(path)
  if (!entry) return []
  const own = { name, path, entry }
  const real = entry.kind === 'link' ? trees.real(path) : undefined
  if (real !== undefined) return [own, ...entriesAt(real, `${name} (${entry.target})`, trees)]
  if (entry.kind !== 'folder') return [own]
  const below = trees.list(path).map(inside => ({
    name: `${name}/${inside.path}`,
    path: join(path, inside.path),
    entry: inside
  }))
  return [own, ...below]
}

/** What git knows below a folder, or outside of a checkout all but `.git`. */
export async function projectEntries(folder: string, trees: Trees): Promise<readonly NamedEntry[]> {
  const tracked = await trees.tracked(folder)
  if (!tracked) {
    const all = trees.list(folder, path => path === '.git')
    return all.map(entry => ({ name: entry.path, path: join(folder, entry.path), entry }))
  }
  return tracked.flatMap(name => {
    const path = join(folder, name)
    const entry = trees.look(path)
    return entry ? [{ name, path, entry }] : []
  })
}
