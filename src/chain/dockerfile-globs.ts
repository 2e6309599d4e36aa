import type { Steps } from '../steps.js'
import { type Element, matchesWhole } from './dockerfile-automaton.js'

const notSlash: Element = { accepts: character => character !== '/' }
const notSlashes: Element = { ...notSlash, repeats: true }
const anything: Element = { accepts: character => character !== '\n', repeats: true }
const folders: Element = { accepts: character => character !== '\n', folders: true }

/** An escape gives these a meaning in a regular expression. */
const LETTER = /[\p{L}\p{N}]/u
/** These mean themselves in a class of a regular expression; others may, and are not relied on. */
const IN_CLASS = /^[\p{L}\p{N}._! -]$/u

const WILDCARD = /[*?[\]\\]/

/** Elements by their characters: a pattern may be long. */
const exact = new Map<string, Element>()
const MOST_EXACT = 10_000

function exactly(expected: string): Element {
  const element = exact.get(expected) ?? { accepts: actual => actual === expected }
  if (exact.size < MOST_EXACT) exact.set(expected, element)
  return element
}

/** Characters of a pattern that is read: no path is longer than 4,096 bytes. */
export const LONGEST_PATTERN = 32_768

/** Steps that each character of a pattern takes to be read. */
export const STEPS_TO_READ = 16

/** One element of a pattern, and how many characters of it that takes up. */
interface Piece {
  readonly element: Element
  readonly length: number
  /** Whether it means the same as part of a regular expression. */
  readonly plain: boolean
}

/**
 * Elements of a pattern of Go's `filepath.Match` (https://pkg.go.dev/path/filepath#Match);
 * undefined where it is malformed.
 */
export function filePattern(pattern: string): readonly Element[] | undefined {
  const elements: Element[] = []
  const characters = [...pattern]
  for (let at = 0; at < characters.length; ) {
    const piece = pieceAt(characters, at)
    if (!piece) return undefined
    elements.push(piece.element)
    at += piece.length
  }
  return elements
}

/**
 * Tells which paths a pattern of an ignore file matches, where `**` crosses slashes; undefined where
 * it is malformed or longer than any path, or where Docker's detour by a regular expression may give it another meaning.
 * Follows https://github.com/moby/patternmatcher/blob/v0.6.1/patternmatcher.go.
 * @param steps with none left nothing matches: whoever gave them has to ask
 */
export function ignoreMatcher(
  pattern: string,
  steps?: Steps
): ((path: string) => boolean) | undefined {
  if (pattern.length > LONGEST_PATTERN) return undefined
  if (steps?.spend(STEPS_TO_READ * pattern.length) === false) return undefined
  if (filePattern(pattern) === undefined) return undefined
  if (!WILDCARD.test(pattern)) return path => path === pattern
  const rest = pattern.slice(2)
  if (pattern.startsWith('**') && !WILDCARD.test(rest)) {
    return path => path.endsWith(rest) || (rest.startsWith('/') && path === rest.slice(1))
  }
  const pieces = [...piecesOf([...pattern])]
  if (!pieces.every(({ plain }) => plain)) return undefined
  const elements = pieces.map(({ element }) => element)
  // Most paths differ in what stands before the first wildcard or after the last.
  const head = pattern.slice(0, pattern.search(WILDCARD))
  const tail = pattern.slice(lastWildcard(pattern) + 1).replace(/^\//, '')
  return path => path.startsWith(head) && path.endsWith(tail) && matchesWhole(elements, path, steps)
}

function lastWildcard(pattern: string): number {
  return Math.max(...[...'*?[]\\'].map(character => pattern.lastIndexOf(character)))
}

function* piecesOf(characters: readonly string[]): Generator<Piece> {
  for (let at = 0; at < characters.length; ) {
    const piece = starsAt(characters, at) ?? pieceAt(characters, at)
    if (!piece) return
    yield piece
    at += piece.length
  }
}

/** `**`, with the slash that follows it. */
function starsAt(characters: readonly string[], at: number): Piece | undefined {
  if (characters[at] !== '*' || characters[at + 1] !== '*') return undefined
  const length = characters[at + 2] === '/' ? 3 : 2
  const isLast = at + length >= characters.length
  return { element: isLast ? anything : folders, length, plain: true }
}

function pieceAt(characters: readonly string[], at: number): Piece | undefined {
  const character = characters[at] ?? ''
  if (character === '*') return { element: notSlashes, length: 1, plain: true }
  if (character === '?') return { element: notSlash, length: 1, plain: true }
  if (character === '[') return characterClass(characters, at)
  if (character !== '\\') {
    return { element: exactly(character), length: 1, plain: !'^|{}'.includes(character) }
  }
  const escaped = characters[at + 1]
  return escaped === undefined
    ? undefined
    : { element: exactly(escaped), length: 2, plain: !LETTER.test(escaped) }
}

function characterClass(characters: readonly string[], start: number): Piece | undefined {
  const negated = characters[start + 1] === '^'
  const ranges: Range[] = []
  let plain = true
  let at = start + (negated ? 2 : 1)
  while (characters[at] !== ']' || ranges.length === 0) {
    const low = memberAt(characters, at)
    const isRange = low !== undefined && characters[low.end] === '-'
    const high = isRange ? memberAt(characters, low.end + 1) : low
    if (!low || !high) return undefined
    ranges.push({ low: low.code, high: high.code })
    plain &&= low.plain && high.plain && low.code <= high.code
    at = high.end
  }
  const isIn = rangeFinder(ranges)
  const accepts = (actual: string) => isIn(code(actual)) !== negated
  return { element: { accepts }, length: at + 1 - start, plain }
}

interface Range {
  readonly low: number
  readonly high: number
}

/** Tells whether a number is in one of many ranges, without a look at each. */
function rangeFinder(ranges: readonly Range[]): (wanted: number) => boolean {
  const merged: { readonly low: number; high: number }[] = []
  for (const { low, high } of [...ranges].sort((a, b) => a.low - b.low)) {
    if (low > high) continue
    const last = merged.at(-1)
    if (last && low <= last.high + 1) last.high = Math.max(last.high, high)
    else merged.push({ low, high })
  }
  return wanted => {
    let [from, to] = [0, merged.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((merged[middle]?.high ?? 0) < wanted) from = middle + 1
      else to = middle
    }
    return (merged[from]?.low ?? Number.POSITIVE_INFINITY) <= wanted
  }
}

function code(character: string): number {
  return character.codePointAt(0) ?? 0
}

/** A character of a class, with its escape. */
function memberAt(characters: readonly string[], at: number) {
  const isEscaped = characters[at] === '\\'
  const text = characters[isEscaped ? at + 1 : at]
  if (text === undefined || (!isEscaped && (text === '-' || text === ']'))) return undefined
  const plain = isEscaped ? !LETTER.test(text) : IN_CLASS.test(text)
  return { code: code(text), end: at + (isEscaped ? 2 : 1), plain }
}
