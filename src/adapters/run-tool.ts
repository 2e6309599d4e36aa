import { existsSync } from 'node:fs'
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

/** Bytes of one argument or variable on Linux: MAX_ARG_STRLEN, https://man7.org/linux/man-pages/man2/execve.2.html */
const LONGEST_WORD = 128 * 1024 - 1

/** Bytes of all arguments and variables, with 8 for the address of each: a quarter of the usual stack (execve(2)). */
const MOST_BYTES = 2 * 1024 * 1024 - 4096

function refusedWord(word: string): string | undefined {
  if (word.includes('\0')) return 'has a NUL in it'
  return Buffer.byteLength(word) > LONGEST_WORD ? 'is longer than 128 KiB' : undefined
}

/**
 * Refuses what the system refuses, since @actions/exec ends the whole program for it.
 * @throws ChainError BUILD_FAILED that names the word
 */
function refuseImpossible(path: string, args: readonly string[], { cwd, env }: RunOptions): void {
  if (cwd !== undefined && !existsSync(cwd)) {
    throw new ChainError('FILE_MISSING', 'found no such folder to run in', {
      where: { file: cwd },
      hint: 'Make it, or correct `working_dir`.'
    })
  }
  const words = [...args, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)]
  const bytes = words.reduce((sum, word) => sum + Buffer.byteLength(word) + 9, 0)
  if (bytes > MOST_BYTES) {
    const message = `cannot start ${path}: its arguments and its environment have more than 2 MiB`
    throw new ChainError('BUILD_FAILED', message, {
      hint: 'Shorten them, or hand what is long over in files.'
    })
  }
  for (const word of words) {
    const why = refusedWord(word)
    if (!why) continue
    throw new ChainError(
      'BUILD_FAILED',
      `cannot give ${word.slice(0, 60)}… to ${path}: it ${why}`,
      {
        hint: 'Shorten it, or hand it over in a file.'
      }
    )
  }
}

const cannotStart = (path: string, cause: unknown) =>
  new ChainError('TOOL_MISSING', `${path} cannot be started: ${(cause as Error).message}`, {
    hint: 'Run it by hand: its interpreter may be missing, or the machine has no process or memory left.',
    cause
  })

/** Runs a program by @actions/exec, silently, and gives its exit status, whatever it is. */
export async function runTool(
  path: string,
  args: readonly string[],
  options: RunOptions
): Promise<number> {
  refuseImpossible(path, args, options)
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
  }).catch((cause: unknown) => {
    throw cannotStart(path, cause)
  })
  return status ?? ENDED_BY_SIGNAL
}
