import type { Mask } from './adapters/mask.js'
import type { Plan } from './chain/plan.js'
import type { ImageResult, PushResult } from './run/events.js'

/** A plan less what nobody is shown of it, which may be large. */
export const shownPlan = (plan: Plan): Plan => ({
  ...plan,
  images: plan.images.map(each => ({ ...each, evidence: undefined, record: undefined }))
})

interface Told {
  readonly results: readonly ImageResult[]
  readonly pushes: readonly PushResult[]
}

/** How a run ended, with words that hold no secret: tags, ids and paths are as they were. */
export function maskedWords<T extends Told>(outcome: T, { text, value }: Mask): T {
  const masked = <R extends ImageResult | PushResult>(result: R): R => ({
    ...result,
    reason: text(result.reason),
    ...(result.failure && { failure: value(result.failure) })
  })
  return {
    ...outcome,
    results: outcome.results.map(masked),
    pushes: outcome.pushes.map(masked)
  }
}
