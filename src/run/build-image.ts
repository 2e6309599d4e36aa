import type { BuildSite, Invocation } from '../builders/builder.js'
import type { PlannedImage } from '../chain/plan.js'
import type { Engine, Exec, Exit, IdFile, LogFile, Logs } from '../ports.js'
import type { Claim } from './claim.js'
import { closeLog } from './close-log.js'
import { shellLine } from './command-line.js'
import { confirmImage, imageBefore } from './confirm.js'
import { type DaemonWatch, daemonTrouble } from './daemon-watch.js'
import type { AttemptTime, Emit, Failure, ImageResult, Unrecorded } from './events.js'
import { type ExplainContext, explainFailure } from './explain-failure.js'
import { pause } from './pause.js'
import { problemOf, troubleOf } from './problem-of.js'
import { runBuilder } from './run-builder.js'
import { type TestContext, testImages } from './test-image.js'
import { timeLimit } from './time-limit.js'
import { backoff, transientReason } from './transient.js'

/** What a run needs to build an image. */
export interface BuildContext extends TestContext, ExplainContext {
  readonly exec: Exec
  readonly engine: Engine
  readonly logs: Logs
  readonly emit: Emit
  readonly site: BuildSite
  readonly signal: AbortSignal
  /** Further attempts after a transient failure, where the image does not say. */
  readonly retries: number
  /** Minutes for one attempt, where the image does not say. */
  readonly timeoutMinutes: number | undefined
  /** Keeps an image for this run alone before it is built, and waits for no longer than until `stopped`; at once without. */
  readonly claim?: ((planned: PlannedImage, stopped: AbortSignal) => Promise<Claim>) | undefined
  /** Tells what part the daemon has in a failure; it is not asked without. */
  readonly daemon?: DaemonWatch | undefined
  /** Remembers a build for later runs; gives why it does not. */
  readonly record: (planned: PlannedImage, result: ImageResult) => Promise<Unrecorded | undefined>
  /** Remembers that a reused image has passed its test. */
  readonly recordTest?: (planned: PlannedImage) => Promise<void>
  /** Names a file for the id of what a builder made. */
  readonly openIdFile?: () => Promise<IdFile>
}

/** Lines of a failed build that are shown. */
const LAST_LINES = 20

/** What is known of a failure before its command and its output are put to it. */
type Why = Pick<Failure, 'message' | 'advice' | 'code'>

const INTERRUPTED: Why = { message: 'interrupted' }

const asWhy = (why: Why | string): Why => (typeof why === 'string' ? { message: why } : why)

/** One call of a builder, and of the test after it. */
export interface Attempt {
  readonly planned: PlannedImage
  readonly context: BuildContext
  readonly log: LogFile
  /** Bytes of the log that earlier attempts wrote. */
  readonly since: number
  /** Tells what the builder left, once it was started. */
  readonly left: { of?: Invocation['left'] }
  /** Called once it is good, and nothing but to remember it is left to do. */
  readonly onGood: () => void
}

/**
 * Builds one image, again where a failure is known to pass, and looks on the daemon for what came out.
 * @param onGood as in an attempt
 */
export async function buildImage(
  planned: PlannedImage,
  context: BuildContext,
  onGood: () => void = () => {}
): Promise<ImageResult> {
  const { image } = planned
  const log = context.logs.open(image.tags[0] ?? image.id, chunk =>
    context.emit({ type: 'image-output', image, chunk })
  )
  context.emit({ type: 'image-started', image, logFile: log.path })
  try {
    const most = 1 + (image.retries ?? context.retries)
    const attempts: AttemptTime[] = []
    for (;;) {
      const at: Attempt = { planned, context, log, since: log.size, left: {}, onGood }
      const startedAt = (performance.timeOrigin + performance.now()) / 1000
      const result = { ...(await attempt(at)), attempts }
      attempts.push({ startedAt, seconds: result.seconds ?? 0 })
      const onWait = (words: string) => say(at, `${words}\n`)
      const trouble = await daemonTrouble(result, { ...context, onWait })
      const reason = transientOf(result) ?? trouble.passed
      if (!reason || attempts.length >= most || context.signal.aborted) {
        return await explainFailure(trouble.result, { ...at, left: at.left.of })
      }
      await waitForNext(at, attempts.length, reason)
      if (context.signal.aborted) return { ...interruptedResult(at), attempts }
    }
  } finally {
    closeLog(log, image, context.emit)
  }
}

