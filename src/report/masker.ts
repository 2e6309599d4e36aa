import type { Secret } from '../builders/secret-values.js'
import { type Match, openMatcher, type Scan } from './secret-matcher.js'
import { needlesOf } from './secret-needles.js'

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

class ScanStream implements MaskStream {
  readonly #scan: Scan
  /** What is held back, and where in the whole text it begins. */
  #held: Buffer = Buffer.alloc(0)
  #from = 0
  #spans: readonly Span[] = []

  constructor(scan: Scan) {
    this.#scan = scan
  }

  write(chunk: Buffer): readonly Buffer[] {
    const found = this.#scan.next(chunk)
    const text = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk
    return this.#show(text, found, this.#scan.open - this.#from)
  }

  end(): readonly Buffer[] {
    return this.#show(this.#held, this.#scan.end(), this.#held.length)
  }

  #show(text: Buffer, found: readonly Match[], open: number): readonly Buffer[] {
    if (found.length === 0 && this.#spans.length === 0 && open === text.length) {
      this.#keep(text, open)
      return text.length > 0 ? [text] : []
    }
    const spans = found.map(span => laterPart({ ...span, shown: false }, this.#from))
    const all = merged([...this.#spans, ...spans])
    const pieces = shown(text, all, open)
    this.#keep(text, open)
    this.#spans = all.filter(({ end }) => end > open).map(span => laterPart(span, open))
    return pieces
  }

  #keep(text: Buffer, open: number): void {
    this.#held = Buffer.from(text.subarray(open))
    this.#from += open
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
  const scans = openMatcher(needles, false)
  let cutScans: (() => Scan) | undefined
  const scanFor = (whole: string) => {
    if (!whole.includes('…')) return scans()
    cutScans ??= openMatcher(needles, true)
    return cutScans()
  }
  const text = (whole: string) => {
    const bytes = Buffer.from(whole)
    const scan = scanFor(whole)
    const spans = [...scan.next(bytes), ...scan.end()]
    if (spans.length === 0) return whole
    const all = merged(spans.map(each => ({ ...each, shown: false })))
    return Buffer.concat(shown(bytes, all, bytes.length)).toString()
  }
  return { text, stream: () => new ScanStream(scans()) }
}
