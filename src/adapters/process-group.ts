import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { Command, Exit, StreamOptions } from '../ports.js'
import { temporaryRoot } from './current-run.js'
import { hurry } from './interrupt.js'
import { runTool } from './run-tool.js'

/**
 * Tells its process id, makes a named pipe and says so, then becomes the command as leader of a
 * session of its own, its output in that pipe: it waits there until the pipe is read. @actions/exec
 * gives no process id and keeps each line whole in memory.
 */
const PRELUDE =
  'echo $$ >"$0"; pipe=$1; "$2" -m 600 "$pipe" || exit; shift 2; echo; exec "$@" >"$pipe" 2>&1 </dev/null'

/** Milliseconds of silence after which a grandchild that still holds the pipe is left behind. */
const SILENCE = 300

/** Bytes of the largest pipe: after as many, what still comes is not the command's (pipe(7)). */
const LARGEST_PIPE = 1 << 20

/** Milliseconds for which a grandchild is heard after the command has ended. */
const AFTERWARDS = 2_000

/** Milliseconds between looks for a process id that is not written yet. */
const LOOK = 10

const GRACE = 3_000

interface Programs {
  readonly setsid: string
  readonly mkfifo: string
}

/** Runs a command as leader of its own process group; see ports.ts. */
export async function streamGroup(
  command: Command,
  options: StreamOptions,
  programs: Programs
): Promise<Exit> {
  const folder = mkdtempSync(join(temporaryRoot(), 'build-chain-'))
  try {
    const pipe = join(folder, 'output')
    const pidFile = join(folder, 'pid')
    const reading = readWhenMade(pipe, pidFile, options)
    const ender = endOnAbort(pidFile, options)
    const words = [programs.mkfifo, programs.setsid, command.tool, ...command.args]
    const args = ['-c', PRELUDE, pidFile, pipe, ...words]
    const env = { ...options.env }
    try {
      const status = await runTool('/bin/sh', args, {
        cwd: command.cwd,
        env,
        stdout: reading.begin
      })
      await reading.end()
      return { status }
    } finally {
      ender.done()
      reading.close()
    }
  } finally {
    // A prelude that was ended early may still be making its pipe.
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Reads a named pipe once it is there; where it cannot be, the prelude that waits for it is ended. */
function readWhenMade(path: string, pidFile: string, { onOutput, signal }: StreamOptions) {
  let pipe: ReturnType<typeof readPipe> | undefined
  let failure: unknown
  const begin = () => {
    try {
      pipe ??= readPipe(path, onOutput)
    } catch (error) {
      failure = error
      const pid = readPid(pidFile)
      if (pid !== undefined) signalOne(pid, 'SIGKILL')
    }
  }
  const end = async () => {
    if (failure) throw failure
    if (!pipe && !signal?.aborted) throw new Error(`no named pipe could be made at ${path}`)
    await pipe?.end()
  }
  return { begin, end, close: () => pipe?.close() }
}

/** Reads a named pipe without ever blocking a thread; `end` waits for what is still in it. */
function readPipe(path: string, onOutput: StreamOptions['onOutput']) {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  // Without a writer of ours the pipe would be at its end before the command opens it.
  const keeper = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  const socket = new Socket({ fd: reader, readable: true, writable: false })
  let busy = 0
  let failure: unknown
  let touched = performance.now()
  let received = 0
  const resume = () => {
    busy -= 1
    touched = performance.now()
    if (busy === 0) socket.resume()
  }
  // What cannot be written ends no builder: it goes on, unheard, and the failure is told at the end.
  const hear = (chunk: Buffer) => {
    try {
      return onOutput(chunk)
    } catch (error) {
      failure = error
      return undefined
    }
  }
  socket.on('data', chunk => {
    touched = performance.now()
    received += chunk.length
    if (failure !== undefined) return
    const answer = hear(chunk)
    if (!answer) return
    busy += 1
    socket.pause()
    answer.then(resume, (error: unknown) => {
      failure = error
      resume()
    })
  })
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
      if (busy === 0 && isOver()) socket.destroy()
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

/** Ends the group with SIGTERM when the signal comes, with SIGKILL after the grace. */
function endOnAbort(pidFile: string, options: StreamOptions) {
  const { signal } = options
  let timer: NodeJS.Timeout | undefined
  let pid: number | undefined
  const kill = () => pid !== undefined && signalGroup(pid, 'SIGKILL')
  const begin = () => {
    pid = readPid(pidFile)
    if (pid === undefined) {
      timer = setTimeout(begin, LOOK)
      return
    }
    signalGroup(pid, 'SIGTERM') || signalOne(pid, 'SIGTERM')
    timer = setTimeout(kill, hurry.aborted ? 0 : (options.grace ?? GRACE))
  }
  hurry.addEventListener('abort', kill)
  if (signal?.aborted) begin()
  else signal?.addEventListener('abort', begin, { once: true })
  const done = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', begin)
    hurry.removeEventListener('abort', kill)
    if (signal?.aborted) kill()
  }
  return { done }
}

function readPid(pidFile: string): number | undefined {
  try {
    const text = readFileSync(pidFile, 'utf8')
    return text.endsWith('\n') ? Number(text) : undefined
  } catch {
    return undefined
  }
}

/** Whether there was such a group; it is formed a moment after the process id is told. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  return signalOne(-pid, signal)
}

function signalOne(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal)
  } catch {
    return false
  }
}
