import { elapsedText } from './live-text.js'

/** A time as `4.2 s`, `3 min 12 s` or `2 h 5 min`; `–` for none. */
export function secondsText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return '–'
  if (seconds < 3_600) return elapsedText(seconds)
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** A size as `12.3 MB`, in steps of 1000 as Docker counts; `–` for none. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return '–'
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1_000 ** step
  return `${step === 0 ? value : value.toPrecision(3)} ${UNITS[step]}`
}

/**
 * A whole number as `10,000`. `toLocaleString` says the same, but the first call of it loads the
 * data of all languages, which takes longer than all else that a short run does.
 */
export function groupDigits(count: number): string {
  const digits = String(count)
  const first = digits.length % 3 || 3
  const groups = [digits.slice(0, first)]
  for (let at = first; at < digits.length; at += 3) groups.push(digits.slice(at, at + 3))
  return groups.join(',')
}

/** `1 image`, `2 images`, `10,000 images`. */
export function countText(count: number, noun: string): string {
  return `${groupDigits(count)} ${noun}${count === 1 ? '' : 's'}`
}
