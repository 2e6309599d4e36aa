import type { Invocation, Left } from '../builders/builder.js'
import type { PlannedImage } from '../chain/plan.js'
import type { Place } from '../errors.js'
import type { LogFile } from '../ports.js'
import type { Failure, ImageResult } from './events.js'
import { problemOf } from './problem-of.js'

/** What tells more of a failed build than its exit status does. */
export interface ExplainContext {
  readonly signal: AbortSignal
  /** Whether our docker has refused what a failed builder's last lines speak of. */
  readonly hasRefused?: (lastLines: readonly string[]) => boolean
  /** What would mend a failure, from the builder's last lines; a line each. */
  readonly advise?:
    | ((planned: PlannedImage, lastLines: readonly string[]) => Promise<readonly string[]>)
    | undefined
  /** Finds the instruction that failed by the end of the builder's output. */
  readonly locate?:
    | ((planned: PlannedImage, output: readonly string[]) => Promise<Place | undefined>)
    | undefined
  /** Keeps what a failed build left; gives lines for a person. */
  readonly keepFailed?:
    | ((planned: PlannedImage, left: Left) => Promise<readonly string[]>)
    | undefined
}

/** Lines of a failed build that are searched for the instruction that failed. */
const SEARCHED_LINES = 2_000

interface FailedAttempt {
  readonly planned: PlannedImage
  readonly context: ExplainContext
  readonly log: LogFile
  /** Bytes of the log that earlier attempts wrote. */
  readonly since: number
  /** What the builder left; undefined where it was never started. */
  readonly left: Invocation['left'] | undefined
}

/**
 * Adds to a failed build which instruction it was, what would mend it, and how to enter what is left
 * of it, where that is known. A failed test, or an interrupt, stays as it is.
 */
export async function explainFailure(
  result: ImageResult,
  failed: FailedAttempt
): Promise<ImageResult> {
  const { failure } = result
  const { planned, context, log, since } = failed
  if (!failure || failure.code === 'TEST_FAILED' || context.signal.aborted) return result
  const isBuilders = failure.exitStatus !== undefined
  if (isBuilders && context.hasRefused?.(failure.lastLines)) return unreachable(result, failure)
  const { advise, locate } = isBuilders ? context : {}
  const mending = (await advise?.(planned, failure.lastLines)) ?? []
  const where = await locate?.(planned, log.lastLines(SEARCHED_LINES, since))
  const found = [...mending, ...(await keptLines(failed))]
  if (found.length === 0 && !where) return result
  const advice = [...(failure.advice ?? []), ...found]
  return {
    ...result,
    failure: { ...failure, ...(advice.length > 0 && { advice }), ...(where && { where }) }
  }
}

/** What a failed build left is kept, where the run asks for it, and how to enter it is told. */
async function keptLines({ planned, context, left }: FailedAttempt): Promise<readonly string[]> {
  if (!context.keepFailed || !left) return []
  return context
    .keepFailed(planned, left())
    .catch((error: unknown) => [`nothing is kept: ${problemOf(error)}`])
}

const unreachable = (result: ImageResult, failure: Failure): ImageResult => ({
  ...result,
  failure: {
    ...failure,
    code: 'MOUNT_UNREACHABLE',
    advice: [
      'Keep it below a folder that the job mounts from the machine: docs/action.md#job-containers'
    ]
  }
})
