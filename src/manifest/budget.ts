import { Steps } from '../steps.js'

/** Characters that all images of a manifest may come to, beyond what it writes itself. */
export const MOST_CHARACTERS = 20_000_000

/** What a value costs besides its characters: to read a word, or a placeholder, takes as long as many of them. */
export const VALUE = 20

/** Characters that a written one grants: with `a, a`, a value of one character is written in three. */
const WRITTEN = 7

/** A list of texts in a map of them, a matrix, is the deepest that an image has. */
const DEPTH = 3

/**
 * What the images of one manifest may still come to: a matrix, an alias and a placeholder make much of
 * few characters, while what is written again and again has been paid for.
 * @param written characters of the manifest
 */
export const manifestBudget = (written: number): Steps =>
  new Steps(MOST_CHARACTERS + WRITTEN * written)

/** What texts cost, wherever they stand. */
export function costOfTexts(texts: Iterable<string>): number {
  let cost = 0
  for (const text of texts) cost += VALUE + text.length
  return cost
}

/** What an image costs whose fields are as they are written. */
export function costOfFields(value: unknown, depth = DEPTH): number {
  if (typeof value === 'string') return VALUE + value.length
  if (typeof value !== 'object' || value === null || depth === 0) return VALUE
  if (Array.isArray(value)) {
    return value.reduce((cost: number, item) => cost + costOfFields(item, depth - 1), VALUE)
  }
  return Object.entries(value).reduce(
    (cost, [key, item]) => cost + key.length + costOfFields(item, depth - 1),
    VALUE
  )
}
