import { pause } from './pause.js'

/** Milliseconds for a call of docker to end when its container is removed. */
const PATIENCE = 1_500

/** Milliseconds between two looks for its container. */
const BETWEEN = 50

/**
 * Ends a call of `docker run` by removing its container, and by a signal only where that does not do:
 * docker that is ended while the daemon makes the container leaves one that nobody removes.
 * @param remove removes the container where there is one already
 * @param work gets the signal that ends it for good
 */
export async function endWithContainer<T>(
  signal: AbortSignal,
  remove: () => Promise<unknown>,
  work: (last: AbortSignal) => Promise<T>
): Promise<T> {
  const last = new AbortController()
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const begin = async () => {
    timer = setTimeout(() => last.abort(), PATIENCE)
    while (!over.signal.aborted) {
      await remove().catch(() => {})
      await pause(BETWEEN, over.signal)
    }
  }
  const onAbort = () => void begin()
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await work(last.signal)
  } finally {
    signal.removeEventListener('abort', onAbort)
    over.abort()
    clearTimeout(timer)
  }
}
