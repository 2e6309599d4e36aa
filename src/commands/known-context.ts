import { dirname, join } from 'node:path'
import type { NamedSource } from '../chain/dockerfile-select.js'
import type { FileSet } from '../chain/fingerprint.js'
import type { SetOrigin } from '../ports.js'
import { contextEntries, keyOfSources } from './context-entries.js'
import type { ContextFilter } from './context-listing.js'
import type { NamedEntry } from './file-sets.js'
import type { Look } from './look.js'

/** What sources see of a context. */
export interface SeenContext {
  readonly list: () => readonly NamedEntry[]
  /** The set of it, where an earlier run has looked at it and it looks the same by now. */
  readonly known: FileSet | undefined
  /** Takes the set that was made of the list, for later runs. */
  readonly keep: (set: FileSet) => void
}

/** No context at all. */
export const NO_CONTEXT: SeenContext = { list: () => [], known: undefined, keep: () => {} }

/** Folders on the way from one to a path below it, with that one. */
function foldersBetween(top: string, path: string): readonly string[] {
  const folders: string[] = []
  for (let at = dirname(path); at.length > top.length; at = dirname(at)) folders.push(at)
  return [top, ...folders.reverse()]
}

/** Where in a context its entries were found, as absolute paths. */
function placesIn(folder: string, heads: readonly string[] | undefined) {
  if (!heads) return { roots: [folder], above: [] }
  const roots = heads.map(head => join(folder, head))
  return { roots, above: [...new Set(roots.flatMap(root => foldersBetween(folder, root)))] }
}

/** Those of some folders that are below some roots, each once. */
const foldersBelow = (roots: readonly string[], folders: readonly string[]) =>
  [...new Set(folders)].filter(path => roots.some(root => path.startsWith(join(root, '/')))).sort()

/**
 * What sources see of a context, from an earlier run if one knows it. The stamps of such a set are those of no look,
 * since none of its files was looked at.
 */
export async function seenContext(
  sources: readonly NamedSource[],
  folder: string,
  filter: ContextFilter,
  look: Look
): Promise<SeenContext> {
  const key = () => [folder, keyOfSources(sources), filter.key].join('\0')
  const found = await look.trees.knownSet(key)
  let seen: ReturnType<typeof contextEntries> | undefined
  const see = () => {
    seen ??= contextEntries(sources, folder, filter, look)
    return seen
  }
  const list = () => see().entries
  const rows = () => look.fileSet(list()).rows()
  const known = found && { ...found, rows, stamps: `known ${found.digest}`, isRecalled: true }
  const originOf = (): SetOrigin | undefined => {
    const { folders, isSpent } = look.leftOut(folder, filter)
    const places = placesIn(folder, see().heads)
    const isThere = [folder, ...places.roots].every(path => look.trees.look(path) !== undefined)
    if (isSpent || !isThere || look.trees.look(folder)?.kind !== 'folder') return undefined
    return { key: key(), ...places, leftOut: foldersBelow(places.roots, folders) }
  }
  const keep = ({ digest, count }: FileSet) =>
    look.trees.offerSet({ digest, count }, originOf, list)
  return { list, known, keep }
}
