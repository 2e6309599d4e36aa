import type { Forms } from './secret-forms.js'
import type { Needle } from './secret-needles.js'

/** Bytes of needles' beginnings that are compared before a place is looked at, at most. */
const WINDOW = 16

/** By three bytes as one number, how far a search may go on that finds them at the end of its window. */
export interface Skips {
  /** Bytes of the window. */
  readonly window: number
  readonly table: Uint8Array
}

/** A byte of a form of one of a needle's characters. */
interface State {
  readonly character: number
  readonly form: Uint8Array
  readonly byte: number
}

/** Nothing of a needle yet. */
const BEFORE: State = { character: -1, form: new Uint8Array(), byte: 0 }

const shortest = (forms: Forms) => Math.min(...forms.map(form => form.length))

const lengthOf = ({ characters }: Needle) =>
  characters.reduce((sum, forms) => sum + shortest(forms), 0)

/** What may follow one byte. */
function after({ character, form, byte }: State, { characters }: Needle): readonly State[] {
  if (byte + 1 < form.length) return [{ character, form, byte: byte + 1 }]
  const forms = characters[character + 1] ?? []
  return forms.map(next => ({ character: character + 1, form: next, byte: 0 }))
}

/** Bytes that are looked at together. */
const BLOCK = 3

/** Numbers of blocks: such a table stays near the processor. */
const TABLE = 1 << 16

/** Three bytes as one number, which few others have. */
const blockOf = (first: number, second: number, third: number) =>
  ((first << 9) ^ (second << 4) ^ third) & 0xffff

/** A byte that may stand somewhere, with the two before it. */
interface Way {
  readonly state: State
  readonly bytes: readonly [number, number, number]
}

/** A way as a number among those that end in the same form. */
const keyOf = ({ state, bytes: [first, second, third] }: Way) =>
  (state.character * 256 + state.byte) * 2 ** 24 + ((first << 16) | (second << 8) | third)

/** The ways by one byte longer, each once. */
function longer(ways: readonly Way[], needle: Needle): readonly Way[] {
  const next: Way[] = []
  const seen = new Map<Uint8Array, Set<number>>()
  for (const { state, bytes } of ways) {
    for (const following of after(state, needle)) {
      const byte = following.form[following.byte] ?? 0
      const way: Way = { state: following, bytes: [bytes[1], bytes[2], byte] }
      const keys = seen.get(following.form) ?? new Set()
      if (keys.has(keyOf(way))) continue
      seen.set(following.form, keys.add(keyOf(way)))
      next.push(way)
    }
  }
  return next
}

/** Adds the blocks of a needle; gives how many ways it has to be written. */
function addNeedle({ table, window }: Skips, needle: Needle): number {
  let count = 0
  let ways: readonly Way[] = [{ state: BEFORE, bytes: [0, 0, 0] }]
  for (let length = 1; length <= window; length += 1) {
    ways = longer(ways, needle)
    count += ways.length
    if (length < BLOCK) continue
    for (const { bytes } of ways) {
      const block = blockOf(...bytes)
      table[block] = Math.min(table[block] ?? 0, window - length)
    }
  }
  return count
}

/** Needles of which hardly anything could be skipped. */
const MANY = 1000

/** Ways to write needles that are looked through: what is escaped in many ways has any number of them. */
const MOST_WAYS = 100_000

/** Skips nothing. */
const noSkips = (): Skips => ({ window: BLOCK, table: new Uint8Array(TABLE) })

/**
 * Makes the table of a search that skips what no needle can hold, after Wu and Manber, "A fast
 * algorithm for multi-pattern searching" (1994), with blocks of three bytes.
 */
export function skipsOf(needles: readonly Needle[], most = WINDOW): Skips {
  if (needles.length > MANY) return noSkips()
  const window = Math.min(most, ...needles.map(lengthOf))
  const skips = { window, table: new Uint8Array(TABLE).fill(Math.max(0, window - BLOCK + 1)) }
  let ways = 0
  for (const needle of needles) {
    ways += addNeedle(skips, needle)
    if (ways > MOST_WAYS) return noSkips()
  }
  return skips
}

/** The next place of a text, from one on, at which a needle may begin; near its end that is every one. */
export function nextPlace(text: Uint8Array, from: number, { window, table }: Skips): number {
  const { length } = text
  let end = from + window
  while (end <= length) {
    const block = blockOf(text[end - 3] as number, text[end - 2] as number, text[end - 1] as number)
    const skip = table[block] as number
    if (skip === 0) break
    end += skip
  }
  return end - window
}
