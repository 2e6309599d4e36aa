import { join } from 'node:path'
import type { FileSet } from '../chain/fingerprint.js'
import type { Files, TreeEntry, Trees } from '../ports.js'
import { fileSet, type NamedEntry } from './file-sets.js'

/** One look at the file system: what it saw of a folder, it does not look at again. */
export interface Look {
  readonly files: Files
  readonly trees: Trees
  /** All entries below a folder but those that a filter leaves out; `key` names the filter. */
  context(folder: string, filter: ContextFilter): readonly NamedEntry[]
  /** A choice among entries; the same choice among the same entries is made once. */
  choose(
    entries: readonly NamedEntry[],
    key: string,
    choose: () => readonly NamedEntry[]
  ): readonly NamedEntry[]
  /** The set of some entries; the same list is hashed once. */
  fileSet(entries: readonly NamedEntry[]): FileSet
}

/** What of a build context is sent to the builder. */
export interface ContextFilter {
  /** The text that it was made from. */
  readonly key: string
  readonly skip: (path: string, kind: TreeEntry['kind']) => boolean
}

/** Opens a look. */
export function openLook({ files, trees }: Pick<Look, 'files' | 'trees'>): Look {
  const contexts = new Map<string, readonly NamedEntry[]>()
  const choices = new Map<readonly NamedEntry[], Map<string, readonly NamedEntry[]>>()
  const sets = new Map<readonly NamedEntry[], FileSet>()
  return {
    files,
    trees,
    context: (folder, filter) => {
      const key = `${folder}\0${filter.key}`
      const entries =
        contexts.get(key) ??
        trees
          .list(folder, filter.skip)
          .map(entry => ({ name: entry.path, path: join(folder, entry.path), entry }))
      contexts.set(key, entries)
      return entries
    },
    choose: (entries, key, choose) => {
      const made = choices.get(entries) ?? new Map<string, readonly NamedEntry[]>()
      const choice = made.get(key) ?? choose()
      choices.set(entries, made.set(key, choice))
      return choice
    },
    fileSet: entries => {
      const set = sets.get(entries) ?? fileSet(entries, trees)
      sets.set(entries, set)
      return set
    }
  }
}
