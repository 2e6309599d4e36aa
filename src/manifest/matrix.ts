import type { Findings, Site } from './findings.js'

/** Most images that one entry may stand for. */
const MAX_COMBINATIONS = 100_000

/** Most values that all combinations of one entry may have together. */
const MAX_VALUES = 2_000_000

/** One combination: the value of each name. */
export type Combination = ReadonlyMap<string, string>

const NO_MATRIX: readonly Combination[] = [new Map()]

/**
 * Every combination of a matrix's values, the first name varying slowest; a single empty one where
 * there is no matrix. Reports a matrix of more than 100,000 and gives none.
 */
export function expandMatrix(
  matrix: Readonly<Record<string, readonly string[]>> | undefined,
  site: Site,
  findings: Findings
): readonly Combination[] {
  if (!matrix) return NO_MATRIX
  const axes = Object.entries(matrix)
  const size = axes.reduce((product, [, values]) => product * values.length, 1)
  if (size > MAX_COMBINATIONS) {
    findings.report(site, `found ${size} combinations, expected at most ${MAX_COMBINATIONS}`)
    return []
  }
  if (size * axes.length > MAX_VALUES) {
    const message = `found ${size} combinations of ${axes.length} names, expected at most ${MAX_VALUES} values`
    findings.report(site, message)
    return []
  }
  return Array.from({ length: size }, (_, index) => combinationAt(index, axes))
}

/** The combination of a number, whose digits are the positions in each list. */
function combinationAt(
  index: number,
  axes: readonly (readonly [string, readonly string[]])[]
): Combination {
  let left = index
  const chosen = axes.map((): string => '')
  for (let at = axes.length - 1; at >= 0; at -= 1) {
    const values = axes[at]?.[1] ?? []
    chosen[at] = values[left % values.length] ?? ''
    left = Math.floor(left / values.length)
  }
  return new Map(axes.map(([name], at) => [name, chosen[at] ?? '']))
}
