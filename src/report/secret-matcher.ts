import type { Forms } from './secret-forms.js'
import type { Needle } from './secret-needles.js'

/** What a text has at one place. */
export interface Match {
  /** Where the masked part begins and ends; both -1 where there is none. */
  readonly start: number
  readonly end: number
  /** The text ends in what may be the beginning of a longer one. */
  readonly isOpen: boolean
}

const NOTHING: Match = { start: -1, end: -1, isOpen: false }

/** Bytes that make a word go on. */
const isWordByte = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x5f

/** Where a form ends that begins here; -1 where there is another, `Infinity` where the text ends in it. */
function endOf(form: Uint8Array, text: Uint8Array, at: number): number {
  for (let index = 0; index < form.length; index += 1) {
    if (at + index >= text.length) return Number.POSITIVE_INFINITY
    if (text[at + index] !== form[index]) return -1
  }
  return at + form.length
}

interface Reached {
  /** Where the characters so far may end. */
  readonly places: readonly number[]
  readonly isOpen: boolean
}

function step(forms: Forms, text: Uint8Array, places: readonly number[]): Reached {
  const next: number[] = []
  let isOpen = false
  for (const place of places) {
    for (const form of forms) {
      const end = endOf(form, text, place)
      if (end === Number.POSITIVE_INFINITY) isOpen = true
      else if (end >= 0 && !next.includes(end)) next.push(end)
    }
  }
  return { places: next, isOpen }
}

/** Where a secret was cut off in a message: `…` in UTF-8. */
const CUT = Buffer.from('…')

/** Characters of a secret that are masked although the rest of it was cut off. */
export const TELLING = 4

interface Followed extends Reached {
  /** Where what is left of the secret ends; -1 where it was not cut off. */
  readonly cut: number
}

/** A place of a text, and how needles are looked for there. */
interface Look {
  readonly text: Uint8Array
  readonly at: number
  /** Also those that were cut off. */
  readonly cut: boolean
}

function follow({ characters }: Needle, { text, at, cut: findsCut }: Look): Followed {
  let reached: Reached = { places: [at], isOpen: false }
  let { isOpen } = reached
  let cut = -1
  for (const [index, forms] of characters.entries()) {
    if (findsCut && index >= TELLING) {
      const { places } = step([CUT], text, reached.places)
      cut = Math.max(cut, ...places.map(end => end - CUT.length))
    }
    reached = step(forms, text, reached.places)
    isOpen ||= reached.isOpen
    if (reached.places.length === 0) break
  }
  return { places: reached.places, isOpen, cut }
}

function matchNeedle(needle: Needle, look: Look): Match {
  const { text, at } = look
  const { places, isOpen, cut } = follow(needle, look)
  const start = at + needle.keep
  if (places.length === 0) return cut > start ? { start, end: cut, isOpen } : { ...NOTHING, isOpen }
  const ends = needle.isWord ? places.filter(end => !isWordByte(text[end] ?? 0)) : places
  const touchesEnd = needle.isWord && places.some(end => end >= text.length)
  if (ends.length === 0) return { ...NOTHING, isOpen: isOpen || touchesEnd }
  return { start, end: Math.max(...ends), isOpen: isOpen || touchesEnd }
}

/** Finds at one place the longest of some needles. */
export type Matcher = (text: Uint8Array, at: number) => Match

/**
 * Makes a matcher; needles are sorted by the bytes that they may begin with.
 * @param cut finds secrets, too, that a message has cut off
 */
export function openMatcher(needles: readonly Needle[], cut: boolean): Matcher {
  const byFirst: Needle[][] = Array.from({ length: 256 }, () => [])
  for (const needle of needles) {
    const bytes = new Set((needle.characters[0] ?? []).map(form => form[0] ?? 0))
    for (const byte of bytes) byFirst[byte]?.push(needle)
  }
  return (text, at) => {
    let found = NOTHING
    let isOpen = false
    for (const needle of byFirst[text[at] ?? 0] ?? []) {
      const match = matchNeedle(needle, { text, at, cut })
      isOpen ||= match.isOpen
      // What is kept of one needle may be a part of another.
      if (match.end < 0) continue
      const start = found.end < 0 ? match.start : Math.min(found.start, match.start)
      found = { start, end: Math.max(found.end, match.end), isOpen }
    }
    return { ...found, isOpen }
  }
}
