/** One element of a pattern: a character that `accepts`, any number of them where it `repeats`. */
export interface Element {
  readonly accepts: (character: string) => boolean
  readonly repeats?: boolean
  /** `(.*\/)?` of BuildKit's ignore patterns: nothing, or anything up to a slash. */
  readonly folders?: boolean
}

/** Where in the text a match may end, `start` being where it begins. */
export interface Ends {
  readonly shortest: number | undefined
  readonly longest: number | undefined
}

/**
 * All ends of matches that begin at `start`, by running every possibility at once: time is the
 * product of the two lengths whatever the pattern, where a backtracking regular expression has none.
 */
export function matchEnds(elements: readonly Element[], text: string, start = 0): Ends {
  let active = new Uint8Array(elements.length + 1)
  activate(elements, active, 0)
  let position = start
  let shortest: number | undefined
  let longest: number | undefined
  for (;;) {
    if (active[elements.length]) {
      shortest ??= position
      longest = position
    }
    if (position >= text.length) break
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0)
    const next = new Uint8Array(elements.length + 1)
    if (!advance(elements, active, next, character)) break
    active = next
    position += character.length
  }
  return { shortest, longest }
}

/** Whether the whole text matches. */
export function matchesWhole(elements: readonly Element[], text: string): boolean {
  return matchEnds(elements, text).longest === text.length
}

const WAITING = 1
const INSIDE = 2

function activate(elements: readonly Element[], active: Uint8Array, index: number): void {
  for (let at = index; at <= elements.length; at++) {
    active[at] = (active[at] ?? 0) | WAITING
    const element = elements[at]
    if (!element?.repeats && !element?.folders) break
  }
}

function advance(
  elements: readonly Element[],
  active: Uint8Array,
  next: Uint8Array,
  character: string
): boolean {
  let alive = false
  for (const [index, element] of elements.entries()) {
    const state = active[index]
    if (!state || !element.accepts(character)) continue
    alive = true
    if (element.folders) {
      next[index] = (next[index] ?? 0) | INSIDE
      if (character === '/') activate(elements, next, index + 1)
    } else activate(elements, next, element.repeats ? index : index + 1)
  }
  return alive
}
