import { ChainError } from '../errors.js'
import type { CaptureOptions, Command, Exec, Exit, Output, StreamOptions } from '../ports.js'
import { runEnvironment } from './current-run.js'
import { which } from './which.js'

async function capture(
  tool: string,
  args: readonly string[],
  options: CaptureOptions = {}
): Promise<Output> {
  const { missingTool, runTool } = await import('./run-tool.js')
  const found = tool.includes('/') ? tool : which(tool, options.env?.PATH ?? process.env.PATH)
  if (!found) throw missingTool(tool)
  const { path, words } = limited(found, args, options.timeout)
  const out: Buffer[] = []
  const err: Buffer[] = []
  const status = await runTool(path, words, {
    cwd: options.cwd,
    env: { ...(options.env ?? environment()), ...runEnvironment() },
    input: options.input,
    stdout: chunk => out.push(chunk),
    stderr: chunk => err.push(chunk)
  })
  if (options.timeout !== undefined && status === TIMED_OUT) throw timedOut(tool, options.timeout)
  return {
    status,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString()
  }
}

/** Exit status of `timeout` where the time was over: https://www.gnu.org/software/coreutils/manual/html_node/timeout-invocation.html */
const TIMED_OUT = 124

/** The call with a limit of time by `timeout`, since @actions/exec cannot end what it started. */
function limited(path: string, args: readonly string[], milliseconds: number | undefined) {
  const timeout = milliseconds === undefined ? undefined : which('timeout')
  if (timeout === undefined || milliseconds === undefined) return { path, words: args }
  return { path: timeout, words: ['--kill-after=1', String(milliseconds / 1000), path, ...args] }
}

const timedOut = (tool: string, milliseconds: number) =>
  new ChainError('BUILD_TIMEOUT', `${tool} did not end in ${milliseconds / 1000} s`, {
    hint: `Run ${tool} by hand: it hangs, or the machine is too busy for it.`
  })

function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(entry => entry[1] !== undefined)
  return Object.fromEntries(entries) as Record<string, string>
}

async function stream(command: Command, options: StreamOptions): Promise<Exit> {
  const path = command.tool.includes('/') ? command.tool : which(command.tool, options.env.PATH)
  if (!path) throw (await import('./run-tool.js')).missingTool(command.tool)
  const found = { ...command, tool: path }
  const own = { ...options, env: { ...options.env, ...runEnvironment() } }
  const setsid = which('setsid')
  const mkfifo = which('mkfifo')
  if (process.platform === 'win32' || !setsid || !mkfifo) {
    const { streamPlain } = await import('./process-plain.js')
    return streamPlain(found, own)
  }
  const { streamGroup } = await import('./process-group.js')
  return streamGroup(found, own, { setsid, mkfifo })
}

/** Begins what streaming takes, to be called where something is streamed soon. */
export function stirStream(): void {
  const mkfifo = which('mkfifo')
  const stir = async () => {
    if (mkfifo) await (await import('./process-group.js')).stirPipes(mkfifo)
  }
  // What fails is told where it is needed.
  stir().catch(() => {})
}

/** Starts programs by @actions/exec; see process-group.ts for what it lacks. */
export const exec: Exec = { capture, stream, which: tool => which(tool) }
