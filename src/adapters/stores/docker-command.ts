import { tmpdir } from 'node:os'
import type { Exec } from '../../ports.js'
import { keepPrinted } from '../../printed.js'

/** What a docker command printed, both streams together. */
export interface DockerAnswer {
  readonly status: number
  readonly text: string
}

/** Runs docker until the signal comes; fails then, and where there is no docker. */
export type DockerCommand = (args: readonly string[], signal: AbortSignal) => Promise<DockerAnswer>

/** The docker command, with the user's own login. */
export function dockerCommand(exec: Exec, env: Readonly<Record<string, string>>): DockerCommand {
  return async (args, signal) => {
    signal.throwIfAborted()
    const { onOutput, text } = keepPrinted()
    const command = { tool: 'docker', args, cwd: tmpdir() }
    const { status } = await exec.stream(command, { env, signal, onOutput })
    signal.throwIfAborted()
    return { status, text: text() }
  }
}
