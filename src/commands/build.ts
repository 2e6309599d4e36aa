import { SQUASH } from '../builders/arguments.js'
import { goBool } from '../builders/go-bool.js'
import type { Plan, PlannedImage } from '../chain/plan.js'
import { spellings } from '../manifest/reference.js'
import type { EngineImage, Exec, Files, Logs, PackerTool, RunSite } from '../ports.js'
import type { BuildContext } from '../run/build-image.js'
import { openDaemonWatch } from '../run/daemon-watch.js'
import type { ImageResult } from '../run/events.js'
import { type RunOptions, runPlan } from '../run/run-plan.js'
import type { KeepFailedPorts } from './keep-failed.js'
import type { PlannedChain } from './plan-chain.js'
import { type Recording, type RecordingPorts, recording } from './recording.js'

/** What a build reaches the world by. */
export interface BuildPorts extends RecordingPorts {
  readonly exec: Exec
  readonly logs: Logs
  readonly site: RunSite
  /** Finds or installs Packer; asked only where an image that is built needs it. */
  readonly packer: (plan: Plan) => Promise<PackerTool>
  readonly signal: AbortSignal
  /** Reads the Dockerfile of a failed build, to find the instruction that failed. */
  readonly files?: Pick<Files, 'readText'>
  /** Where what failed builds leave is remembered; they leave nothing without. */
  readonly keepFailed?: Pick<KeepFailedPorts, 'kept' | 'daemon'> | undefined
  /** The build of an image's template, for its test. */
  readonly templateOf?: BuildContext['templateOf']
}

/** How a build goes, and with what. */
export interface BuildRequest extends RunOptions {
  readonly retries: number
  readonly timeoutMinutes: number | undefined
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly dockerContext: string
}

/** What came out of a build. */
export interface BuildOutcome {
  readonly results: readonly ImageResult[]
  /** The Packer that was used, where one was. */
  readonly packer: PackerTool | undefined
}

/**
 * Builds a plan. A failed image is a result; only what keeps the whole run from starting throws:
 * ENGINE_UNAVAILABLE, TOOL_MISSING and what installing Packer can meet.
 */
export async function build(
  chain: PlannedChain,
  request: BuildRequest,
  ports: BuildPorts
): Promise<BuildOutcome> {
  const { plan } = chain
  for (const warning of plan.warnings) ports.emit({ type: 'warning', warning })
  const tools = await prepareTools(chain, request.env, ports).catch((error: unknown) => {
    // No image of an interrupted run is begun, and each is told of all the same.
    if (!ports.signal.aborted) throw error
    return NO_TOOLS
  })
  const { canSquash, packer, shimFolder, failed } = tools
  const context: Omit<BuildContext, keyof Recording> = {
    exec: ports.exec,
    engine: ports.engine,
    logs: ports.logs,
    signal: ports.signal,
    label: ports.site.label,
    templateOf: ports.templateOf,
    keepFailed: failed?.keep,
    openIdFile: () => ports.site.openIdFile(),
    daemon: openDaemonWatch(ports.engine),
    advise: ({ image }, lastLines) =>
      image.builder === 'packer' && packer?.advise
        ? packer.advise({ file: image.file, name: image.fileAsWritten, lastLines })
        : Promise.resolve([]),
    locate: async ({ image }, output) =>
      (await import('./locate-failure.js')).locateFailure(image, output, ports.files),
    hasRefused: lines => ports.site.hasRefused?.(lines) ?? false,
    retries: request.retries,
    timeoutMinutes: request.timeoutMinutes,
    site: {
      env: request.env,
      dockerContext: request.dockerContext,
      canSquash,
      keepFailed: failed !== undefined,
      isBuildKit: failed?.isBuildKit ?? false,
      shimFolder,
      packerPath: packer?.path ?? 'packer',
      pluginPath: packer?.pluginPath,
      // Made when it is asked for: where nothing is built, nothing is to be removed.
      get temporary() {
        return ports.site.temporary?.()
      },
      packerTemporary: ports.site.packerTemporary?.()
    }
  }
  try {
    const results = await runPlan(plan, request, { ...context, ...recording(chain, ports) })
    return { results, packer }
  } finally {
    await failed?.end()
  }
}

/** What builders need, beside their own programs. */
interface Tools {
  readonly canSquash: boolean
  readonly packer: PackerTool | undefined
  readonly shimFolder: string
  readonly failed: Awaited<ReturnType<typeof openFailed>>
}

const NO_TOOLS: Tools = { canSquash: true, packer: undefined, shimFolder: '', failed: undefined }

async function prepareTools(
  chain: PlannedChain,
  env: BuildRequest['env'],
  ports: BuildPorts
): Promise<Tools> {
  if (ports.signal.aborted) return NO_TOOLS
  const work = chain.plan.images.filter(({ action }) => action === 'build')
  const canSquash = await squashes(work, env, ports)
  const needsPacker = work.some(({ image }) => image.builder === 'packer')
  // A daemon that does not answer is told before any builder tells it.
  if (work.length > 0) await ports.engine.ping()
  const there = needsPacker ? await ports.engine.images() : []
  const packer = needsPacker ? await ports.packer(chain.plan) : undefined
  const shimFolder = packer ? await ports.site.prepareShim(basesOf(chain, there)) : ''
  return { canSquash, packer, shimFolder, failed: await openFailed(env, ports) }
}

/** What keeps the things that failed builds leave, where the run asks for it. */
async function openFailed(env: BuildRequest['env'], ports: BuildPorts) {
  if (!ports.keepFailed) return undefined
  const { openFailedBuilds } = await import('./keep-failed.js')
  const isBuildKit = await usesBuildKit(env, ports)
  return { ...openFailedBuilds({ ...ports, ...ports.keepFailed, env, isBuildKit }), isBuildKit }
}

/** Whether `--squash` is kept; where it would be refused or ignored, a warning says so. */
async function squashes(
  work: readonly PlannedImage[],
  env: BuildRequest['env'],
  { exec, engine, emit }: BuildPorts
): Promise<boolean> {
  if (!work.some(({ command }) => command.args.includes(SQUASH))) return true
  const isBuildKit = await usesBuildKit(env, { exec, engine })
  if (!isBuildKit && (await engine.canSquash())) return true
  const why = isBuildKit ? 'BuildKit ignores it' : 'the daemon has its experimental features off'
  emit({ type: 'warning', warning: { message: `images are not squashed: ${why}` } })
  return false
}

/** Since this major version BuildKit is the default: https://docs.docker.com/engine/release-notes/23.0/ */
const BUILDKIT_BY_DEFAULT = 23

/** Whether `docker build` is BuildKit's: by its variable, else where daemon and client have it. */
async function usesBuildKit(
  env: BuildRequest['env'],
  { exec, engine }: Pick<BuildPorts, 'exec' | 'engine'>
): Promise<boolean> {
  const asked = goBool(env.DOCKER_BUILDKIT ?? '')
  if (asked !== undefined) return asked
  if (Number.parseInt(await engine.version(), 10) < BUILDKIT_BY_DEFAULT) return false
  return (await exec.capture('docker', ['buildx', 'version'], { env })).status === 0
}

/** Every way to write what stands on the daemon already, or will when it is needed. */
function basesOf({ plan, basesOf }: PlannedChain, there: readonly EngineImage[]): string[] {
  const made = plan.images.flatMap(({ image }) => image.tags)
  const onDaemon = new Set(there.flatMap(({ tags }) => tags))
  const found = plan.images
    .flatMap(({ image }) => basesOf(image.id))
    .filter(name => onDaemon.has(name))
  return [...new Set([...made, ...found].flatMap(spellings))]
}
