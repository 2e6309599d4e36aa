import type { TreeEntry, Trees } from '../ports.js'
import type { ContextFilter } from './look.js'

/** A path and the folders above it, the outermost first. */
function* onTheWay(path: string): Generator<string> {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    yield path.slice(0, end)
  }
  yield path
}

/**
 * What of a context stands at a place and below it, with the folders above; undefined where a link stands on the way,
 * which leads elsewhere.
 */
export function contextPart(
  folder: string,
  { skip }: ContextFilter,
  place: string,
  trees: Trees
): readonly TreeEntry[] | undefined {
  const above = folder === '/' ? folder : `${folder}/`
  const entries: TreeEntry[] = []
  for (const path of onTheWay(place)) {
    const entry = trees.look(above + path)
    if (entry?.kind === 'link') return undefined
    if (!entry || skip(path, entry.kind)) return entries
    entries.push({ ...entry, path })
    if (entry.kind !== 'folder') return entries
  }
  for (const entry of trees.list(above + place, skip, `${place}/`)) entries.push(entry)
  return entries
}
