import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { RUN_VARIABLE } from './current-run.js'

/** A program that a run has started, itself or by others. */
export interface RunProcess {
  readonly pid: number
  readonly group: number
  /** A docker command that makes a container: ended on the way it would leave one that nobody knows of. */
  readonly makesContainer: boolean
}

function wordsIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'latin1').split('\0')
  } catch {
    return []
  }
}

/** Process group of a process: field 5 of proc_pid_stat(5), the third after its name. */
export function groupOf(pid: number | 'self'): number {
  const [text = ''] = wordsIn(`/proc/${pid}/stat`)
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2])
}

const MAKING = new Set(['run', 'create'])

/** `docker run …`, a script that stands for it behind its shell, and the entry of ours that does. */
function makesContainer(pid: number): boolean {
  const words = wordsIn(`/proc/${pid}/cmdline`).slice(0, 3)
  return words.some(
    (word, at) =>
      basename(word) === 'docker-run.js' ||
      (basename(word) === 'docker' && MAKING.has(words[at + 1] ?? ''))
  )
}

/**
 * The programs that still run of a run, by the variable in their environment: no other program can
 * have it, so a process id that was given anew is never taken for one. None where there is no `/proc`.
 */
export function processesOf(id: string): readonly RunProcess[] {
  const mark = `${RUN_VARIABLE}=${id}`
  let names: string[]
  try {
    names = readdirSync('/proc')
  } catch {
    return []
  }
  return names.flatMap(name => {
    const pid = Number(name)
    if (!Number.isInteger(pid) || pid === process.pid) return []
    if (!wordsIn(`/proc/${name}/environ`).includes(mark)) return []
    return [{ pid, group: groupOf(pid), makesContainer: makesContainer(pid) }]
  })
}

/** Sends a signal to a process, with its group where it leads one; false where it is gone. */
export function signalProcess({ pid, group }: RunProcess, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid === group ? -pid : pid, signal)
  } catch {
    return false
  }
}
