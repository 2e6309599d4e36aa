import type { Figure } from './figures.js'

/** How much worse than the committed one a ratio may be. */
export const TOLERANCE = 0.25

/** A figure whose ratio is worse than what is committed. */
export interface Regression {
  readonly now: Figure
  readonly committed: Figure
  /** How many times worse. */
  readonly factor: number
}

/** How many times worse a figure is than an earlier one of the same id; less than 1 is better. */
export function worsening(now: Figure, committed: Figure): number {
  return now.kind === 'cost'
    ? now.ratio.median / committed.ratio.median
    : committed.ratio.median / now.ratio.median
}

/** The figures that are worse by more than a quarter; those that are not committed cannot be. */
export function findRegressions(
  figures: readonly Figure[],
  committed: readonly Figure[]
): Regression[] {
  const known = new Map(committed.map(figure => [figure.id, figure]))
  return figures.flatMap(now => {
    const before = known.get(now.id)
    if (!before) return []
    const factor = worsening(now, before)
    return factor > 1 + TOLERANCE ? [{ now, committed: before, factor }] : []
  })
}

/** Of two measurements of a figure the better one: what disturbs a machine makes it worse only. */
export const betterOf = (one: Figure, other: Figure): Figure =>
  worsening(other, one) < 1 ? other : one
