import { fstatSync, statSync, writeSync } from 'node:fs'

/** File descriptors of the streams that the program writes to. */
const OUTPUT = 1
const ERRORS = 2

/** Milliseconds between two tries to write to a pipe whose reader is behind. */
const PAUSE = 5

/** Somebody else's process has set the pipe, which it shares, not to wait. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE)
}

/**
 * Writes all of a text, waiting for a slow reader: what is left when the program ends would be lost.
 * `process.stdout` and `process.stderr` are not used, since making them, with all the modules that
 * they load, takes a tenth of a short run; to a pipe, they would not wait.
 * @throws the error of the system where it cannot be written
 */
export function writeAll(descriptor: number, text: string | Uint8Array): void {
  let rest = typeof text === 'string' ? Buffer.from(text) : text
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      waitForReader()
    }
  }
}

/** Whether nobody is there: a reader that has gone has read what it wanted, and a terminal may be closed. */
export function isGone(descriptor: number, { code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE' || (code === 'EIO' && fstatSync(descriptor).isCharacterDevice())
}

const told = new Set<number>()

/** What cannot be printed ends no run: its results stand in the report, and the exit status tells. */
function outliveFailure(descriptor: number, error: NodeJS.ErrnoException): void {
  if (isGone(descriptor, error) || told.has(descriptor)) return
  told.add(descriptor)
  process.once('exit', () => {
    process.exitCode ||= 1
  })
  const name = descriptor === OUTPUT ? 'standard output' : 'standard error'
  const text = `build-chain: ${name} cannot be written: ${error.message}`
  writeErr(`${text}\nSend it to a file or a pipe that takes it.\n`)
}

function writeOrTell(descriptor: number, text: string | Uint8Array): void {
  try {
    writeAll(descriptor, text)
  } catch (error) {
    outliveFailure(descriptor, error as NodeJS.ErrnoException)
  }
}

/** Writes to standard output. */
export const writeOut = (text: string | Uint8Array): void => writeOrTell(OUTPUT, text)

/** Writes to standard error. */
export const writeErr = (text: string | Uint8Array): void => writeOrTell(ERRORS, text)

const isNull = ({ rdev }: { readonly rdev: number }) => {
  try {
    return rdev === statSync('/dev/null').rdev
  } catch {
    return false
  }
}

/** Whether a descriptor is a terminal's. Most others are told from one without loading node:tty. */
function isTerminal(descriptor: number, stream: () => NodeJS.WriteStream): boolean {
  const found = fstatSync(descriptor)
  return found.isCharacterDevice() && !isNull(found) && stream().isTTY === true
}

/** Whether standard output is a terminal. */
export const isOutTerminal = (): boolean => isTerminal(OUTPUT, () => process.stdout)

/** Whether standard error is a terminal. */
export const isErrTerminal = (): boolean => isTerminal(ERRORS, () => process.stderr)
