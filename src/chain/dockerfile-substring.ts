import { type Element, matchEnds } from './dockerfile-automaton.js'

const anything: Element = { accepts: character => character !== '\n' }
const anyNumber: Element = { ...anything, repeats: true }

function exactly(expected: string): Element {
  return { accepts: actual => actual === expected }
}

/**
 * Elements of a shell pattern as BuildKit reads it: `*`, `?` and a backslash before one of `*?\}/`;
 * undefined where it refuses the pattern, as it does for any other escape.
 */
function shellPattern(pattern: string): readonly Element[] | undefined {
  const elements: Element[] = []
  let escaped = false
  for (const character of pattern) {
    if (escaped) {
      if (!'*?\\}/'.includes(character)) return undefined
      elements.push(exactly(character))
      escaped = false
    } else if (character === '\\') escaped = true
    else if (character === '*') elements.push(anyNumber)
    else elements.push(character === '?' ? anything : exactly(character))
  }
  return escaped ? undefined : elements
}

/** `${name#pattern}`, with `longest` `${name##pattern}`; undefined where BuildKit refuses the pattern. */
export function trimPrefix(value: string, pattern: string, longest: boolean): string | undefined {
  const elements = shellPattern(pattern)
  if (!elements) return undefined
  const ends = matchEnds(elements, value)
  return value.slice((longest ? ends.longest : ends.shortest) ?? 0)
}

/** `${name%pattern}`, with `longest` `${name%%pattern}`: the same on both texts turned round. */
export function trimSuffix(value: string, pattern: string, longest: boolean): string | undefined {
  const turned = trimPrefix([...value].reverse().join(''), reversePattern(pattern), longest)
  return turned === undefined ? undefined : [...turned].reverse().join('')
}

function reversePattern(pattern: string): string {
  const pieces: string[] = []
  let pending = ''
  for (const character of pattern) {
    if (pending === '' && character === '\\') pending = character
    else {
      pieces.push(pending + character)
      pending = ''
    }
  }
  return pending + pieces.reverse().join('')
}

/** `${name/pattern/replacement}`, with `all` `${name//pattern/replacement}`. */
export function replacePattern(
  value: string,
  substitution: { readonly pattern: string; readonly replacement: string; readonly all: boolean }
): string | undefined {
  const elements = shellPattern(substitution.pattern)
  if (!elements) return undefined
  let result = ''
  let position = 0
  let lastEnd = 0
  while (position <= value.length) {
    const end = matchEnds(elements, value, { start: position }).longest ?? -1
    // As in Go, an empty match just after another match is not replaced.
    if (end > lastEnd || (end >= 0 && position === 0)) {
      result += substitution.replacement
      if (!substitution.all) return result + value.slice(end)
    }
    lastEnd = Math.max(lastEnd, end)
    const next = Math.max(end, position + width(value, position))
    if (end <= position) result += value.slice(position, next)
    position = next
  }
  return result
}

/** Units of the character at a place, one past the end. */
function width(text: string, position: number): number {
  return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1
}
