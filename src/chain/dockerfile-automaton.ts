import type { Steps } from '../steps.js'

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
 * @param steps with none left there is no match: whoever gave them has to ask
 */
export function matchEnds(
  elements: readonly Element[],
  text: string,
  { start = 0, steps }: { readonly start?: number; readonly steps?: Steps | undefined } = {}
): Ends {
  // To make room for the states of a long pattern takes time, too.
  if (steps?.spend(elements.length >> 3) === false)
    return { shortest: undefined, longest: undefined }
  let active = new States(elements)
  let next = new States(elements)
  active.activate(0)
  let position = start
  let shortest: number | undefined
  let longest: number | undefined
  while (!active.areNone) {
    if (active.isAtEnd) {
      shortest ??= position
      longest = position
    }
    if (position >= text.length) break
    if (steps?.spend(active.width) === false) break
    const character = String.fromCodePoint(text.codePointAt(position) ?? 0)
    active.advance(next, character)
    active.clear()
    ;[active, next] = [next, active]
    position += character.length
  }
  return { shortest, longest }
}

/** Whether the whole text matches; without a match where no steps are left. */
export function matchesWhole(elements: readonly Element[], text: string, steps?: Steps): boolean {
  return matchEnds(elements, text, { steps }).longest === text.length
}

const WAITING = 1
const INSIDE = 2

/** Which elements of a pattern a match may stand at; only those between the first and the last are looked at. */
class States {
  readonly #elements: readonly Element[]
  readonly #active: Uint8Array
  #first: number
  #last = -1

  constructor(elements: readonly Element[]) {
    this.#elements = elements
    this.#active = new Uint8Array(elements.length + 1)
    this.#first = elements.length + 1
  }

  get areNone(): boolean {
    return this.#last < 0
  }

  get isAtEnd(): boolean {
    return this.#active[this.#elements.length] !== 0
  }

  get width(): number {
    return this.#last - this.#first + 1
  }

  clear(): void {
    if (this.#last >= 0) this.#active.fill(0, this.#first, this.#last + 1)
    this.#first = this.#elements.length + 1
    this.#last = -1
  }

  activate(index: number): void {
    for (let at = index; at <= this.#elements.length; at++) {
      // What comes after one that was waiting already is waiting, too.
      if ((this.#active[at] ?? 0) & WAITING) break
      this.#set(at, WAITING)
      const element = this.#elements[at]
      if (!element?.repeats && !element?.folders) break
    }
  }

  advance(next: States, character: string): void {
    for (let index = this.#first; index <= this.#last; index++) {
      const element = this.#elements[index]
      if (!this.#active[index] || !element?.accepts(character)) continue
      if (element.folders) {
        next.#set(index, INSIDE)
        if (character === '/') next.activate(index + 1)
      } else next.activate(element.repeats ? index : index + 1)
    }
  }

  #set(index: number, state: number): void {
    this.#active[index] = (this.#active[index] ?? 0) | state
    if (index < this.#first) this.#first = index
    if (index > this.#last) this.#last = index
  }
}
