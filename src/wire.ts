import { availableParallelism, homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { dockerContext } from './adapters/docker-socket.js'
import { openEngine } from './adapters/engine.js'
import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { onInterrupt } from './adapters/interrupt.js'
import { openLogs } from './adapters/logs.js'
import { openRunSite } from './adapters/run-site.js'
import { builderEnvironment } from './builders/environment.js'
import type { Plan } from './chain/plan.js'
import { type BuildOutcome, build } from './commands/build.js'
import { loadImages } from './commands/load-images.js'
import { planChain } from './commands/plan-chain.js'
import { ChainError } from './errors.js'
import { splitWords } from './manifest/split-words.js'
import type { Options } from './options.js'
import type { PackerTool } from './ports.js'
import { reportJson } from './report/report.js'
import type { Emit } from './run/events.js'

const DEFAULT_RETRIES = 2

/** Reads the project's manifests and plans the chosen images. */
export async function planProject(options: Options): Promise<Plan> {
  const env = builderEnvironment(process.env)
  const loaded = await loadImages(
    {
      root: rootOf(options),
      imagesFiles: options.imagesFiles,
      dockerFolder: options.dockerFolder,
      env
    },
    files
  )
  const builderArguments = wordsOf(options.builderArgs)
  return planChain(loaded, { ...options, builderArguments }, files)
}

const rootOf = (options: Options) =>
  resolve(process.env.GITHUB_WORKSPACE ?? process.cwd(), options.workingDirectory)

function wordsOf(text: string): readonly string[] {
  const words = splitWords(text)
  if (typeof words !== 'string') return words
  throw new ChainError('OPTIONS_INVALID', `builder-args: ${words}`)
}

/** Folder for the logs and reports of runs. */
function runsFolder(): string {
  const { RUNNER_TEMP, XDG_STATE_HOME } = process.env
  if (RUNNER_TEMP) return join(RUNNER_TEMP, 'build-chain')
  const home = homedir() || tmpdir()
  return join(XDG_STATE_HOME ?? join(home, '.local', 'state'), 'build-chain', 'runs')
}

/** What a build leaves: its outcome, and the path of its report. */
export interface BuiltProject extends BuildOutcome {
  readonly reportFile: string
}

interface BuildListeners {
  readonly emit: Emit
  /** Told before the first build, so that a later step can tidy up after a kill. */
  readonly onSite?: (label: string) => void
}

/** Builds a plan on this machine's daemon, tidies up, and writes the report. */
export async function buildProject(
  plan: Plan,
  options: Options,
  { emit, onSite }: BuildListeners
): Promise<BuiltProject> {
  const env = builderEnvironment(process.env)
  const site = openRunSite(runsFolder())
  const engine = openEngine(exec, env)
  const interrupt = onInterrupt()
  onSite?.(site.label)
  try {
    const outcome = await build(
      plan,
      {
        maxParallel: options.maxParallel ?? availableParallelism(),
        failFast: options.failFast,
        retries: options.retries ?? DEFAULT_RETRIES,
        timeoutMinutes: options.timeoutMinutes,
        env,
        dockerContext: dockerContext(env)
      },
      {
        exec,
        engine,
        logs: openLogs(site.folder),
        site,
        packer: () => packerOnPath(env),
        emit,
        signal: interrupt.signal
      }
    )
    const reportFile = join(site.folder, 'report.json')
    const report = reportJson({ plan, ...outcome })
    for (const path of [reportFile, ...(options.report ? [resolve(options.report)] : [])]) {
      await files.write(path, report)
    }
    if (interrupt.signal.aborted) await engine.removeContainers(site.label)
    return { ...outcome, reportFile }
  } finally {
    await site.remove()
    interrupt.release()
  }
}

async function packerOnPath(env: Readonly<Record<string, string>>): Promise<PackerTool> {
  const path = exec.which('packer')
  if (!path) {
    throw new ChainError('TOOL_MISSING', 'packer is not on PATH', {
      hint: 'Install Packer, or add its folder to PATH.'
    })
  }
  const output = await exec.capture('packer', ['version'], {
    env: { ...env, CHECKPOINT_DISABLE: '1' }
  })
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(output.stdout)?.[1] ?? ''
  return { path, version, source: 'PATH' }
}
