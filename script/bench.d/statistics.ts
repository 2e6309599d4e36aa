/** Where half, a quarter and the ends of some measurements lie. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly lower: number
  readonly upper: number
  readonly most: number
  readonly runs: number
}

/**
 * The value below which a part of the values lies, interpolated between neighbours (type 7 of
 * Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, which R and NumPy take by default).
 * @param part from 0 to 1
 * @throws RangeError where there is no value
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const at = (sorted.length - 1) * part
  const low = sorted[Math.floor(at)]
  const high = sorted[Math.ceil(at)]
  if (low === undefined || high === undefined) throw new RangeError('a quantile of nothing')
  return low + (high - low) * (at - Math.floor(at))
}

/** @throws RangeError where there is no value */
export const median = (values: readonly number[]): number => quantile(values, 0.5)

/**
 * Median, quartiles and ends of some values.
 * @throws RangeError where there is none
 */
export function spreadOf(values: readonly number[]): Spread {
  return {
    median: median(values),
    least: quantile(values, 0),
    lower: quantile(values, 0.25),
    upper: quantile(values, 0.75),
    most: quantile(values, 1),
    runs: values.length
  }
}

/**
 * The ratio of what stands beside one another: measured in the same round, they had the same machine.
 * @throws RangeError where there is no pair, or one without its other
 */
export function ratios(over: readonly number[], under: readonly number[]): number[] {
  if (over.length !== under.length) throw new RangeError('a measurement without its other')
  return over.map((value, at) => value / (under[at] ?? Number.NaN))
}

/** Three digits that count are as much as such a measurement holds. */
export const rounded = (value: number): number => Number(value.toPrecision(4))
