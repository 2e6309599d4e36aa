import type { Plan, PlannedImage } from '../chain/plan.js'
import type { BuildContext } from './build-image.js'
import { closeLog } from './close-log.js'
import { daemonTrouble } from './daemon-watch.js'
import type { ImageResult, ImageStatus } from './events.js'
import { problemOf, troubleOf } from './problem-of.js'
import { schedule, type Task } from './schedule.js'

/** How a whole run goes. */
export interface RunOptions {
  /** Builds at a time. */
  readonly maxParallel: number
  readonly failFast: boolean
}

/** What each image of a plan waits for. */
export function ordersOf(plan: Plan): Omit<Task, 'weight'>[] {
  const positions = new Map(plan.images.map(({ image }, index) => [image.id, index]))
  return plan.images.map((planned, index) => ({
    needs: planned.dependsOn.flatMap(id => positions.get(id) ?? []),
    after: planned.afterAllBefore ? earlierOfManifest(plan, index) : []
  }))
}

function tasksOf(plan: Plan): Task[] {
  const orders = ordersOf(plan)
  const known = plan.images.flatMap(({ expectedSeconds }) => expectedSeconds ?? [])
  const usual = known.length > 0 ? known.reduce((sum, each) => sum + each) / known.length : 1
  return orders.map((order, index) => {
    const { action, expectedSeconds } = plan.images[index] as PlannedImage
    return { ...order, weight: action === 'reuse' ? 0 : (expectedSeconds ?? usual) }
  })
}

const earlierOfManifest = ({ images }: Plan, index: number): number[] =>
  images.flatMap(({ image }, at) =>
    at < index && image.manifest === images[index]?.image.manifest ? [at] : []
  )

function untouched(
  { image, reason }: PlannedImage,
  status: ImageStatus,
  why?: string
): ImageResult {
  return {
    image,
    status,
    reason: why ?? reason,
    tags: [],
    imageId: null,
    digest: null,
    bytes: null,
    seconds: null,
    logFile: null
  }
}

/** What cannot be remembered is tested again the next time, and fails nothing. */
async function recordTest(planned: PlannedImage, { recordTest: record, emit }: BuildContext) {
  const why = await record?.(planned).then(() => undefined, problemOf)
  if (why === undefined) return
  const message = `${planned.image.id}: its test is not remembered: ${why}`
  emit({ type: 'warning', warning: { message } })
}

/** Tests an image that is reused; gives the failed result where it does not pass. */
async function retest(
  planned: PlannedImage,
  context: BuildContext
): Promise<ImageResult | undefined> {
  const { image, imageId = null, furtherIds } = planned
  const log = context.logs.open(image.tags[0] ?? image.id, chunk =>
    context.emit({ type: 'image-output', image, chunk })
  )
  context.emit({ type: 'image-started', image, logFile: log.path })
  try {
    const { testImages } = await import('./test-image.js')
    const failure = await testImages({ planned, imageId, furtherIds, log }, context)
    if (!failure) await recordTest(planned, context)
    return failure && { ...untouched(planned, 'failed'), logFile: log.path, failure }
  } finally {
    closeLog(log, image, context.emit)
  }
}

/** Takes the daemon's image as it is, and gives it the tags that it lacks. */
async function takeFromDaemon(planned: PlannedImage, context: BuildContext): Promise<ImageResult> {
  const failed = planned.needsTest ? await retest(planned, context) : undefined
  if (failed) return failed
  const { engine } = context
  const { imageId, reusedTags, furtherIds, reusedBytes, addedTags, command } = planned
  try {
    for (const tag of addedTags) await engine.tag(imageId ?? '', tag)
  } catch (error) {
    const failure = { ...troubleOf(error), command, exitStatus: undefined, lastLines: [] }
    return { ...untouched(planned, 'failed'), failure }
  }
  return {
    ...untouched(planned, 'reused'),
    tags: reusedTags,
    imageId: imageId ?? null,
    furtherIds,
    bytes: reusedBytes ?? null
  }
}

/** The same, once more where the daemon went away and came back meanwhile. */
async function reuseImage(planned: PlannedImage, context: BuildContext): Promise<ImageResult> {
  const taken = await takeFromDaemon(planned, context)
  const onWait = (words: string) =>
    context.emit({ type: 'note', message: `${planned.image.id}: ${words}` })
  const trouble = await daemonTrouble(taken, { ...context, onWait })
  return trouble.passed ? takeFromDaemon(planned, context) : trouble.result
}

/** Why an image is not started any more. */
const notStarted = ({ signal }: BuildContext): string =>
  signal.aborted ? 'interrupted' : 'not started after a failure'

/** Builds or reuses one image; one that another run builds at this time is waited for. */
async function takeImage(
  planned: PlannedImage,
  context: BuildContext,
  { stopped, freePlace }: { readonly stopped: AbortSignal; readonly freePlace: () => void }
): Promise<ImageResult> {
  if (planned.action === 'reuse') return reuseImage(planned, context)
  const claim = await context.claim?.(planned, stopped)
  try {
    if (claim && stopped.aborted) return untouched(planned, 'skipped', notStarted(context))
    const claimed = claim?.planned ?? planned
    if (claimed.action === 'reuse') return await reuseImage(claimed, context)
    const { buildImage } = await import('./build-image.js')
    return await buildImage(claimed, context, freePlace)
  } finally {
    claim?.release()
  }
}

/**
 * Builds what the plan says, side by side, and tells everything by events.
 * @returns what became of each image, in the plan's order; a failed build is a result, not an error.
 */
export async function runPlan(
  plan: Plan,
  options: RunOptions,
  context: BuildContext
): Promise<readonly ImageResult[]> {
  const results: ImageResult[] = []
  const end = (index: number, result: ImageResult) => {
    results[index] = result
    context.emit({ type: 'image-ended', result })
  }
  const planned = (index: number) => plan.images[index] as PlannedImage
  context.emit({ type: 'run-started', plan })
  await schedule(tasksOf(plan), {
    parallel: options.maxParallel,
    failFast: options.failFast,
    signal: context.signal,
    run: async (index, stopped, freePlace) => {
      const taken = takeImage(planned(index), context, { stopped, freePlace })
      const result = await taken.catch((error: unknown) => {
        // What fails as programs are ended hides from nobody what was built.
        if (!context.signal.aborted) throw error
        return untouched(planned(index), 'skipped', 'interrupted')
      })
      end(index, result)
      return result.status === 'failed' ? 'failed' : 'done'
    },
    blocked: (index, by) =>
      end(index, untouched(planned(index), 'blocked', `stands on ${planned(by).image.id}`)),
    skipped: index => end(index, untouched(planned(index), 'skipped', notStarted(context)))
  })
  context.emit({ type: 'run-ended', results })
  return results
}
