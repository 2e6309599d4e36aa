interface Blocking {
  readonly _handle?: { setBlocking?: (isBlocking: boolean) => void }
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
}
