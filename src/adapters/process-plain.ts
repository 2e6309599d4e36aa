import type { Command, Exit, StreamOptions } from '../ports.js'
import { runTool } from './run-tool.js'

/** Streams a process where there are no process groups or named pipes; it cannot be ended early. */
export async function streamPlain(command: Command, options: StreamOptions): Promise<Exit> {
  const failures: unknown[] = []
  const hear = async (chunk: Buffer) => options.onOutput(chunk)
  const heard: Promise<void>[] = []
  const onOutput = (chunk: Buffer) => {
    heard.push(hear(chunk).catch((failure: unknown) => void failures.push(failure)))
  }
  const status = await runTool(command.tool, command.args, {
    cwd: command.cwd,
    env: { ...options.env },
    stdout: onOutput,
    stderr: onOutput
  })
  await Promise.all(heard)
  if (failures.length > 0) throw failures[0]
  return { status }
}
