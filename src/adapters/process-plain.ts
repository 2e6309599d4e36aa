import type { Command, Exit, StreamOptions } from '../ports.js'
import { runTool } from './run-tool.js'

/** Streams a process where there are no process groups or named pipes; it cannot be ended early. */
export async function streamPlain(command: Command, options: StreamOptions): Promise<Exit> {
  let failure: unknown
  const onOutput = (chunk: Buffer) => {
    if (failure !== undefined) return
    try {
      options.onOutput(chunk)
    } catch (error) {
      failure = error
    }
  }
  const status = await runTool(command.tool, command.args, {
    cwd: command.cwd,
    env: { ...options.env },
    stdout: onOutput,
    stderr: onOutput
  })
  if (failure !== undefined) throw failure
  return { status }
}
