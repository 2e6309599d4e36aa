import { LONGEST_PATTERN } from './dockerfile-globs.js'
import { namedPath } from './dockerfile-named-paths.js'
import type { NamedSource } from './dockerfile-select.js'

/** A name that no file has, or none whose path is the same on all systems. */
const ODD_NAME = /(?:^|\/)\.{0,2}(?:\/|$)|[\0\\]/

/** Where in a context to look for what sources name. */
export interface SourcePlaces {
  /** Paths without wildcards, none below another. */
  readonly heads: readonly string[]
  /** A link below them may be on the way to what is named. */
  readonly linksCount: boolean
  /** All that lies at and below them is named, where no link leads elsewhere, and nothing is left out again. */
  readonly areNamed: boolean
}

/**
 * The places at and below which all lies that sources name, where no link leads elsewhere; undefined where that is all
 * of the context.
 */
export function placesOf(sources: readonly NamedSource[]): SourcePlaces | undefined {
  const named = new Set<string>()
  let hasPatterns = false
  let areNamed = true
  for (const { path, wildcards, include, exclude } of sources) {
    if (include !== undefined || path.length > LONGEST_PATTERN) return undefined
    const { head, pattern } = namedPath(path, wildcards)
    if (ODD_NAME.test(head)) return undefined
    named.add(head)
    hasPatterns ||= pattern !== ''
    areNamed &&= pattern === '' && exclude.length === 0
  }
  const heads = outermost(named)
  return { heads, linksCount: hasPatterns || heads.length < named.size, areNamed }
}

/** Paths less those that are below another; sorted, each follows what it is below. */
function outermost(paths: ReadonlySet<string>): readonly string[] {
  const sorted = [...paths].map(path => `${path.replaceAll('/', '\0')}\0`).sort()
  const outer: string[] = []
  for (const path of sorted) {
    const above = outer.at(-1)
    if (above === undefined || !path.startsWith(above)) outer.push(path)
  }
  return outer.map(path => path.slice(0, -1).replaceAll('\0', '/'))
}
