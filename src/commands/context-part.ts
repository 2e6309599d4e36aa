import type { TreeEntry, Trees } from '../ports.js'
import { type ContextFilter, namedEntries } from './context-listing.js'
import type { NamedEntry } from './file-sets.js'
import { remembered } from './remembered.js'

/** Some of the entries of a context. */
export interface ContextPart {
  readonly entries: readonly NamedEntry[]
  readonly hasLinks: boolean
}

/** What is at a path of a context. */
interface Step {
  /** Undefined where nothing is or is sent, and for the context itself. */
  readonly entry: TreeEntry | undefined
  /** What was asked for in a folder, by its names; undefined for all else. */
  readonly below: Map<string, Step> | undefined
}

const NOTHING: Step = { entry: undefined, below: undefined }

/** The parts of a context, each looked at once, however many images have it. */
export class ContextParts {
  readonly #folder: string
  readonly #filter: ContextFilter
  readonly #trees: Trees
  readonly #root: Step = { entry: undefined, below: new Map() }
  readonly #parts = new Map<string, ContextPart | undefined>()
  /** Most images have one place each, of which there may be thousands. */
  #together: Map<string, ContextPart | undefined> | undefined

  constructor(folder: string, filter: ContextFilter, trees: Trees) {
    this.#folder = folder === '/' ? '' : folder
    this.#filter = filter.anew()
    this.#trees = trees
  }

  /**
   * What is at some places, none of which is below another, and below them; undefined where a link stands on the way
   * to one, which leads elsewhere, and where it would depend on what was asked before.
   */
  at(places: readonly string[]): ContextPart | undefined {
    if (places.length === 1) return this.#part(places[0] ?? '')
    this.#together ??= new Map()
    return remembered(this.#together, places.join('\0'), () => this.#joined(places))
  }

  #part(place: string): ContextPart | undefined {
    return remembered(this.#parts, place, () => this.#partAt(place))
  }

  #joined(places: readonly string[]): ContextPart | undefined {
    const parts: ContextPart[] = []
    for (const place of places) {
      const part = this.#part(place)
      if (!part) return undefined
      parts.push(part)
    }
    return {
      entries: parts.flatMap(({ entries }) => entries),
      hasLinks: parts.some(({ hasLinks }) => hasLinks)
    }
  }

  #partAt(place: string): ContextPart | undefined {
    const { entry, below } = this.#find(place)
    const entries = entry ? [entry] : []
    if (below) {
      const path = `${this.#folder}/${place}`
      for (const each of this.#trees.list(path, this.#filter.skip, `${place}/`)) entries.push(each)
    }
    const hasLinks = entries.some(({ kind }) => kind === 'link')
    const found = namedEntries(this.#folder || '/', this.#filter, entries)
    if (entry?.kind === 'link' || this.#filter.isSpent()) return undefined
    return { entries: found, hasLinks }
  }

  /** What is at a place, or the link on the way to it. */
  #find(place: string): Step {
    let step = this.#root
    for (let start = 0; start <= place.length; ) {
      const slash = place.indexOf('/', start)
      const end = slash < 0 ? place.length : slash
      const name = place.slice(start, end)
      const next = step.below?.get(name) ?? this.#look(place.slice(0, end), step)
      step.below?.set(name, next)
      if (!next.entry || next.entry.kind === 'link') return next
      step = next
      start = end + 1
    }
    return step
  }

  #look(path: string, { below }: Step): Step {
    const entry = below && this.#trees.look(`${this.#folder}/${path}`)
    if (!entry) return NOTHING
    if (entry.kind !== 'link' && this.#filter.skip(path, entry.kind)) return NOTHING
    return { entry: { ...entry, path }, below: entry.kind === 'folder' ? new Map() : undefined }
  }
}
