import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setCurrentRun } from './current-run.js'
import { endRun, removePaths, type Tidied, type TidyPorts } from './end-run.js'
import { ownIdentity } from './process-identity.js'
import { groupOf, processesOf, signalProcess } from './run-processes.js'
import {
  folderNameOf,
  forgetEntry,
  machineId,
  type RunEntry,
  readEntry,
  writeEntry
} from './run-register.js'

/** The run that this process is at, from its start to its end. */
export interface EnteredRun {
  /** Path of what is written down of it; empty where that cannot be done. */
  readonly file: string
  /** Ends what has not ended by itself after an interrupt; from now on nothing belongs to the run. */
  readonly tidy: (ports: TidyPorts) => Promise<Tidied>
  /** Removes its temporary files; what could not be tidied up stays written down. */
  readonly leave: () => void
  /** Does at once what can be done at once. */
  readonly giveUp: () => void
}

/** Milliseconds after an interrupt at which what the program has called is told to end, and then ended. */
const STEPS = [
  [1_500, 'SIGTERM'],
  [3_000, 'SIGKILL']
] as const

function makeFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return folder
  } catch {
    return undefined
  }
}

/** Builders lead groups of their own, and are told at once: this is for what is called beside them. */
function signalCalled(id: string, signal: NodeJS.Signals): void {
  const own = groupOf('self')
  for (const each of processesOf(id)) {
    if (each.group === own && !each.makesContainer) signalProcess(each, signal)
  }
}

/**
 * Writes a run down, and makes the folder of its temporary files.
 * @param register folder of the register; undefined where there is no place of the user's own
 */
export function enterRun(
  run: Pick<RunEntry, 'id' | 'label' | 'keptLabel' | 'daemon'>,
  { register, signal }: { readonly register: string | undefined; readonly signal: AbortSignal }
): EnteredRun {
  const folder = join(tmpdir(), folderNameOf(run.id))
  const entry: RunEntry = { ...run, process: ownIdentity(), machine: machineId(), folder }
  const own = register === undefined ? undefined : writeEntry(join(register, run.id), entry)
  const made = makeFolder(folder)
  // Without a register only the later step of the same job can know of it.
  const open = own ?? (made ? writeEntry(join(made, 'run'), entry) : undefined)
  setCurrentRun({ id: run.id, folder: made, note: open?.note ?? (() => () => {}) })
  const timers: NodeJS.Timeout[] = []
  const endCalled = () => {
    for (const [delay, name] of STEPS)
      timers.push(setTimeout(() => signalCalled(run.id, name), delay).unref())
  }
  if (signal.aborted) endCalled()
  else signal.addEventListener('abort', endCalled, { once: true })
  let isLeft = false
  const found = () => (open && readEntry(open.file)) ?? { ...entry, file: '', paths: [] }
  return {
    file: open?.file ?? '',
    tidy: async ports => {
      setCurrentRun(undefined)
      timers.forEach(clearTimeout)
      const tidied = await endRun(found(), ports)
      isLeft = tidied.problem !== undefined
      return tidied
    },
    leave: () => {
      setCurrentRun(undefined)
      timers.forEach(clearTimeout)
      signal.removeEventListener('abort', endCalled)
      removePaths(found())
      if (open && !isLeft) forgetEntry(open.file)
    },
    giveUp: () => {
      for (const each of processesOf(run.id)) signalProcess(each, 'SIGKILL')
      removePaths(found())
    }
  }
}
