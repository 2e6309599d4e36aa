import type { Command, Exit, StreamOptions } from '../ports.js'
import { runTool } from './run-tool.js'

/** Streams a process where there are no process groups or named pipes; it cannot be ended early. */
export async function streamPlain(command: Command, options: StreamOptions): Promise<Exit> {
  const written: (void | Promise<void>)[] = []
  const onOutput = (chunk: Buffer) => {
    written.push(options.onOutput(chunk))
  }
  const status = await runTool(command.tool, command.args, {
    cwd: command.cwd,
    env: { ...options.env },
    stdout: onOutput,
    stderr: onOutput
  })
  await Promise.all(written)
  return { status }
}
