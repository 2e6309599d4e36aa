import type { Needle } from './secret-needles.js'
import { openStart, type Start, type Thread } from './secret-starts.js'

/** What a text has at one place. */
export interface Match {
  /** Where the masked part begins and ends; both -1 where there is none. */
  readonly start: number
  readonly end: number
  /** The text ends in what may be the beginning of a longer one. */
  readonly isOpen: boolean
}

/** Where a secret was cut off in a message: `…` in UTF-8. */
const CUT = Buffer.from('…')

/** Characters of a secret that are masked although the rest of it was cut off. */
export const TELLING = 4

/** Needles that are followed one by one; of more than these only those are that a text goes on with. */
const FEW = 4

/** Bytes that make a word go on. */
const isWordByte = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x5f

/** Where a form ends whose bytes from one on stand here; -1 where others do, `Infinity` where the text ends in it. */
function endOf(form: Uint8Array, text: Uint8Array, at: number, byte = 0): number {
  let place = at
  for (let index = byte; index < form.length; index += 1, place += 1) {
    if (place >= text.length) return Number.POSITIVE_INFINITY
    if (text[place] !== form[index]) return -1
  }
  return place
}

/** What needles have at one place of a text. */
class Finding implements Match {
  start = -1
  end = -1
  isOpen = false

  constructor(
    readonly text: Uint8Array,
    readonly at: number,
    /** Also needles that were cut off count. */
    readonly cut: boolean
  ) {}

  #take(needle: Needle, end: number): void {
    const start = this.at + needle.keep
    // What is kept of one needle may be a part of another.
    this.start = this.end < 0 ? start : Math.min(this.start, start)
    this.end = Math.max(this.end, end)
  }

  /** A needle whose last character ends here. */
  whole(needle: Needle, end: number): void {
    if (!needle.isWord) return this.#take(needle, end)
    if (end >= this.text.length) this.isOpen = true
    if (!isWordByte(this.text[end] ?? 0)) this.#take(needle, end)
  }

  /** A needle of which this many characters stand before a place, where it may have been cut off. */
  partial(needle: Needle, characters: number, end: number): void {
    if (!this.cut || characters < TELLING || end <= this.at + needle.keep) return
    if (endOf(CUT, this.text, end) === end + CUT.length) this.#take(needle, end)
  }

  /** The needles that end with a start, and those that are cut off after it. */
  pass({ ended, threads }: Start, at: number): void {
    for (const needle of ended) this.whole(needle, at)
    if (!this.cut) return
    for (const { needle, character, byte } of threads) {
      if (byte === 0) this.partial(needle, character, at)
    }
  }

  /** Follows a needle from one of its characters on, of which some bytes were found before a place. */
  follow({ needle, character, form, byte }: Thread, at: number): void {
    const { text } = this
    if (byte === 0) this.partial(needle, character, at)
    const end = endOf(form, text, at, byte)
    if (end === Number.POSITIVE_INFINITY) this.isOpen = true
    else if (end >= 0) this.#goOn(needle, character + 1, end)
  }

  #goOn(needle: Needle, from: number, at: number): void {
    const { characters } = needle
    let places = [at]
    for (let index = from; index < characters.length; index += 1) {
      for (const place of places) this.partial(needle, index, place)
      places = this.#step(characters[index] ?? [], places)
      if (places.length === 0) return
    }
    for (const place of places) this.whole(needle, place)
  }

  /** Where a character may end that begins at one of some places. */
  #step(forms: readonly Uint8Array[], places: number[]): number[] {
    const next: number[] = []
    for (const place of places) {
      for (const form of forms) {
        const end = endOf(form, this.text, place)
        if (end === Number.POSITIVE_INFINITY) this.isOpen = true
        else if (end >= 0 && !next.includes(end)) next.push(end)
      }
    }
    return next
  }
}

/** Finds at one place the longest of some needles. */
export type Matcher = (text: Uint8Array, at: number) => Match

/**
 * Makes a matcher. What needles begin alike with is looked at once for all of them, so its time does
 * not grow with their number.
 * @param cut finds secrets, too, that a message has cut off
 */
export function openMatcher(needles: readonly Needle[], cut: boolean): Matcher {
  const first = openStart(needles)
  return (text, at) => {
    const found = new Finding(text, at, cut)
    let start = first
    let place = at
    for (; start.threads.length > FEW && place < text.length; place += 1) {
      found.pass(start, place)
      start = start.after(text[place] as number)
    }
    for (const needle of start.ended) found.whole(needle, place)
    for (const thread of start.threads) found.follow(thread, place)
    return found
  }
}
