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
  /** Where in the context they were looked for; undefined for all of it. */
  readonly heads: readonly string[] | undefined
}

/** What sources see of a context. */
export interface SeenEntries {
  readonly entries: readonly NamedEntry[]
  /** Paths in the context at and below which all that decides about them lies; undefined for all of it. */
  readonly heads: readonly string[] | undefined
}

/** Stands for what sources name. */
export const keyOfSources = (sources: readonly NamedSource[]): string =>
  JSON.stringify(
    sources.map(({ path, wildcards, include, exclude }) => [path, wildcards, include, exclude])
  )

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
  if (!part || leadsOn) {
    return { entries: look.context(folder, filter), areNamed: false, heads: undefined }
  }
  return { entries: part.entries, areNamed: places.areNamed, heads: places.heads }
}

/** The entries of a context that sources can see. */
export function contextEntries(
  sources: readonly NamedSource[],
  folder: string,
  filter: ContextFilter,
  look: Look
): SeenEntries {
  const { entries: all, areNamed, heads } = listedFor(sources, folder, filter, look)
  if (areNamed) return { entries: all, heads }
  const entries = look.choose(all, keyOfSources(sources), () => {
    const named = all.map(entry => ({
      path: entry.name,
      target: entry.entry.target,
      entry
    }))
    const chosen = selectSources(named, sources)
    return chosen.length === all.length ? all : chosen.map(({ entry }) => entry)
  })
  return { entries, heads }
}
