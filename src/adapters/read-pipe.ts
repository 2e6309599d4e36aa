import { closeSync, constants, openSync } from 'node:fs'
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net'
import type { StreamOptions } from '../ports.js'

/** Bytes that are read at a time: what a pipe holds. */
const PIECE = 1 << 16

/** Milliseconds of silence after which a grandchild that still holds the pipe is left behind. */
const SILENCE = 300

/** Bytes of the largest pipe: after as many, what still comes is not the command's (pipe(7)). */
const LARGEST_PIPE = 1 << 20

/** Milliseconds for which a grandchild is heard after the command has ended. */
const AFTERWARDS = 2_000

/** A named pipe that is read. */
export interface PipeReading {
  /** Waits for what is still in the pipe, now that its command has ended. */
  readonly end: () => Promise<void>
  readonly close: () => void
}

/**
 * Reads a named pipe without ever blocking a thread, each piece into the same memory.
 * @param onOutput as in StreamOptions
 */
export function readPipe(path: string, onOutput: StreamOptions['onOutput']): PipeReading {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // Without a writer of ours the pipe would be at its end before the command opens it.
  const keeper = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  let failure: unknown
  let touched = performance.now()
  let received = 0
  const take = (chunk: Buffer) => {
    touched = performance.now()
    received += chunk.length
    if (failure !== undefined) return
    // What cannot be written ends no builder: it goes on, unheard, and the failure is told at the end.
    try {
      onOutput(chunk)
    } catch (error) {
      failure = error
    }
  }
  const piece = Buffer.allocUnsafeSlow(PIECE)
  const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
    fd: reader,
    readable: true,
    writable: false,
    // A new buffer for each piece would cost as much as all else here.
    onread: {
      buffer: piece,
      callback: length => {
        take(piece.subarray(0, length))
        return true
      }
    }
  }
  const socket = new Socket(options)
  socket.resume()
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  let kept = true
  const release = () => {
    if (kept) closeSync(keeper)
    kept = false
  }
  const end = async () => {
    release()
    const since = performance.now()
    const before = received
    const isOver = () => {
      const now = performance.now()
      const isLate = now - since > AFTERWARDS || received - before > LARGEST_PIPE
      return now - touched > SILENCE || isLate
    }
    const timer = setInterval(() => {
      if (isOver()) socket.destroy()
    }, SILENCE / 3)
    await ended
    clearInterval(timer)
    if (failure) throw failure
  }
  const close = () => {
    release()
    socket.destroy()
  }
  return { end, close }
}
