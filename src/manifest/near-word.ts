import { closest, distance } from 'fastest-levenshtein'

/** The distance takes the product of the lengths. */
const LONGEST = 60
const MOST_WORDS = 2_000

/** The known word that a misspelt one was meant to be; undefined where none is near. */
export function nearWord(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > LONGEST || known.length === 0 || known.length > MOST_WORDS) return undefined
  const begun = known.filter(word => wrong.length > 2 && word.startsWith(wrong))
  if (begun.length === 1) return begun[0]
  const word = closest(wrong, known)
  return distance(wrong, word) <= Math.ceil(wrong.length / 4) ? word : undefined
}

/** `: did you mean X?`, X with something before it, or nothing where no known word is near. */
export function didYouMean(wrong: string, known: readonly string[], before = ''): string {
  const word = nearWord(wrong, known)
  return word === undefined ? '' : `: did you mean \`${before}${word}\`?`
}
