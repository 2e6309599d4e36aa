import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { daemonOf, dockerContext } from './adapters/docker-socket.js'
import { exec, stirStream } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { openImageLocks } from './adapters/image-locks.js'
import { openKept } from './adapters/kept.js'
import { keptFolder } from './adapters/kept-folder.js'
import { openLogs } from './adapters/logs.js'
import { openMask } from './adapters/mask.js'
import { stateFolder } from './adapters/memory.js'
import { runWriter } from './adapters/run-writer.js'
import { dockerLogins, fileSecrets } from './adapters/secret-files.js'
import { secretSources } from './adapters/secret-sources.js'
import { type WritableFolder, writableFolder } from './adapters/writable-folder.js'
import { secretFiles } from './builders/secret-arguments.js'
import type { Plan, PlannedImage } from './chain/plan.js'
import { type BuildOutcome, build } from './commands/build.js'
import { keepImages } from './commands/reuse-stores.js'
import type { ChainError } from './errors.js'
import type { Options } from './options.js'
import type { Project } from './plan-project.js'
import { isWork, limitsOf, prepareRun } from './prepare-run.js'
import { publishProject } from './publish-project.js'
import { reportJson } from './report/report.js'
import type { Emit, ImageResult, PushResult } from './run/events.js'
import { openSession, type RunSession, type RunTrace, unlessInterrupted } from './run-session.js'
import { maskedWords, shownPlan } from './shown-run.js'

/** Folder for the logs and reports of runs. */
export function runsFolder(): string {
  const temporary = process.env.RUNNER_TEMP
  return temporary ? join(temporary, 'build-chain') : join(stateFolder(process.env), 'runs')
}

/** What a build leaves: its outcome, and the path of its report. */
export interface BuiltProject extends BuildOutcome {
  /** Empty where nothing was to be pushed. */
  readonly pushes: readonly PushResult[]
  /** Empty where it could not be written. */
  readonly reportFile: string
  /** What was asked for and could not be written. */
  readonly unwritten: readonly ChainError[]
  /** A signal came before its end. */
  readonly interrupted: boolean
}

interface BuildListeners {
  readonly emit: Emit
  /** Told before the first build, so that a later step can tidy up after a kill. */
  readonly onSite?: (trace: RunTrace) => void
  /** Told before the first build, when all secrets are known. */
  readonly onPlan?: () => void
}

const packerWork = ({ images }: Plan): readonly PlannedImage[] =>
  images.filter(({ action, image }) => action === 'build' && image.builder === 'packer')

/** Builds a project on this machine's daemon, tidies up, and writes the report. */
export async function buildProject(
  project: Project,
  options: Options,
  { emit, onSite, onPlan }: BuildListeners
): Promise<BuiltProject> {
  const runs = writableFolder(runsFolder())
  if (runs.problem) emit({ type: 'warning', warning: { message: elsewhere(runs) } })
  const session = await openSession({
    ...project,
    runsFolder: runs.path,
    keepsFailed: options.onError === 'keep',
    note: message => emit({ type: 'note', message })
  })
  onSite?.(session.trace)
  let badly = false
  const hear: Emit = event => {
    // What is begun has ended badly until its results are there.
    if (event.type === 'image-started') badly = true
    emit(event)
  }
  try {
    const built = await buildIn(session, { project, options, emit: hear, onPlan })
    badly = built.results.some(endedBadly)
    return built
  } catch (error) {
    throw unlessInterrupted(error, session)
  } finally {
    await session.end({ badly })
  }
}

/** Whether a builder or a test of an image failed, be it before one that did not. */
const endedBadly = ({ failure, attempts = [] }: ImageResult): boolean =>
  failure !== undefined || attempts.length > 1

interface Building {
  readonly project: Project
  readonly options: Options
  readonly emit: Emit
  readonly onPlan: BuildListeners['onPlan']
}

/** Builds, publishes and tells, as far as the session lasts. */
async function buildIn(
  { site, signal }: RunSession,
  { project, options, emit, onPlan }: Building
): Promise<BuiltProject> {
  const { engine, env, memory } = project
  const mask = openMask(secretSources)
  const { chain, stores } = await prepareRun(project, options, { emit, signal })
  if (isWork(chain)) stirStream()
  secretSources.add(() => [...dockerLogins(env), ...fileSecrets(secretPaths(chain.plan))])
  onPlan?.()
  const how = {
    maxParallel: options.maxParallel ?? availableParallelism(),
    failFast: options.failFast,
    ...limitsOf(options),
    logs: mask.logs(openLogs(site.folder)),
    emit,
    signal
  }
  const packer = async (plan: Plan) => {
    const { preparePacker } = await import('./packer-tool.js')
    return preparePacker({
      images: packerWork(plan),
      options,
      env,
      temporary: site.temporary?.(),
      emit,
      signal
    })
  }
  const built = await build(
    chain,
    { ...how, env, dockerContext: dockerContext(env) },
    {
      ...how,
      exec,
      engine,
      site,
      packer,
      keeper: memory,
      others: { locks: openImageLocks(memory.locksFolder), memory, plan: project.plan },
      files,
      keepFailed:
        options.onError === 'keep'
          ? { kept: openKept(keptFolder(process.env)), daemon: daemonOf(env) }
          : undefined,
      templateOf: async ({ image, command }) => {
        if (image.builder !== 'packer') return undefined
        const { loadTemplate } = await import('./commands/load-template.js')
        const { template } = await loadTemplate(image, { command, env }, files)
        return template.builders.find(({ type }) => type === 'docker')
      }
    }
  )
  await memory.compact().catch(() => {})
  if (!signal.aborted) await keepImages(chain.plan, built.results, stores, memory.records())
  const published = options.push
    ? await publishProject({ ...built, plan: chain.plan }, project, how)
    : { pushes: [] }
  const outcome = maskedWords({ ...built, ...published }, mask)
  const told = mask.value({ plan: shownPlan(chain.plan), ...outcome })
  const writer = runWriter(askedPaths(options), emit)
  if (isTold(options)) {
    const { tellRun } = await import('./tell-run.js')
    await tellRun({ ...told, folder: site.folder }, options, { emit, writer })
  }
  const report = reportJson(told)
  const own = join(site.folder, 'report.json')
  const isWritten = await writer.write(own, report)
  if (options.report) await writer.write(resolve(options.report), report)
  const reportFile = isWritten ? own : ''
  return { ...outcome, reportFile, unwritten: writer.failures, interrupted: signal.aborted }
}

/** Absolute paths of the files that the builders of a plan are given as secrets. */
const secretPaths = ({ images }: Plan): readonly string[] =>
  images.flatMap(({ image, command }) =>
    secretFiles(image, command).map(path => resolve(command.cwd, path))
  )

/** Whether anything but the report is written for a person to read. */
const isTold = ({ reportHtml, trace }: Options): boolean =>
  [reportHtml, trace, process.env.GITHUB_ACTIONS, process.env.GITHUB_STEP_SUMMARY].some(Boolean)

/** Paths that the options ask something to be written to. */
const askedPaths = ({ report, reportHtml, trace }: Options): readonly string[] =>
  [report, reportHtml, trace].flatMap(path => (path ? [resolve(path)] : []))

const elsewhere = ({ path, problem }: WritableFolder): string =>
  `logs and report go to ${path}, since their folder cannot be written to: ${problem}`
