import type { Bar, Figure, Unit } from './figures.js'

/** A number with three digits that count, and no more. */
export function inDigits(value: number): string {
  if (value === 0) return '0'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return String(Number(value.toPrecision(3)))
}

/** Seconds in the unit that reads best. */
export const inSeconds = (seconds: number): string =>
  seconds < 1 ? `${inDigits(seconds * 1000)} ms` : `${inDigits(seconds)} s`

/** Sizes of files, as a disk is sold. */
const inBytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${inDigits(bytes / 1000)} KB` : `${inDigits(bytes / 1_000_000)} MB`

/** A measurement with its unit. */
export function withUnit(value: number, unit: Unit): string {
  if (unit === 'seconds') return inSeconds(value)
  return unit === 'bytes' ? inBytes(value) : `${inDigits(value / 1024 ** 2)} MiB`
}

/** What a bar asks for, in words. */
export function barWords(bar: Bar, unit: Unit): string {
  const limit = bar.of === 'ratio' ? inDigits(bar.limit) : withUnit(bar.limit, unit)
  return `${bar.way} ${limit}`
}

/** The quartiles of a figure's ratio, and its ends in brackets. */
export function spreadWords({ ratio }: Figure): string {
  const [lower, upper] = [inDigits(ratio.lower), inDigits(ratio.upper)]
  return `${lower}–${upper} (${inDigits(ratio.least)}–${inDigits(ratio.most)})`
}
