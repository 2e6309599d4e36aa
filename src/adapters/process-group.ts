import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command, Exit, StreamOptions } from '../ports.js'
import { runTool } from './run-tool.js'

/**
 * Tells its process id, then becomes the command as leader of a session of its own, its output in
 * a named pipe. @actions/exec gives no process id and keeps each line whole in memory.
 */
const PRELUDE = 'echo $$ >"$0"; pipe=$1; shift; exec "$@" >"$pipe" 2>&1 </dev/null'

/** Milliseconds of silence after which a grandchild that still holds the pipe is left behind. */
const SILENCE = 300

/** Bytes of the largest pipe: after as many, what still comes is not the command's (pipe(7)). */
const LARGEST_PIPE = 1 << 20

/** Milliseconds for which a grandchild is heard after the command has ended. */
const AFTERWARDS = 2_000

/** Milliseconds between looks for a process id that is not written yet. */
const LOOK = 10

const GRACE = 5_000

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
  const folder = await mkdtemp(join(tmpdir(), 'build-chain-'))
  try {
    const pipe = join(folder, 'output')
    const pidFile = join(folder, 'pid')
    await runTool(programs.mkfifo, ['-m', '600', pipe], { env: {} })
    const output = readPipe(pipe, options.onOutput)
    const ender = endOnAbort(pidFile, options)
    const args = ['-c', PRELUDE, pidFile, pipe, programs.setsid, command.tool, ...command.args]
    try {
      const status = await runTool('/bin/sh', args, { cwd: command.cwd, env: { ...options.env } })
      await output.end()
      return { status }
    } finally {
      ender.done()
      output.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
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
    timer = setTimeout(kill, options.grace ?? GRACE)
  }
  if (signal?.aborted) begin()
  else signal?.addEventListener('abort', begin, { once: true })
  const done = () => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', begin)
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
