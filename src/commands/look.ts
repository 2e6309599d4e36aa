import { dirname, join, resolve } from 'node:path'
import type { FileSet } from '../chain/fingerprint.js'
import type { Files, TreeEntry, Trees } from '../ports.js'
import { type ContextFilter, namedEntries } from './context-listing.js'
import { type ContextPart, ContextParts } from './context-part.js'
import { fileSet, type NamedEntry } from './file-sets.js'
import { remembered } from './remembered.js'

/** One look at the file system: what it saw of a folder, it does not look at again. */
export interface Look {
  readonly files: Files
  readonly trees: Trees
  /** Whether a path lies in the project; undefined where every path may be read. */
  readonly mayRead: ((path: string) => boolean) | undefined
  /** All entries below a folder but those that a filter leaves out; `key` names the filter. */
  context(folder: string, filter: ContextFilter): readonly NamedEntry[]
  /** The part of a context at some places: see ContextParts. */
  contextAt(
    folder: string,
    filter: ContextFilter,
    places: readonly string[]
  ): ContextPart | undefined
  /** A choice among entries; the same choice among the same entries is made once. */
  choose(
    entries: readonly NamedEntry[],
    key: string,
    choose: () => readonly NamedEntry[]
  ): readonly NamedEntry[]
  /** What such a filter has left out of a folder so far. */
  leftOut(folder: string, filter: ContextFilter): LeftOut
  /** The set of some entries; the same list is hashed once. */
  fileSet(entries: readonly NamedEntry[]): FileSet
  /** The same, with large files hashed on several processors. */
  hashedSet(entries: readonly NamedEntry[]): Promise<FileSet>
  /** When and how what lies at an absolute path was last written, and all that its links lead on to. */
  stamp(path: string): string
  /** Whether a path leads to something. */
  exists(path: string): boolean
}

const filesAmong = (entries: readonly NamedEntry[]) =>
  entries.flatMap(({ path, entry }) =>
    entry.kind === 'file' ? [{ path, stamp: entry.stamp }] : []
  )

/** What a filter has left out of a folder. */
export interface LeftOut {
  /** Absolute paths. */
  readonly folders: readonly string[]
  /** It was asked so much that it left out less than it says. */
  readonly isSpent: boolean
}

interface MutableLeftOut extends LeftOut {
  readonly folders: string[]
  isSpent: boolean
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

/** The same filter, which notes what it leaves out of a folder. */
function noted(filter: ContextFilter, folder: string, left: MutableLeftOut): ContextFilter {
  if (filter.key === '') return filter
  const skip: ContextFilter['skip'] = (path, kind) => {
    const isOut = filter.skip(path, kind)
    if (isOut && kind === 'folder') left.folders.push(join(folder, path))
    left.isSpent ||= filter.isSpent()
    return isOut
  }
  return { ...filter, skip, anew: () => noted(filter.anew(), folder, left) }
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
  const parts = new Map<string, ContextParts>()
  const choices = new Map<readonly NamedEntry[], Map<string, readonly NamedEntry[]>>()
  const sets = new Map<readonly NamedEntry[], FileSet>()
  const leftOut = new Map<string, MutableLeftOut>()
  const leftOutOf = (folder: string, { key }: ContextFilter) =>
    remembered(leftOut, `${folder}\0${key}`, () => ({ folders: [] as string[], isSpent: false }))
  const noting = (folder: string, filter: ContextFilter) =>
    noted(filter, folder, leftOutOf(folder, filter))
  const stamps = new Map<string, string>()
  const setOf = (entries: readonly NamedEntry[]) =>
    remembered(sets, entries, () => fileSet(entries, trees))
  const stamp = (path: string) => remembered(stamps, path, () => stampsAt(path, trees))
  return {
    files,
    trees,
    mayRead,
    context: (folder, filter) =>
      remembered(contexts, `${folder}\0${filter.key}`, () =>
        namedEntries(folder, filter, trees.list(folder, noting(folder, filter).skip))
      ),
    contextAt: (folder, filter, places) =>
      remembered(
        parts,
        `${folder}\0${filter.key}`,
        () => new ContextParts(folder, noting(folder, filter), trees)
      ).at(places),
    choose: (entries, key, choose) => {
      const made = remembered(choices, entries, () => new Map<string, readonly NamedEntry[]>())
      return remembered(made, key, choose)
    },
    leftOut: leftOutOf,
    fileSet: setOf,
    hashedSet: async entries => {
      if (!sets.has(entries)) await trees.hashAhead(() => filesAmong(entries))
      return setOf(entries)
    },
    stamp,
    exists: path => !stamp(path).endsWith(NOTHING)
  }
}
