import { readFileSync } from 'node:fs'
import type { Command, Exit, StreamOptions } from '../ports.js'
import { hurry } from './interrupt.js'
import { noPipe, takePipe } from './named-pipes.js'
import { type PipeReading, readPipe } from './read-pipe.js'
import { runTool } from './run-tool.js'

/**
 * Tells its process id, then becomes the command as leader of a session of its own, its output in a
 * named pipe that is read already. @actions/exec gives no process id and keeps each line whole in
 * memory.
 */
const PRELUDE = 'echo $$ >"$0" || exit; pipe=$1; shift; exec "$@" >"$pipe" 2>&1 </dev/null'

/** Milliseconds between looks for a process id that is not written yet. */
const LOOK = 10

const GRACE = 3_000

interface Programs {
  readonly setsid: string
  readonly mkfifo: string
}

export { stirPipes } from './named-pipes.js'

/** Runs a command as leader of its own process group; see ports.ts. */
export async function streamGroup(
  { tool, args, cwd }: Command,
  options: StreamOptions,
  { setsid, mkfifo }: Programs
): Promise<Exit> {
  const pipe = await takePipe(mkfifo)
  const pidFile = pipe.beside
  try {
    const reading = begin(pipe.path, options)
    const ender = endOnAbort(pidFile, options)
    try {
      const words = ['-c', PRELUDE, pidFile, pipe.path, setsid, tool, ...args]
      const status = await runTool('/bin/sh', words, { cwd, env: { ...options.env } })
      if (readPid(pidFile) === undefined && !options.signal?.aborted) throw noPid(pidFile)
      await reading.end()
      return { status }
    } finally {
      ender.done()
      reading.close()
    }
  } finally {
    pipe.remove()
  }
}

function begin(path: string, { onOutput }: StreamOptions): PipeReading {
  try {
    return readPipe(path, onOutput)
  } catch (cause) {
    throw noPipe(path, (cause as Error).message, cause)
  }
}

/** The failure of an image: without it the command could not be ended, and was not started. */
const noPid = (path: string) =>
  Object.assign(new Error(`no process id could be written to ${path}`), { syscall: 'write' })

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
