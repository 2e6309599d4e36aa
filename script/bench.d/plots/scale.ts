/** From a value to a place on a drawing. */
export interface Scale {
  readonly at: (value: number) => number
  /** Values worth a line. */
  readonly ticks: readonly number[]
}

type Range = readonly [number, number]

/** The next of 1, 2, 5, 10, 20, … that is at least the value. */
export function niceStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find(step => step * power >= value * 0.999) ?? 10) * power
}

/** A scale from 0 to the most, with four to ten lines. */
export function linearScale(most: number, [from, to]: Range): Scale {
  const step = niceStep(most / 8)
  const count = Math.ceil(most / step - 1e-9)
  const end = count * step
  return {
    at: value => from + ((to - from) * value) / end,
    ticks: Array.from({ length: count + 1 }, (_, number) => number * step)
  }
}

/** A logarithmic scale over whole powers of ten around the values, with a line at each. */
export function logScale(values: readonly number[], [from, to]: Range): Scale {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9))
  return {
    at: value => from + ((to - from) * (Math.log10(value) - low)) / (high - low),
    ticks: Array.from({ length: high - low + 1 }, (_, number) => 10 ** (low + number))
  }
}
