/** Milliseconds that a timer can wait: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER = 2 ** 31 - 1

/** A signal that comes with another one, or after some minutes. */
export interface TimeLimit {
  readonly signal: AbortSignal
  readonly minutes: number
  /** To be called when what it limits has ended. */
  readonly clear: () => void
}

/** Limits one attempt; undefined minutes are no limit. */
export function timeLimit(minutes: number | undefined, signal: AbortSignal): TimeLimit {
  if (minutes === undefined) return { signal, minutes: 0, clear: () => {} }
  const controller = new AbortController()
  const delay = Math.min(minutes * 60_000, LONGEST_TIMER)
  const timer = setTimeout(() => controller.abort(), delay)
  return {
    signal: AbortSignal.any([signal, controller.signal]),
    minutes,
    clear: () => clearTimeout(timer)
  }
}
