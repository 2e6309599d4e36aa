import { isGone } from './standard-streams.js'

interface Blocking {
  readonly _handle?: { setBlocking?: (isBlocking: boolean) => void }
}

const isHeard = new WeakSet<NodeJS.WriteStream>()

/** What cannot be printed ends no run: its results stand in the report, and the exit status tells. */
function outliveFailure(stream: typeof process.stdout | typeof process.stderr, name: string): void {
  if (isHeard.has(stream)) return
  isHeard.add(stream)
  let isTold = false
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (isTold || isGone(stream.fd, error)) return
    isTold = true
    process.once('exit', () => {
      process.exitCode ||= 1
    })
    const text = `build-chain: ${name} cannot be written: ${error.message}`
    process.stderr.write(`${text}\nSend it to a file or a pipe that takes it.\n`)
  })
}

/**
 * Makes writes to standard output and standard error wait for a slow reader, as they do for files
 * and terminals: to a pipe Node would hold them in memory and lose what is left at the end
 * (https://nodejs.org/api/process.html#a-note-on-process-io).
 */
export function blockOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const { _handle: handle } = stream as Blocking
    handle?.setBlocking?.(true)
  }
  outliveFailure(process.stdout, 'standard output')
  outliveFailure(process.stderr, 'standard error')
}
