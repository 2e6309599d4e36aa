import type { Engine } from '../ports.js'
import type { Failure, ImageResult } from './events.js'
import { pause } from './pause.js'
import { troubleOf } from './problem-of.js'

/**
 * Looks whether a build or a test failed since its daemon went away, and waits for one that comes back:
 * undefined where the daemon has no part in it, `back` where it answers again, else what it said.
 */
export type DaemonWatch = (
  failure: Failure,
  waiting: { readonly signal: AbortSignal; readonly onWait: (words: string) => void }
) => Promise<Pick<Failure, 'message' | 'advice'> | 'back' | undefined>

/** Milliseconds of the watch. */
export interface WatchTimes {
  /** Until a daemon that is being stopped has stopped answering. */
  readonly last: number
  /** Between looks. */
  readonly look: number
  /** For which a daemon is waited for: a restart takes a few seconds. */
  readonly most: number
}

const TIMES: WatchTimes = { last: 500, look: 250, most: 15_000 }

/** Exit status of what was ended by SIGKILL: a daemon that stops does so to its containers. */
const KILLED = 137

/** What docker and BuildKit say where the daemon goes away in mid-build. */
const WORDS =
  /Cannot connect to the Docker daemon|error during connect|error reading from server: EOF|^(ERROR: )?unexpected EOF$/i

/** What docker says of a container whose daemon goes away; what is in the container may say other words of it. */
const OF_CONTAINER = /^(docker: |error during connect|error waiting for container)/

/** Output of an instruction in BuildKit's log, and how both builders end where an instruction has failed. */
const OF_INSTRUCTION = /^#\d+ /
const INSTRUCTION_FAILED = /returned a non-zero code|did not complete successfully/

/** Whether the last lines are docker's own words of a daemon that went away. */
function saysSo({ lastLines, code }: Failure): boolean {
  if (lastLines.some(line => INSTRUCTION_FAILED.test(line))) return false
  const own = lastLines.filter(line => !OF_INSTRUCTION.test(line) && WORDS.test(line))
  return code === 'TEST_FAILED' ? own.some(line => OF_CONTAINER.test(line)) : own.length > 0
}

/** Opens the watch of one run: a daemon that did not come back once is not waited for again. */
export function openDaemonWatch(
  engine: Pick<Engine, 'ping'>,
  times: WatchTimes = TIMES
): DaemonWatch {
  let isGivenUp = false
  const problem = () =>
    engine.ping().then(
      () => undefined,
      (error: unknown) => troubleOf(error)
    )
  /** One that is being stopped ends its containers first, and answers for a moment. */
  const lastingProblem = async (failure: Failure, signal: AbortSignal) => {
    const now = await problem()
    if (now || !(failure.exitStatus === KILLED || saysSo(failure))) return now
    await pause(times.last, signal)
    return problem()
  }
  const comesBack = async (signal: AbortSignal) => {
    const since = performance.now()
    while (!isGivenUp && performance.now() - since < times.most && !signal.aborted) {
      await pause(times.look, signal)
      if (!(await problem())) return true
    }
    isGivenUp = true
    return false
  }

  return async (failure, { signal, onWait }) => {
    const trouble = await lastingProblem(failure, signal)
    if (!trouble) return saysSo(failure) ? 'back' : undefined
    if (!isGivenUp) {
      onWait(`the Docker daemon does not answer: waiting ${times.most / 1000} s for it`)
    }
    return (await comesBack(signal)) ? 'back' : trouble
  }
}

interface Watching {
  readonly daemon?: DaemonWatch | undefined
  readonly signal: AbortSignal
  readonly onWait: (words: string) => void
}

/**
 * Finds the daemon's part in a failed image.
 * @returns the result with it, and what has passed, where another attempt may end better
 */
export async function daemonTrouble(
  result: ImageResult,
  { daemon, signal, onWait }: Watching
): Promise<{ readonly result: ImageResult; readonly passed?: string }> {
  const { failure } = result
  const trouble = failure && !signal.aborted && (await daemon?.(failure, { signal, onWait }))
  if (!failure || !trouble) return { result }
  if (trouble === 'back') return { result, passed: 'the Docker daemon was away' }
  const isTold = failure.message.includes(trouble.message)
  const message = isTold ? failure.message : `${failure.message}: ${trouble.message}`
  const told = { ...failure, message, advice: trouble.advice, code: 'ENGINE_UNAVAILABLE' } as const
  return { result: { ...result, failure: told } }
}
