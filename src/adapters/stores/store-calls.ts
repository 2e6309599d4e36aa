import type { ImageStore } from '../../ports.js'

export interface StoreCallOptions {
  readonly name: ImageStore['name']
  readonly warn: (message: string) => void
  /** Milliseconds for one call of the store. */
  readonly timeout?: number | undefined
  /** Ends what is under way, and every later call, without a word. */
  readonly signal?: AbortSignal | undefined
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
const GRACE = 3_000

const withoutQueries = (word: string): string =>
  word.includes('://') ? word.replace(/\?[^\s"']+/g, '') : word

/** The message of a failure; that of several addresses which all failed has none of its own. */
function messageOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure)
  const [first] = failure instanceof AggregateError ? failure.errors : []
  return failure.message || (first === undefined ? failure.name : messageOf(first))
}

/** What a failure says, without the queries of addresses in it: those of GitHub's cache are signed. */
export function reasonOf(failure: unknown): string {
  const text = messageOf(failure)
  const line = text.trim().split('\n').at(-1) ?? ''
  return line.replace(/\S+/g, withoutQueries).slice(0, 500)
}

/** Opens the calls of one store for one run. */
export function storeCalls(options: StoreCallOptions): StoreCalls {
  const { name, warn, timeout = TIMEOUT, signal } = options
  let isOut = false
  let hasWarned = false
  const warnOnce = (failure: unknown) => {
    if (hasWarned) return
    hasWarned = true
    warn(`reuse: ${name} is left out for the rest of this run: ${reasonOf(failure)}`)
  }
  const run: StoreCalls['run'] = async (work, otherwise) => {
    if (isOut || signal?.aborted) return otherwise()
    try {
      return await within(timeout, signal, work)
    } catch (failure) {
      isOut = true
      if (!signal?.aborted) warnOnce(failure)
      return otherwise()
    }
  }
  return { run, warnOnce }
}

const tooLate = (milliseconds: number) =>
  new Error(`it did not end within ${milliseconds / 1000} s`)

/** Work with a signal that comes with another, or when the milliseconds are over. */
export async function withLimit<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const end = new AbortController()
  const stop = () => end.abort(signal?.reason)
  const timer = setTimeout(() => end.abort(tooLate(milliseconds)), milliseconds)
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    return await work(end.signal)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>
): Promise<T> {
  const timers: NodeJS.Timeout[] = []
  let leave = () => {}
  const overdue = new Promise<never>((_, reject) => {
    const rejectIn = (delay: number) =>
      void timers.push(setTimeout(() => reject(tooLate(milliseconds)), delay))
    rejectIn(milliseconds + GRACE)
    leave = () => rejectIn(GRACE)
  })
  signal?.addEventListener('abort', leave)
  try {
    return await Promise.race([withLimit(milliseconds, signal, work), overdue])
  } finally {
    timers.forEach(clearTimeout)
    signal?.removeEventListener('abort', leave)
  }
}

/** Waits for what cannot be stopped, until the signal comes. */
export async function waitFor<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let fail = () => {}
  const stopped = new Promise<never>((_, reject) => {
    fail = () => reject(signal.reason)
  })
  signal.addEventListener('abort', fail)
  if (signal.aborted) fail()
  try {
    return await Promise.race([work, stopped])
  } finally {
    signal.removeEventListener('abort', fail)
  }
}
