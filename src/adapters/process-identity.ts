import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { processIsRunning } from './kept-folder.js'

/** A process that can be told from every other, later ones of the same id included. */
export interface ProcessIdentity {
  readonly pid: number
  /** When it was started, in ticks since the machine was (proc(5), /proc/pid/stat, starttime); empty where that cannot be known. */
  readonly start: string
  /** Of the machine's current run; empty where that cannot be known. */
  readonly boot: string
  /** The namespace in which `pid` counts, such as `pid:[4026531836]`; empty where that cannot be known. */
  readonly namespace: string
  /** Name of the machine or of the container. */
  readonly host: string
}

function textOf(read: () => string): string {
  try {
    return read().trim()
  } catch {
    return ''
  }
}

/** Places after the name of the program, which may hold spaces and parentheses itself: starttime is the 22nd field. */
const START_AFTER_NAME = 19

/** When a process was started; empty where that cannot be seen, undefined where it has ended and is only not yet reaped. */
function startOf(pid: number): string | undefined {
  const stat = textOf(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state = ''] = fields
  return state === 'Z' || state === 'X' ? undefined : (fields[START_AFTER_NAME] ?? '')
}

const bootId = () => textOf(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'))

const pidNamespace = () => textOf(() => readlinkSync('/proc/self/ns/pid'))

/** The process that this program runs in. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? '',
    boot: bootId(),
    namespace: pidNamespace(),
    host: hostname()
  }
}

/** Whether a process id counts here as it did there; `gone` where its machine was started anew since. */
function placeOf({ boot, namespace, host }: ProcessIdentity): 'here' | 'gone' | 'elsewhere' {
  const isSameBoot = boot === bootId()
  if (isSameBoot && boot !== '') return namespace === pidNamespace() ? 'here' : 'elsewhere'
  if (host !== hostname()) return 'elsewhere'
  return isSameBoot ? 'here' : 'gone'
}

/**
 * Whether a process has ended for good; undefined where that cannot be known from here: it ran in
 * another container, or on another machine that shares our files.
 */
export function isGone(identity: ProcessIdentity): boolean | undefined {
  const place = placeOf(identity)
  if (place !== 'here') return place === 'gone' ? true : undefined
  if (!processIsRunning(identity.pid)) return true
  const start = startOf(identity.pid)
  if (start === undefined) return true
  if (start === '' || identity.start === '') return undefined
  return start !== identity.start
}
