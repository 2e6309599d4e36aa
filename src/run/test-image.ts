import type { TemplateBuilder } from '../builders/template.js'
import { hashOf } from '../chain/fingerprint.js'
import type { PlannedImage } from '../chain/plan.js'
import type { Command, Engine, Exec, LogFile } from '../ports.js'
import { keepPrinted } from '../printed.js'
import { shellLine } from './command-line.js'
import { endWithContainer } from './end-with-container.js'
import type { Emit, Failure } from './events.js'
import { problemOf } from './problem-of.js'
import { testCalls } from './test-container.js'
import { timeLimit } from './time-limit.js'

/** Label of the container of one test: its value is the run's id and a hash of the image's. */
const TEST_LABEL = 'io.github.corpusops.build-chain.test'

/** What a run needs to test an image. */
export interface TestContext {
  readonly exec: Exec
  readonly engine: Engine
  readonly emit: Emit
  readonly site: { readonly env: Readonly<Record<string, string>> }
  readonly signal: AbortSignal
  readonly timeoutMinutes: number | undefined
  /** `name=value`, on every container of the run. */
  readonly label?: string
  /** The build of an image's template; undefined for that of a Dockerfile. */
  readonly templateOf?:
    | ((planned: PlannedImage) => Promise<TemplateBuilder | undefined>)
    | undefined
}

/** An image that is to be tested. */
export interface TestedImage {
  readonly planned: PlannedImage
  /** Null where its build made none. */
  readonly imageId: string | null
  readonly log: LogFile
}

/** Lines of a failed test that are shown. */
const LAST_LINES = 20

const GRACE = 1_000

const CONTAINER_ID = /^[0-9a-f]{64}$/m

/** Waits for systemd where it is process 1: before that it answers no systemctl. */
const WAIT_FOR_SYSTEMD = `case "$(readlink /proc/1/exe)" in
*/systemd) i=0; while [ $i -lt 300 ]; do
  case "$(systemctl is-system-running 2>/dev/null)" in running|degraded|maintenance|stopping) exit 0 ;; esac
  i=$((i + 1)); sleep 0.2
done ;;
esac`

interface Testing extends TestedImage {
  readonly context: TestContext
  readonly signal: AbortSignal
  /** Bytes of the log before the test. */
  readonly since: number
  /** `name=value` on its container alone. */
  readonly label: string
}

/** Runs a call to its end, its output in the image's log; gives its exit status and what it printed. */
async function run(command: Command, testing: Testing) {
  const { context, signal, label } = testing
  // Only the id of a container is looked for, and a test may print anything.
  const printed = keepPrinted(100)
  testing.log.write(Buffer.from(`$ ${shellLine(command)}\n`))
  const onOutput = (chunk: Buffer) => {
    printed.onOutput(chunk)
    testing.log.write(chunk)
  }
  const remove = () => context.engine.removeContainers(label)
  const { status } = await endWithContainer(signal, remove, last =>
    context.exec.stream(command, { env: context.site.env, signal: last, grace: GRACE, onOutput })
  )
  return { status, text: printed.text }
}

interface TestEnd {
  readonly message: string
  readonly command: Command
  readonly status: number | undefined
}

/** Runs the test; undefined where it passes. */
async function runTest(testing: Testing, labels: readonly string[]): Promise<TestEnd | undefined> {
  const { planned, context, imageId } = testing
  const { image, command } = planned
  const failed = (message: string) => ({ message, command, status: undefined })
  if (imageId === null) return failed('its test has no image to run in')
  const builder = await context.templateOf?.(planned)
  const ports = { exec: context.exec, env: context.site.env }
  const calls = await testCalls({ image, imageId, labels, builder }, ports)
  if (typeof calls === 'string') return failed(`its test cannot be started: ${calls}`)
  if (testing.signal.aborted) return failed('interrupted')
  const container = calls.start ? await start(calls.start, testing) : ''
  if (typeof container !== 'string') return container
  if (testing.signal.aborted) return failed('interrupted')
  const test = calls.test(container)
  const { status } = await run(test, testing)
  if (status === 0) return undefined
  return { message: `its test ended with exit status ${status}`, command: test, status }
}

/** Starts the container; gives its id, or how it could not be started. */
async function start(command: Command, testing: Testing): Promise<string | TestEnd> {
  const { status, text } = await run(command, testing)
  const id = CONTAINER_ID.exec(text())?.[0]
  if (status !== 0 || id === undefined) {
    const message = `the container of its test ended with exit status ${status}`
    return { message, command, status }
  }
  const { exec, site } = testing.context
  await exec.stream(
    { ...command, args: ['exec', id, '/bin/sh', '-c', WAIT_FOR_SYSTEMD] },
    { env: site.env, signal: testing.signal, grace: GRACE, onOutput: () => {} }
  )
  return id
}

function labelsOf({ image }: PlannedImage, { label }: TestContext): readonly [string, ...string[]] {
  const run = label?.split('=').at(-1) ?? ''
  const own = `${TEST_LABEL}=${run}-${hashOf(image.id).slice(0, 16)}`
  return label === undefined ? [own] : [own, label]
}

/** An image with all that its template made. */
export interface TestedImages extends TestedImage {
  /** Ids of further images, by their normalised tags. */
  readonly furtherIds?: Readonly<Record<string, string>> | undefined
}

/**
 * Runs the test of an image in a container of it, which goes whatever happens, and of each further image of its
 * template in turn.
 * @returns undefined where the image has no test, or all pass it
 */
export async function testImages(
  { furtherIds = {}, ...tested }: TestedImages,
  context: TestContext
): Promise<Failure | undefined> {
  for (const imageId of new Set([tested.imageId, ...Object.values(furtherIds)])) {
    const failure = await testImage({ ...tested, imageId }, context)
    if (failure) return failure
  }
  return undefined
}

async function testImage(tested: TestedImage, context: TestContext): Promise<Failure | undefined> {
  const { planned, log } = tested
  const { image } = planned
  if (image.test === undefined) return undefined
  const limit = timeLimit(image.timeoutMinutes ?? context.timeoutMinutes, context.signal)
  const labels = labelsOf(planned, context)
  const [label] = labels
  const testing: Testing = { ...tested, context, signal: limit.signal, since: log.size, label }
  const failure = ({ message, command, status }: TestEnd): Failure => ({
    code: 'TEST_FAILED',
    message,
    command,
    exitStatus: status,
    lastLines: log.lastLines(LAST_LINES, testing.since)
  })
  try {
    const nothing = { command: planned.command, status: undefined }
    const end = await runTest(testing, labels).catch(error => ({
      ...nothing,
      message: `its test could not be run: ${problemOf(error)}`
    }))
    if (context.signal.aborted) return failure({ ...nothing, ...end, message: 'interrupted' })
    if (limit.signal.aborted) {
      const message = `its test took longer than ${limit.minutes} minutes`
      return failure({ ...nothing, ...end, message })
    }
    return end && failure(end)
  } finally {
    limit.clear()
    await context.engine.removeContainers(label).catch(() => [])
  }
}
