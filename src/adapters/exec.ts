import type { CaptureOptions, Command, Exec, Exit, Output, StreamOptions } from '../ports.js'
import { missingTool, runTool } from './run-tool.js'
import { which } from './which.js'

async function capture(
  tool: string,
  args: readonly string[],
  options: CaptureOptions = {}
): Promise<Output> {
  const path = which(tool, options.env?.PATH ?? process.env.PATH)
  if (!path) throw missingTool(tool)
  const out: Buffer[] = []
  const err: Buffer[] = []
  const status = await runTool(path, args, {
    cwd: options.cwd,
    env: { ...(options.env ?? environment()) },
    input: options.input,
    stdout: chunk => out.push(chunk),
    stderr: chunk => err.push(chunk)
  })
  return {
    status,
    stdout: Buffer.concat(out).toString(),
    stderr: Buffer.concat(err).toString()
  }
}

function environment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(entry => entry[1] !== undefined)
  return Object.fromEntries(entries) as Record<string, string>
}

async function stream(command: Command, options: StreamOptions): Promise<Exit> {
  const path = command.tool.includes('/') ? command.tool : which(command.tool, options.env.PATH)
  if (!path) throw missingTool(command.tool)
  const found = { ...command, tool: path }
  const setsid = which('setsid')
  const mkfifo = which('mkfifo')
  if (process.platform === 'win32' || !setsid || !mkfifo) {
    const { streamPlain } = await import('./process-plain.js')
    return streamPlain(found, options)
  }
  const { streamGroup } = await import('./process-group.js')
  return streamGroup(found, options, { setsid, mkfifo })
}

/** Starts programs by @actions/exec; see process-group.ts for what it lacks. */
export const exec: Exec = { capture, stream, which: tool => which(tool) }
