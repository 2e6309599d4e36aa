import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Exit, StreamOptions } from '../ports.js'
import { temporaryRoot } from './current-run.js'
import { hurry } from './interrupt.js'
import { readPipe } from './read-pipe.js'
import { runTool } from './run-tool.js'

/**
 * Tells its process id, makes a named pipe and says so, then becomes the command as leader of a
 * session of its own, its output in that pipe: it waits there until the pipe is read. @actions/exec
 * gives no process id and keeps each line whole in memory.
 */
const PRELUDE =
  'echo $$ >"$0" || exit; pipe=$1; "$2" -m 600 "$pipe" || exit; shift 2; echo; exec "$@" >"$pipe" 2>&1 </dev/null'

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

/** The failure of an image: a Ctrl-C of the terminal, too, may end what makes the pipe. */
const noPipe = (path: string, cause?: unknown) => {
  const why = cause instanceof Error ? `: ${cause.message}` : ''
  const error = new Error(`no named pipe could be made at ${path}${why}`, { cause })
  return Object.assign(error, { syscall: 'mkfifo' })
}

/** Reads a named pipe once it is there; where it cannot be, the prelude that waits for it is ended. */
function readWhenMade(path: string, pidFile: string, { onOutput, signal }: StreamOptions) {
  let pipe: ReturnType<typeof readPipe> | undefined
  let failure: unknown
  const begin = () => {
    try {
      pipe ??= readPipe(path, onOutput)
    } catch (error) {
      failure = noPipe(path, error)
      const pid = readPid(pidFile)
      if (pid !== undefined) signalOne(pid, 'SIGKILL')
    }
  }
  const end = async () => {
    if (failure) throw failure
    if (!pipe && !signal?.aborted) throw noPipe(path)
    await pipe?.end()
  }
  return { begin, end, close: () => pipe?.close() }
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
