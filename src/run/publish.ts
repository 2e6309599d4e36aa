import type { Plan, PlannedImage } from '../chain/plan.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Engine, ImageRegistry, LogFile, Logs } from '../ports.js'
import { closeLog } from './close-log.js'
import type { Emit, ImageResult, PushedTag, PushFailure, PushResult } from './events.js'
import { pushTag } from './push-tag.js'
import { ordersOf, type RunOptions } from './run-plan.js'
import { schedule } from './schedule.js'

/** What publishing needs. */
export interface PublishContext {
  readonly registry: ImageRegistry
  readonly engine: Engine
  readonly logs: Logs
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Further attempts after a transient failure, where the image does not say. */
  readonly retries: number
  /** Minutes for one attempt, where the image does not say. */
  readonly timeoutMinutes: number | undefined
}

/** Why nothing of a run may be published; undefined where it may. */
export function unpublishable(results: readonly ImageResult[]): string | undefined {
  const other = results.find(({ status }) => status !== 'built' && status !== 'reused')
  if (!other) return undefined
  return `nothing is pushed: ${other.image.tags[0] ?? other.image.id} is ${other.status}`
}

/** An image that is to be pushed has a tag, and its manifest lets it. */
const isPublic = ({ image, tags, imageId }: ImageResult): boolean =>
  image.push && tags.length > 0 && imageId !== null

/**
 * Pushes the tags of a run in which every image has succeeded: bases first, side by side where they
 * do not stand on one another. An image that is never pushed holds up nothing.
 * @param results of the plan's images, in its order
 * @returns how each image that is to be pushed ended, in the plan's order; a failure is a result
 */
export async function publish(
  plan: Plan,
  results: readonly ImageResult[],
  { maxParallel, failFast, ...context }: PublishContext & RunOptions
): Promise<readonly PushResult[]> {
  const pushes: PushResult[] = []
  const resultOf = (index: number) => results[index] as ImageResult
  const end = (index: number, push: PushResult) => {
    pushes[index] = push
    context.emit({ type: 'push-ended', push })
  }
  const leave = (index: number, status: 'blocked' | 'skipped', reason: string) => {
    if (isPublic(resultOf(index))) end(index, { ...nothing(resultOf(index)), status, reason })
  }
  const images = results.filter(isPublic).map(({ image }) => image)
  context.emit({ type: 'publish-started', images })
  // With no weight they start in the plan's order, as far as they do not wait.
  await schedule(
    ordersOf(plan).map(order => ({ ...order, weight: 0 })),
    {
      parallel: maxParallel,
      failFast,
      signal: context.signal,
      run: async index => {
        if (!isPublic(resultOf(index))) return 'done'
        const push =
          refused(plan.images[index], resultOf(index)) ??
          (await pushImage(resultOf(index), context))
        end(index, push)
        return push.status === 'failed' ? 'failed' : 'done'
      },
      blocked: (index, by) => leave(index, 'blocked', `stands on ${resultOf(by).image.id}`),
      skipped: index => {
        const why = context.signal.aborted ? 'interrupted' : 'not started after a failure'
        leave(index, 'skipped', why)
      }
    }
  )
  const ended = pushes.filter(push => push !== undefined)
  context.emit({ type: 'publish-ended', pushes: ended })
  return ended
}

/** Minutes after which a registry that stalls is given up, where neither manifest nor options say. */
const MOST_MINUTES = 60

const nothing = ({ image }: ImageResult): PushResult => ({
  image,
  status: 'failed',
  reason: '',
  pushed: [],
  seconds: null,
  logFile: null
})

/** Pushes the tags of one image, one after another: they share their layers. */
async function pushImage(result: ImageResult, context: PublishContext): Promise<PushResult> {
  const { image, tags } = result
  const log = context.logs.open(`push ${tags[0] ?? image.id}`, chunk =>
    context.emit({ type: 'push-output', image, chunk })
  )
  context.emit({ type: 'push-started', image, logFile: log.path })
  const started = performance.now()
  const startedAt = Date.now() / 1000
  try {
    const pushed: PushedTag[] = []
    const ended = () => ({
      ...nothing(result),
      pushed,
      startedAt,
      seconds: (performance.now() - started) / 1000,
      logFile: log.path
    })
    for (const tag of tags) {
      const outcome = await pushTag(tagPush({ result, tag, log, context }))
      if ('message' in outcome) return failed(ended(), outcome)
      pushed.push(outcome)
    }
    return { ...ended(), status: 'pushed' }
  } finally {
    closeLog(log, image, context.emit)
  }
}

/** The failure of what may stand on another image than the chain's; undefined for any other. */
function refused(planned: PlannedImage | undefined, result: ImageResult): PushResult | undefined {
  const { foreignBase, tags } = result
  if (planned === undefined || foreignBase === undefined) return undefined
  const message = `its base ${foreignBase} was moved by another process while it was built`
  const advice = ['Build it again: nothing of it is in the registry.']
  const { command } = planned
  const failure = {
    tag: tags[0] ?? '',
    message,
    advice,
    command,
    exitStatus: undefined,
    lastLines: []
  }
  return failed(nothing(result), failure)
}

const failed = (push: PushResult, failure: PushFailure): PushResult => ({
  ...push,
  reason: failure.message,
  failure
})

interface OneTag {
  readonly result: ImageResult
  readonly tag: string
  readonly log: LogFile
  readonly context: PublishContext
}

function tagPush({ result, tag, log, context }: OneTag) {
  const { image, imageId, furtherIds } = result
  const { registry, engine, signal, emit } = context
  return {
    tag,
    imageId: furtherIds?.[normaliseReference(tag)] ?? imageId ?? '',
    registry,
    engine,
    signal,
    log,
    attempts: 1 + (image.retries ?? context.retries),
    timeoutMinutes: image.timeoutMinutes ?? context.timeoutMinutes ?? MOST_MINUTES,
    show: (chunk: Buffer) => log.write(chunk),
    warn: (message: string) => emit({ type: 'warning', warning: { message } })
  }
}

/** Results with the digest that the registry has of each image, of its first tag where they differ. */
export function withDigests(
  results: readonly ImageResult[],
  pushes: readonly PushResult[]
): readonly ImageResult[] {
  const digests = new Map(pushes.map(({ image, pushed }) => [image.id, pushed[0]?.digest]))
  return results.map(result => {
    const digest = digests.get(result.image.id)
    return digest === undefined ? result : { ...result, digest }
  })
}
