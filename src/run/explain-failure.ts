import type { PlannedImage } from '../chain/plan.js'
import type { LogFile } from '../ports.js'
import type { BuildContext } from './build-image.js'
import type { Failure, ImageResult } from './events.js'

/** Lines of a failed build that are searched for the instruction that failed. */
const SEARCHED_LINES = 2_000

interface FailedAttempt {
  readonly planned: PlannedImage
  readonly context: Pick<BuildContext, 'advise' | 'hasRefused' | 'locate' | 'signal'>
  readonly log: LogFile
  /** Bytes of the log that earlier attempts wrote. */
  readonly since: number
}

/** Adds to a failure of the builder's which instruction it was, and what would mend it, where that is known. */
export async function explainFailure(
  result: ImageResult,
  { planned, context, log, since }: FailedAttempt
): Promise<ImageResult> {
  const { failure } = result
  if (failure?.exitStatus === undefined || context.signal.aborted) return result
  if (context.hasRefused?.(failure.lastLines)) return unreachable(result, failure)
  const advice = (await context.advise?.(planned, failure.lastLines)) ?? []
  const where = await context.locate?.(planned, log.lastLines(SEARCHED_LINES, since))
  if (advice.length === 0 && !where) return result
  return {
    ...result,
    failure: { ...failure, ...(advice.length > 0 && { advice }), ...(where && { where }) }
  }
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
