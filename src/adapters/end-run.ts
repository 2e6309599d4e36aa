import { readFileSync, rmdirSync, rmSync } from 'node:fs'
import type { Engine } from '../ports.js'
import type { ProcessIdentity } from './process-identity.js'
import { processesOf, type RunProcess, signalProcess } from './run-processes.js'
import { type FoundEntry, forgetEntry, isLock, readEntry } from './run-register.js'

/** What tidying up after a run did. */
export interface Tidied {
  readonly processes: number
  readonly containers: number
  readonly paths: number
  /** Why containers or programs may be left, such as that the daemon did not answer. */
  readonly problem?: string | undefined
}

/** By what a run is tidied up after. */
export interface TidyPorts {
  readonly engine: Pick<Engine, 'removeContainers'>
  /** Ids of containers that stay, since somebody is to enter them. */
  readonly kept: () => ReadonlySet<string>
  /** Kills at once. */
  readonly hurry?: AbortSignal | undefined
  /** Milliseconds for all of it. */
  readonly limit?: number
  /** Asks a daemon that fails no second time, where no program of the run is left. */
  readonly once?: boolean
}

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE = 800

/** Milliseconds for a docker command that is making a container to come to its end. */
const SPARE = 2_000

const LIMIT = 4_000

const ROUND = 50

type Run = Pick<FoundEntry, 'id' | 'label' | 'keptLabel'>

/** Ends what runs, a little more roughly with each round. */
class Ender {
  readonly #seen = new Map<number, { told: boolean; readonly since: number }>()
  readonly #hurry: AbortSignal | undefined

  constructor(hurry: AbortSignal | undefined) {
    this.#hurry = hurry
  }

  /** Processes that were told to end. */
  get count(): number {
    return this.#seen.size
  }

  tell(process: RunProcess): void {
    const seen = this.#seen.get(process.pid) ?? { told: false, since: performance.now() }
    this.#seen.set(process.pid, seen)
    const waited = performance.now() - seen.since
    const isOver = this.#hurry?.aborted || waited > (process.makesContainer ? SPARE : GRACE)
    if (isOver) signalProcess(process, 'SIGKILL')
    else if (!process.makesContainer && !seen.told) seen.told = signalProcess(process, 'SIGTERM')
  }
}

const pause = (milliseconds: number) =>
  new Promise<void>(resolve => setTimeout(resolve, milliseconds))

/** What some work gives; fails where it does not in so many milliseconds. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const failure = new Error('the Docker daemon does not answer')
    timer = setTimeout(() => reject(failure), Math.max(milliseconds, ROUND))
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/**
 * Ends the programs of a run and removes its containers. The programs are looked for first: after the
 * last of them has gone no container comes that is not seen.
 */
async function endAll(run: Run, ports: TidyPorts): Promise<Omit<Tidied, 'paths'>> {
  const ender = new Ender(ports.hurry)
  const until = performance.now() + (ports.limit ?? LIMIT)
  const removed = new Set<string>()
  let problem: string | undefined
  const remove = async () => {
    const ids = [
      ...(await ports.engine.removeContainers(run.label)),
      ...(await ports.engine.removeContainers(run.keptLabel, ports.kept()))
    ]
    for (const id of ids) removed.add(id)
    problem = undefined
    return ids.length
  }
  for (;;) {
    const running = processesOf(run.id)
    for (const each of running) ender.tell(each)
    const count = await within(until - performance.now(), remove()).catch((failure: unknown) => {
      problem = failure instanceof Error ? failure.message : String(failure)
      return 0
    })
    const isDone = running.length === 0 && count === 0 && problem === undefined
    const isHopeless = ports.once && running.length === 0 && problem !== undefined
    if (isDone || isHopeless) break
    if (performance.now() > until) {
      problem ??= 'they do not end'
      break
    }
    await pause(ROUND)
  }
  return { processes: ender.count, containers: removed.size, problem }
}

const IDENTITY = ['pid', 'start', 'boot', 'namespace', 'host'] as const

/** Whether a lock is that of a process; a later run may have it by now. */
function isHeldBy(lock: string, owner: ProcessIdentity): boolean {
  const held = JSON.parse(readFileSync(lock, 'utf8')) as Partial<ProcessIdentity> | null
  return held !== null && IDENTITY.every(field => held[field] === owner[field])
}

/** Most folders are empty by then, which is asked for sooner than to look through one. */
function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false
  }
}

function removePath(path: string, owner: ProcessIdentity): boolean {
  try {
    if (isLock(path) && !isHeldBy(path, owner)) return false
    if (!removeEmpty(path)) rmSync(path, { recursive: true })
    return true
  } catch {
    return false
  }
}

type Left = Pick<FoundEntry, 'folder' | 'paths' | 'process'>

/** Removes the temporary files of a run; gives how many files and folders there were. */
export function removePaths({ folder, paths, process }: Left): number {
  return [folder, ...paths].filter(path => removePath(path, process)).length
}

/**
 * Tidies up after a run: ends its programs, removes its containers and its temporary files. What it
 * cannot do now stays written down for the next who tries. What is not of that run is not touched.
 */
export async function endRun(entry: FoundEntry, ports: TidyPorts): Promise<Tidied> {
  const ended = await endAll(entry, ports)
  // What was noted by a program that ended only now is read again. Where the entry is gone another run has
  // tidied up, and what lies at its paths may be a later run's.
  const noted = entry.file === '' ? entry : readEntry(entry.file)
  const paths = removePaths(noted ?? { ...entry, paths: [] })
  if (ended.problem === undefined) forgetEntry(entry.file)
  return { ...ended, paths }
}
