import { AsyncLocalStorage } from 'node:async_hooks'

const sink = new AsyncLocalStorage<string[]>()
let isWatched = false

type Write = typeof process.stdout.write

/** Standard output that hands to a sink what is written on behalf of a captured call. */
function watch(): void {
  if (isWatched) return
  isWatched = true
  const write: Write = process.stdout.write.bind(process.stdout)
  const divert = (...args: Parameters<Write>): boolean => {
    const pieces = sink.getStore()
    if (!pieces) return write(...args)
    const [chunk, ...rest] = args
    pieces.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())
    const done = (rest as unknown[]).find(each => typeof each === 'function')
    if (typeof done === 'function') process.nextTick(done)
    return true
  }
  process.stdout.write = divert as Write
}

/** What a call gives, with what it and all that it started wrote to standard output instead. */
export async function captureOutput<T>(
  work: () => Promise<T>
): Promise<{ readonly value: T; readonly output: string }> {
  watch()
  const pieces: string[] = []
  const value = await sink.run(pieces, work)
  return { value, output: pieces.join('') }
}
