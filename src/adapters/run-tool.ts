import { ChainError } from '../errors.js'

interface RunOptions {
  readonly cwd?: string | undefined
  readonly env: Record<string, string>
  readonly input?: string | undefined
  readonly stdout?: (chunk: Buffer) => void
  readonly stderr?: (chunk: Buffer) => void
}

/** Milliseconds that @actions/exec waits for a grandchild that holds the output of an ended process. */
const OUTPUT_GRACE = 500

/** The status that stands for an end by a signal, which @actions/exec does not tell. */
export const ENDED_BY_SIGNAL = 128

/** The error for a program that is not on PATH. */
export function missingTool(tool: string): ChainError {
  return new ChainError('TOOL_MISSING', `${tool} is not on PATH`, {
    hint: `Install ${tool}, or add its folder to PATH.`
  })
}

/** Runs a program by @actions/exec, silently, and gives its exit status, whatever it is. */
export async function runTool(
  path: string,
  args: readonly string[],
  options: RunOptions
): Promise<number> {
  const { exec } = await import('@actions/exec')
  const { stdout, stderr } = options
  const status: number | null = await exec(`"${path.replaceAll('"', '\\"')}"`, [...args], {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: options.env,
    silent: true,
    ignoreReturnCode: true,
    delay: OUTPUT_GRACE,
    ...(options.input === undefined ? {} : { input: Buffer.from(options.input) }),
    listeners: { ...(stdout ? { stdout } : {}), ...(stderr ? { stderr } : {}) }
  })
  return status ?? ENDED_BY_SIGNAL
}
