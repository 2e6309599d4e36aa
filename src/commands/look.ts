import { dirname, join, resolve } from 'node:path'
import type { FileSet } from '../chain/fingerprint.js'
import type { Files, TreeEntry, Trees } from '../ports.js'
import { contextPart } from './context-part.js'
import { fileSet, type NamedEntry } from './file-sets.js'

/** One look at the file system: what it saw of a folder, it does not look at again. */
export interface Look {
  readonly files: Files
  readonly trees: Trees
  /** Whether a path lies in the project; undefined where every path may be read. */
  readonly mayRead: ((path: string) => boolean) | undefined
  /** All entries below a folder but those that a filter leaves out; `key` names the filter. */
  context(folder: string, filter: ContextFilter): readonly NamedEntry[]
  /**
   * Those at some places of a context, none of which is below another, with all below and the folders above; undefined
   * where a link stands on the way to one.
   */
  contextAt(
    folder: string,
    filter: ContextFilter,
    places: readonly string[]
  ): readonly NamedEntry[] | undefined
  /** A choice among entries; the same choice among the same entries is made once. */
  choose(
    entries: readonly NamedEntry[],
    key: string,
    choose: () => readonly NamedEntry[]
  ): readonly NamedEntry[]
  /** The set of some entries; the same list is hashed once. */
  fileSet(entries: readonly NamedEntry[]): FileSet
  /** When and how what lies at an absolute path was last written, and all that its links lead on to. */
  stamp(path: string): string
  /** Whether a path leads to something. */
  exists(path: string): boolean
}

/** What of a build context is sent to the builder. */
export interface ContextFilter {
  /** The text that it was made from. */
  readonly key: string
  /** Leaves out an entry, and with a folder all that is below it. */
  readonly skip: (path: string, kind: TreeEntry['kind']) => boolean
  /** Leaves out a folder that nothing was found in. */
  readonly dropsEmpty?: (folder: string) => boolean
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

function named(
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

/** Entries of several parts, which have folders above them in common. */
function together(parts: readonly (readonly TreeEntry[])[]): readonly TreeEntry[] {
  if (parts.length === 1) return parts[0] ?? []
  const all = new Map<string, TreeEntry>()
  for (const part of parts) for (const entry of part) all.set(entry.path, entry)
  return [...all.values()]
}

/** Links that are followed, as Linux does. */
const MOST_LINKS = 40

const NOTHING = 'none'

function stampsAt(path: string, trees: Trees): string {
  const stamps: string[] = []
  for (let at = path; stamps.length <= MOST_LINKS; ) {
    const entry = trees.look(at)
    stamps.push(entry?.stamp ?? NOTHING)
    if (entry?.target === undefined) break
    at = resolve(dirname(at), entry.target)
  }
  return stamps.join(' ')
}

function remembered<K, T>(known: Map<K, T>, key: K, make: () => T): T {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** Opens a look. */
export function openLook({
  files,
  trees: disk,
  mayRead
}: Pick<Look, 'files' | 'trees' | 'mayRead'>): Look {
  const looks = new Map<string, TreeEntry | undefined>()
  const trees = { ...disk, look: (path: string) => remembered(looks, path, () => disk.look(path)) }
  const contexts = new Map<string, readonly NamedEntry[]>()
  const parts = new Map<string, readonly TreeEntry[] | undefined>()
  const partials = new Map<string, readonly NamedEntry[] | undefined>()
  const choices = new Map<readonly NamedEntry[], Map<string, readonly NamedEntry[]>>()
  const sets = new Map<readonly NamedEntry[], FileSet>()
  const stamps = new Map<string, string>()
  const stamp = (path: string) => remembered(stamps, path, () => stampsAt(path, trees))
  return {
    files,
    trees,
    mayRead,
    context: (folder, filter) =>
      remembered(contexts, `${folder}\0${filter.key}`, () =>
        named(folder, filter, trees.list(folder, filter.skip))
      ),
    contextAt: (folder, filter, places) => {
      const partAt = (place: string) =>
        remembered(parts, `${folder}\0${filter.key}\0${place}`, () =>
          contextPart(folder, filter, place, trees)
        )
      return remembered(partials, `${folder}\0${filter.key}\0${places.join('\0')}`, () => {
        const found = places.map(partAt)
        return found.every(part => part !== undefined)
          ? named(folder, filter, together(found))
          : undefined
      })
    },
    choose: (entries, key, choose) => {
      const made = remembered(choices, entries, () => new Map<string, readonly NamedEntry[]>())
      return remembered(made, key, choose)
    },
    fileSet: entries => remembered(sets, entries, () => fileSet(entries, trees)),
    stamp,
    exists: path => !stamp(path).endsWith(NOTHING)
  }
}
