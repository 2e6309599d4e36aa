import type { Plan } from '../chain/plan.js'
import type { ImageResult, PushResult } from '../run/events.js'
import { type PublishContext, publish, unpublishable, withDigests } from '../run/publish.js'
import type { RunOptions } from '../run/run-plan.js'

/** What a run has put into registries. */
export interface Published {
  /** The results of the run, with digests. */
  readonly results: readonly ImageResult[]
  readonly pushes: readonly PushResult[]
}

/** Pushes the images of a run where every one has succeeded, and says so where none is pushed. */
export async function publishChain(
  plan: Plan,
  results: readonly ImageResult[],
  context: PublishContext & RunOptions
): Promise<Published> {
  const why = unpublishable(results)
  if (why !== undefined) {
    context.emit({ type: 'note', message: why })
    return { results, pushes: [] }
  }
  const pushes = await publish(plan, results, context)
  if (pushes.length === 0)
    context.emit({ type: 'note', message: 'no image of the run is to be pushed' })
  return { results: withDigests(results, pushes), pushes }
}
