import { placesOf } from '../chain/dockerfile-places.js'
import { type NamedSource, selectSources } from '../chain/dockerfile-select.js'
import type { ContextFilter } from './context-listing.js'
import type { NamedEntry } from './file-sets.js'
import type { Look } from './look.js'

/** Entries that hold all that sources name. */
interface Listed {
  readonly entries: readonly NamedEntry[]
  /** Sources name each of them. */
  readonly areNamed: boolean
}

/** The part of a context in which all lies that sources name: beside it there may be a checkout's history. */
function listedFor(
  sources: readonly NamedSource[],
  folder: string,
  filter: ContextFilter,
  look: Look
): Listed {
  const places = placesOf(sources)
  const part = places && look.contextAt(folder, filter, places.heads)
  const leadsOn = places?.linksCount && part?.hasLinks
  if (!part || leadsOn) return { entries: look.context(folder, filter), areNamed: false }
  return { entries: part.entries, areNamed: places.areNamed }
}

/** The entries of a context that sources can see. */
export function contextEntries(
  sources: readonly NamedSource[],
  folder: string,
  filter: ContextFilter,
  look: Look
): readonly NamedEntry[] {
  const { entries: all, areNamed } = listedFor(sources, folder, filter, look)
  if (areNamed) return all
  const key = JSON.stringify(
    sources.map(({ path, wildcards, include, exclude }) => [path, wildcards, include, exclude])
  )
  return look.choose(all, key, () => {
    const named = all.map(entry => ({
      path: entry.name,
      target: entry.entry.target,
      entry
    }))
    const chosen = selectSources(named, sources)
    return chosen.length === all.length ? all : chosen.map(({ entry }) => entry)
  })
}
