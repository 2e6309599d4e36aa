import { dirname, join } from 'node:path'
import type { TreeEntry } from '../ports.js'
import type { NamedEntry } from './file-sets.js'

/** What of a build context is sent to the builder. */
export interface ContextFilter {
  /** The text that it was made from. */
  readonly key: string
  /** Leaves out an entry, and with a folder all that is below it. */
  readonly skip: (path: string, kind: TreeEntry['kind']) => boolean
  /** Leaves out a folder that nothing was found in. */
  readonly dropsEmpty?: (folder: string) => boolean
  /** Whether so much was asked that it keeps nothing back any more. */
  readonly isSpent: () => boolean
  /** The same, as if it had not been asked yet. */
  readonly anew: () => ContextFilter
}

/** Less the folders that were only looked through for what is taken back in. */
function withoutEmpty(
  entries: readonly TreeEntry[],
  drops: (folder: string) => boolean
): readonly TreeEntry[] {
  const filled = new Set<string>()
  const kept = [...entries].reverse().filter(({ path, kind }) => {
    if (kind === 'folder' && !filled.has(path) && drops(path)) return false
    filled.add(dirname(path))
    return true
  })
  return kept.reverse()
}

/** Entries of a context by their names and paths, less those that the filter drops. */
export function namedEntries(
  folder: string,
  { dropsEmpty }: ContextFilter,
  entries: readonly TreeEntry[]
): readonly NamedEntry[] {
  const kept = dropsEmpty ? withoutEmpty(entries, dropsEmpty) : entries
  const above = join(folder, '/')
  return kept.map(entry => ({
    name: entry.path,
    path: above + entry.path,
    root: folder,
    entry
  }))
}
