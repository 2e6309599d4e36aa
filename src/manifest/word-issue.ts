import { describeValue } from './describe-value.js'

/** What was expected and what was found, with the remedy for a number or boolean that should be text. */
export function wordIssue(value: unknown, expected: string): string {
  const sentence = `expected ${expected}, found ${describeValue(value)}`
  if (typeof value === 'number' && expected === 'a string') {
    return `${sentence}: put it in quotes (as a number, 1.10 is 1.1)`
  }
  if (typeof value === 'boolean' && expected === 'a string') return `${sentence}: put it in quotes`
  return sentence
}
