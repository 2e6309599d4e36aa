import { Steps } from '../steps.js'
import { ignoreMatcher, LONGEST_PATTERN } from './dockerfile-globs.js'
import { type Below, below, type NamedPath, namedPath, through } from './dockerfile-named-paths.js'
import type { ContextSource } from './dockerfile-reading.js'
import { excluder } from './ignore.js'

/** What of an entry in a build context the choice depends on. */
export interface ContextEntry {
  /** Below the context's root, `/` between names. */
  readonly path: string
  /** Where a link points, as the link has it. */
  readonly target?: string | undefined
}

/** What an instruction names in a context. */
export type NamedSource = Pick<ContextSource, 'path' | 'wildcards' | 'include' | 'exclude'>

/**
 * The entries of a context, already filtered by its ignore file, that the instructions of a
 * Dockerfile can see: what they name, all below it, and where links on the way to it lead. Links
 * further down are copied as links, so that what they point at does not count.
 */
export function selectSources<T extends ContextEntry>(
  entries: readonly T[],
  sources: readonly NamedSource[]
): readonly T[] {
  const links = entries.flatMap(({ path, target }) =>
    target === undefined ? [] : [{ path, target }]
  )
  if (links.length * sources.length > MOST_COMPARISONS) return entries
  const wanted = new Wanted()
  for (const source of sources) wanted.add(source, links)
  if (wanted.everything) return entries
  const chosen = entries.filter(({ path }) => wanted.has(path))
  if (!sources.some(({ include }) => include !== undefined)) return chosen
  // --parents brings along the folders above what it takes.
  const above = new Set(chosen.flatMap(({ path }) => foldersAbove(path)))
  return entries.filter(({ path }) => above.has(path) || wanted.has(path))
}

interface Link {
  readonly path: string
  readonly target: string
}

/** With more links to follow than this all of the context counts. */
const MOST_COMPARISONS = 1_000_000
const MOST_WAYS = 1000

/** Steps for all entries of a context; with none left all of it counts. */
const MOST_STEPS = 6_000_000

/** The path of a source, where links on its way lead, and those links; undefined for too many. */
function waysTo(source: NamedSource, links: readonly Link[]) {
  const ways = new Map<string, NamedPath>()
  const passed = new Set<string>()
  const add = (way: NamedPath) => ways.set(`${way.head}\0${way.pattern}`, way)
  add(namedPath(source.path, source.wildcards))
  for (const way of ways.values()) {
    for (const link of links) {
      const next = through(way, link)
      if (!next) continue
      add(next)
      passed.add(link.path)
      if (ways.size > MOST_WAYS) return undefined
    }
  }
  return { ways: [...ways.values()], passed }
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
}

/** What instructions take: literal paths apart from those that have to be compared one by one. */
class Wanted {
  everything = false
  readonly #steps = new Steps(MOST_STEPS)
  readonly #literal = new Set<string>()
  readonly #compared: ((path: string) => boolean)[] = []
  /** What the sources of an instruction share is read once. */
  readonly #excluders = new Map<readonly string[], (path: string) => boolean>()
  readonly #includes = new Map<string, ReturnType<typeof ignoreMatcher>>()
  /** The folder that was asked for last. */
  #folder = { name: '', isTaken: false }

  add(source: NamedSource, links: readonly Link[]): void {
    const isLong = source.path.length > LONGEST_PATTERN
    const found = isLong ? undefined : waysTo(source, links)
    if (!found) {
      this.everything = true
      return
    }
    for (const path of found.passed) this.#literal.add(path)
    for (const way of found.ways) this.#addWay(way, source)
  }

  #addWay(way: NamedPath, { include, exclude }: NamedSource): void {
    if (include !== undefined || exclude.length > 0) {
      const isIncluded = include === undefined ? undefined : this.#included(include)
      this.#compared.push(taken(below(way, this.#steps), isIncluded, this.#excluded(exclude)))
    } else if (way.pattern !== '') {
      const compare = below(way, this.#steps)
      this.#compared.push(path => compare(path) !== undefined)
    } else if (way.head === '') this.everything = true
    else this.#literal.add(way.head)
  }

  #excluded(patterns: readonly string[]): (path: string) => boolean {
    const excludes = this.#excluders.get(patterns) ?? excluder(patterns, this.#steps)
    this.#excluders.set(patterns, excludes)
    return excludes
  }

  #included(pattern: string): ReturnType<typeof ignoreMatcher> {
    const matches = this.#includes.get(pattern) ?? ignoreMatcher(pattern, this.#steps)
    this.#includes.set(pattern, matches)
    return matches
  }

  has(path: string): boolean {
    if (this.#steps.areSpent || this.#isInTaken(path)) return true
    return (
      this.#literal.has(path) || this.#compared.some(wants => wants(path)) || this.#steps.areSpent
    )
  }

  /** Whether a folder above a path is taken as a whole; those beside one another have the same. */
  #isInTaken(path: string): boolean {
    const { name, isTaken } = this.#folder
    if (path.lastIndexOf('/') === name.length && path.startsWith(name)) return isTaken
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    this.#folder = { name: folder, isTaken: this.#isTaken(folder) }
    return this.#folder.isTaken
  }

  #isTaken(folder: string): boolean {
    for (let end = folder.indexOf('/'); end >= 0; end = folder.indexOf('/', end + 1)) {
      if (this.#literal.has(folder.slice(0, end))) return true
    }
    return folder !== '' && this.#literal.has(folder)
  }
}

/** Whether an instruction takes what is at a place, or below one that it names. */
function taken(
  rest: Below,
  isIncluded: ((path: string) => boolean) | undefined,
  isExcluded: (path: string) => boolean
): (path: string) => boolean {
  return path => {
    const name = rest(path)
    if (name === undefined || name === '') return name === ''
    const included = !isIncluded || [...foldersAbove(name), name].some(isIncluded)
    return included && !isExcluded(name)
  }
}
