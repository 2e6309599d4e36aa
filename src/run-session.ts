import { containerSight } from './adapters/daemon-view.js'
import { daemonOf } from './adapters/docker-socket.js'
import { type EnteredRun, enterRun } from './adapters/enter-run.js'
import { exec } from './adapters/exec.js'
import { tidyGoneRuns } from './adapters/gone-runs.js'
import { onInterrupt } from './adapters/interrupt.js'
import { registerFolder } from './adapters/memory.js'
import { KEPT_LABEL, openRunSite } from './adapters/run-site.js'
import { tidyPorts } from './adapters/tidy-ports.js'
import { interrupted } from './outcome.js'
import type { Engine, RunSite } from './ports.js'

/** What a later step is to know, so that it can tidy up after a kill. */
export interface RunTrace {
  /** `name=value` on the run's containers. */
  readonly label: string
  /** Path of what is written down of the run; empty where that cannot be done. */
  readonly file: string
}

/** A run from its start to its end, whatever comes. */
export interface RunSession {
  readonly site: RunSite
  /** Comes with the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal
  readonly trace: RunTrace
  /**
   * Removes what only the run needed; after an interrupt, or where a builder ended badly, all that it has started: a
   * Packer that is killed leaves its container.
   */
  end(how: { readonly badly: boolean }): Promise<void>
}

interface SessionOptions {
  readonly runsFolder: string
  readonly keepsFailed: boolean
  readonly engine: Engine
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  readonly note: (message: string) => void
}

/** Exit status of what was interrupted: docs/architecture.md. */
const INTERRUPTED = 130

/** Tidies up after runs that were killed, and begins one. */
export async function openSession(options: SessionOptions): Promise<RunSession> {
  const { env, engine, keepsFailed } = options
  const site = openRunSite(options.runsFolder, { sight: containerSight(exec, env), keepsFailed })
  let entered: EnteredRun | undefined
  const { signal } = onInterrupt(() => {
    entered?.giveUp()
    process.exit(INTERRUPTED)
  })
  const daemon = daemonOf(env)
  const register = registerFolder(process.env)
  if (register !== undefined) {
    for (const line of await tidyGoneRuns(register, daemon, tidyPorts(engine))) options.note(line)
  }
  const run = { id: site.id, label: site.label, keptLabel: `${KEPT_LABEL}=${site.id}`, daemon }
  const begun = enterRun(run, { register, signal })
  entered = begun
  const end: RunSession['end'] = async ({ badly }) => {
    const ports = { ...tidyPorts(engine), once: !signal.aborted }
    const tidied = signal.aborted || badly ? await begun.tidy(ports) : undefined
    if (tidied?.problem) options.note(leftText(tidied.problem))
    await site.remove().catch(() => {})
    begun.leave()
  }
  return { site, signal, trace: { label: site.label, file: begun.file }, end }
}

const leftText = (problem: string) =>
  `containers of this run may be left, the next run removes them: ${problem}`

/** What a failure is to be told as: a program that was ended with the run says nothing of its own. */
export const unlessInterrupted = (error: unknown, { signal }: RunSession): unknown =>
  signal.aborted ? interrupted(error) : error
