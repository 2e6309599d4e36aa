import type { Findings, Site } from './findings.js'

/** Most images that one entry may stand for. */
const MAX_COMBINATIONS = 100_000

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
  return axes.reduce<Combination[]>(
    (combinations, [name, values]) =>
      combinations.flatMap(before => values.map(value => new Map(before).set(name, value))),
    [new Map()]
  )
}
