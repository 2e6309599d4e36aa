import type { Secret } from '../builders/secret-values.js'
import { type Match, openMatcher, TELLING } from './secret-matcher.js'
import { type Needle, needlesOf } from './secret-needles.js'
import { nextPlace, skipsOf } from './secret-skips.js'

/** What stands in place of a secret, as in the runner's own logs. */
export const MASK = '***'

/** Masks what comes piece by piece; memory holds no more than the longest secret in its longest form. */
export interface MaskStream {
  /** Gives what can be shown by now: a part of a secret never is. */
  write(chunk: Buffer): readonly Buffer[]
  /** What was held back, since nothing more comes. */
  end(): readonly Buffer[]
}

/** Takes secrets out of what is shown, in all forms of secret-needles. */
export interface Masker {
  /** A message without its secrets, and what it has left of one that it cut off (`…`); the same text where there is none. */
  text(text: string): string
  stream(): MaskStream
}

const MASK_BYTES = Buffer.from(MASK)

interface Span {
  start: number
  end: number
  /** Its mask was shown already. */
  shown: boolean
}

/** The parts of a text that are masked, and how far it was searched. */
interface Found {
  readonly spans: readonly Match[]
  /** From here on the text may hold the beginning of a secret. */
  readonly open: number
}

type Search = (text: Uint8Array, isEnd: boolean) => Found

function openSearch(needles: readonly Needle[], cut = false): Search {
  const skips = skipsOf(needles, cut ? TELLING : undefined)
  const match = openMatcher(needles, cut)
  return (text, isEnd) => {
    const spans: Match[] = []
    for (let at = nextPlace(text, 0, skips); at < text.length; ) {
      const found = match(text, at)
      if (found.isOpen && !isEnd) return { spans, open: at }
      if (found.end >= 0) spans.push(found)
      at = nextPlace(text, at + 1, skips)
    }
    return { spans, open: text.length }
  }
}

/** Spans that overlap are one; those that only touch are two. */
function merged(spans: readonly Span[]): readonly Span[] {
  const sorted = [...spans].sort((one, other) => one.start - other.start)
  const whole: Span[] = []
  for (const span of sorted) {
    const before = whole.at(-1)
    if (before && span.start < before.end) before.end = Math.max(before.end, span.end)
    else whole.push({ ...span })
  }
  return whole
}

class SearchStream implements MaskStream {
  readonly #search: Search
  #held: Buffer = Buffer.alloc(0)
  #spans: readonly Span[] = []

  constructor(search: Search) {
    this.#search = search
  }

  write(chunk: Buffer): readonly Buffer[] {
    return this.#take(this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk, false)
  }

  end(): readonly Buffer[] {
    return this.#take(this.#held, true)
  }

  #take(text: Buffer, isEnd: boolean): readonly Buffer[] {
    const { spans, open } = this.#search(text, isEnd)
    if (spans.length === 0 && this.#spans.length === 0 && open === text.length) {
      this.#held = text.subarray(open)
      return text.length > 0 ? [text] : []
    }
    const all = merged([...this.#spans, ...spans.map(each => ({ ...each, shown: false }))])
    const pieces = shown(text, all, open)
    this.#held = Buffer.from(text.subarray(open))
    this.#spans = all.filter(({ end }) => end > open).map(span => laterPart(span, open))
    return pieces
  }
}

/** A span as the text counts that is left from a place on. */
const laterPart = ({ start, end, shown }: Span, from: number): Span => ({
  start: Math.max(0, start - from),
  end: end - from,
  shown: shown || start < from
})

/** A text up to a place, with a mask for each span that begins there. */
function shown(text: Buffer, spans: readonly Span[], until: number): readonly Buffer[] {
  const pieces: Buffer[] = []
  let at = 0
  for (const span of spans) {
    if (span.start >= until) break
    if (span.start > at) pieces.push(text.subarray(at, span.start))
    if (!span.shown) pieces.push(MASK_BYTES)
    at = Math.min(span.end, until)
  }
  if (at < until) pieces.push(text.subarray(at, until))
  return pieces
}

const UNMASKED: Masker = {
  text: text => text,
  stream: () => ({ write: chunk => (chunk.length > 0 ? [chunk] : []), end: () => [] })
}

/** Makes a masker for some secrets; with none it takes no time. */
export function openMasker(secrets: Iterable<Secret>): Masker {
  const needles = [...secrets].flatMap(needlesOf)
  if (needles.length === 0) return UNMASKED
  const search = openSearch(needles)
  let cutSearch: Search | undefined
  const searchFor = (whole: string) => {
    if (!whole.includes('…')) return search
    cutSearch ??= openSearch(needles, true)
    return cutSearch
  }
  const text = (whole: string) => {
    const bytes = Buffer.from(whole)
    const { spans } = searchFor(whole)(bytes, true)
    if (spans.length === 0) return whole
    const all = merged(spans.map(each => ({ ...each, shown: false })))
    return Buffer.concat(shown(bytes, all, bytes.length)).toString()
  }
  return { text, stream: () => new SearchStream(search) }
}
