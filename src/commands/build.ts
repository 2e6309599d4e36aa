import type { Plan } from '../chain/plan.js'
import { ChainError, type Problem } from '../errors.js'
import { spellings } from '../manifest/reference.js'
import type { Engine, Exec, Logs, PackerTool, RunSite } from '../ports.js'
import type { Emit, ImageResult } from '../run/events.js'
import { type RunOptions, runPlan } from '../run/run-plan.js'

/** What a build reaches the world by. */
export interface BuildPorts {
  readonly exec: Exec
  readonly engine: Engine
  readonly logs: Logs
  readonly site: RunSite
  /** Finds or installs Packer; asked only where an image needs it. */
  readonly packer: () => Promise<PackerTool>
  readonly emit: Emit
  readonly signal: AbortSignal
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
 * FILE_MISSING, ENGINE_UNAVAILABLE, TOOL_MISSING and what installing Packer can meet.
 */
export async function build(
  plan: Plan,
  request: BuildRequest,
  ports: BuildPorts
): Promise<BuildOutcome> {
  refuseMissingFiles(plan)
  for (const warning of plan.warnings) ports.emit({ type: 'warning', warning })
  if (plan.images.length > 0) await ports.engine.images()
  const needsPacker = plan.images.some(({ image }) => image.builder === 'packer')
  const packer = needsPacker ? await ports.packer() : undefined
  const shimFolder = packer ? await ports.site.prepareShim(basesOf(plan)) : ''
  const results = await runPlan(plan, request, {
    exec: ports.exec,
    engine: ports.engine,
    logs: ports.logs,
    emit: ports.emit,
    signal: ports.signal,
    retries: request.retries,
    timeoutMinutes: request.timeoutMinutes,
    site: {
      env: request.env,
      dockerContext: request.dockerContext,
      shimFolder,
      packerPath: packer?.path ?? 'packer',
      pluginPath: packer?.pluginPath
    }
  })
  return { results, packer }
}

const basesOf = (plan: Plan): string[] =>
  plan.images.flatMap(({ image }) => image.tags.flatMap(spellings))

function refuseMissingFiles(plan: Plan): void {
  const problems: Problem[] = plan.images
    .filter(planned => planned.fileMissing)
    .map(({ image }) => ({
      place: { file: image.manifest, position: image.position },
      message: `${image.id}: found no ${image.file}`
    }))
  if (problems.length === 0) return
  throw new ChainError('FILE_MISSING', 'a Dockerfile or a template is missing', {
    problems,
    hint: 'Write it, or correct `file` or `working_dir`; docs/manifest.md tells where each is looked for.'
  })
}
