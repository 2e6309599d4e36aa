import type { ImageStore } from '../../ports.js'

export interface StoreCallOptions {
  readonly name: ImageStore['name']
  readonly warn: (message: string) => void
  /** Milliseconds for one call of the store. */
  readonly timeout?: number | undefined
}

/** The calls of one store: none throws, none lasts for ever, and after a failure there are no more. */
export interface StoreCalls {
  /**
   * @param work has to stop when the signal comes
   * @param otherwise what the call gives after a failure, or when the store is out
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, otherwise: () => T): Promise<T>
  /** Warns of a failure, unless this store did already. */
  warnOnce(failure: unknown): void
}

const TIMEOUT = 10 * 60_000

/** Milliseconds for work that was told to stop, to tidy up. */
const GRACE = 5_000

/** What a failure says, without the queries of addresses in it: those of GitHub's cache are signed. */
export function reasonOf(failure: unknown): string {
  const text = failure instanceof Error ? failure.message : String(failure)
  const line = text.trim().split('\n').at(-1) ?? ''
  return line.replace(/(https?:\/\/[^\s?]+)\?[^\s"']+/g, '$1').slice(0, 500)
}

/** Opens the calls of one store for one run. */
export function storeCalls({ name, warn, timeout = TIMEOUT }: StoreCallOptions): StoreCalls {
  let isOut = false
  let hasWarned = false
  const warnOnce = (failure: unknown) => {
    if (hasWarned) return
    hasWarned = true
    warn(`reuse: ${name} is left out for the rest of this run: ${reasonOf(failure)}`)
  }
  const run: StoreCalls['run'] = async (work, otherwise) => {
    if (isOut) return otherwise()
    try {
      return await within(timeout, work)
    } catch (failure) {
      isOut = true
      warnOnce(failure)
      return otherwise()
    }
  }
  return { run, warnOnce }
}

const tooLate = (milliseconds: number) =>
  new Error(`it did not end within ${milliseconds / 1000} s`)

async function within<T>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const end = new AbortController()
  const late = tooLate(milliseconds)
  const limit = setTimeout(() => end.abort(late), milliseconds)
  let last: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_, reject) => {
    last = setTimeout(() => reject(late), milliseconds + GRACE)
  })
  try {
    return await Promise.race([work(end.signal), overdue])
  } finally {
    clearTimeout(limit)
    clearTimeout(last)
  }
}

/** Waits for what cannot be stopped, until the signal comes or the milliseconds are over. */
export async function waitFor<T>(
  work: Promise<T>,
  signal: AbortSignal,
  milliseconds?: number
): Promise<T> {
  let stop: (reason: unknown) => void = () => {}
  const stopped = new Promise<never>((_, reject) => {
    stop = reject
  })
  const fail = () => stop(signal.reason)
  const timer = milliseconds && setTimeout(() => stop(tooLate(milliseconds)), milliseconds)
  signal.addEventListener('abort', fail)
  if (signal.aborted) fail()
  try {
    return await Promise.race([work, stopped])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', fail)
  }
}