/** A test that fails would most likely fail again, after another build that takes its time. */
const transientOf = ({ failure }: ImageResult) =>
  failure && failure.code !== 'TEST_FAILED' ? transientReason(failure.lastLines) : undefined

async function waitForNext(at: Attempt, number: number, reason: string): Promise<void> {
  const delay = backoff(number + 1, Math.random())
  const words = `attempt ${number} failed: ${reason}; again in ${(delay / 1000).toFixed(1)} s`
  say(at, `${words}\n`)
  at.context.emit({
    type: 'warning',
    warning: { message: `${at.planned.image.id}: ${words}` }
  })
  await pause(delay, at.context.signal)
}

const say = ({ log }: Attempt, text: string) => log.write(Buffer.from(text))

async function attempt(at: Attempt): Promise<ImageResult> {
  const { planned, context, log } = at
  const { image } = planned
  const started = performance.now()
  const ended = (): number => (performance.now() - started) / 1000
  const failed = (why: Why | string, exit?: Exit): ImageResult => ({
    ...nothing(planned, log),
    seconds: ended(),
    // What a call says that was ended with the run is not what went wrong.
    failure: failure(at, context.signal.aborted ? INTERRUPTED : asWhy(why), exit)
  })
  say(at, `$ ${shellLine(planned.command)}\n`)
  const limit = timeLimit(image.timeoutMinutes ?? context.timeoutMinutes, context.signal)
  try {
    // Without a file for its id nothing tells an image that is made anew from an older one.
    const before = context.openIdFile && (await imageBefore(image, context.engine))
    const ran = await runBuilder(at, limit.signal).catch(troubleOf)
    if ('message' in ran) return failed(ran)
    const { exit, produced } = ran
    if (context.signal.aborted) return failed('interrupted', exit)
    if (limit.signal.aborted) {
      return failed(
        { message: `took longer than ${limit.minutes} minutes`, code: 'BUILD_TIMEOUT' },
        exit
      )
    }
    if (exit.status !== 0) return failed(`ended with exit status ${exit.status}`, exit)
    const confirmed = await confirmImage(image, produced, context.engine, before).catch(troubleOf)
    if (typeof confirmed === 'string') {
      return failed({ message: confirmed, code: 'IMAGE_NOT_FOUND' }, exit)
    }
    if ('message' in confirmed) return failed(confirmed, exit)
    const testFailure = await testImages({ planned, log, ...confirmed }, context)
    if (testFailure) return { ...nothing(planned, log), seconds: ended(), failure: testFailure }
    const result = {
      ...nothing(planned, log),
      ...confirmed,
      status: 'built',
      seconds: ended()
    } as const
    at.onGood()
    const unrecorded = await context
      .record(planned, result)
      .catch((error: unknown): Unrecorded => ({ why: problemOf(error) }))
    return unrecorded ? unremembered(result, unrecorded, context) : result
  } finally {
    limit.clear()
  }
}

function unremembered(
  result: ImageResult,
  { why, foreignBase }: Unrecorded,
  { emit }: BuildContext
): ImageResult {
  if (foreignBase !== undefined) {
    const message = `${result.image.id}: ${why} by another process, so it may stand on another image and is not pushed; build it again`
    emit({ type: 'warning', warning: { message } })
  }
  return { ...result, foreignBase, reason: `${result.reason}; not recorded: ${why}` }
}

function nothing({ image, reason }: PlannedImage, log: LogFile): ImageResult {
  return {
    image,
    status: 'failed',
    reason,
    tags: [],
    imageId: null,
    digest: null,
    bytes: null,
    seconds: null,
    logFile: log.path
  }
}

function interruptedResult(at: Attempt): ImageResult {
  return { ...nothing(at.planned, at.log), failure: failure(at, { message: 'interrupted' }) }
}

function failure({ planned, log, since }: Attempt, why: Why, exit?: Exit): Failure {
  return {
    ...why,
    command: planned.command,
    exitStatus: exit?.status,
    lastLines: log.lastLines(LAST_LINES, since)
  }
}
