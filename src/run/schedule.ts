import { waitingTasks } from './waiting-tasks.js'

/** A piece of work that waits for others. */
export interface Task {
  /** Positions of earlier tasks that have to end well first. */
  readonly needs: readonly number[]
  /** Positions of earlier tasks that have to end first, however they end. */
  readonly after: readonly number[]
  /** Expected seconds. */
  readonly weight: number
}

/** How a task ended: `failed` blocks what needs it. */
export type TaskEnd = 'done' | 'failed'

export interface ScheduleOptions {
  /** Tasks at a time. */
  readonly parallel: number
  /** After a failure start nothing new. */
  readonly failFast: boolean
  /** Start nothing new once it is aborted. */
  readonly signal: AbortSignal
  /**
   * @param stopped is aborted with `signal`, or once a failure starts nothing new
   * @param freePlace tells that it is done and about to end: another may take its place
   */
  readonly run: (index: number, stopped: AbortSignal, freePlace: () => void) => Promise<TaskEnd>
  /** The task will not run, since it needs a task that failed or is blocked itself. */
  readonly blocked: (index: number, by: number) => void
  /** The task was not started after a failure or an abort. */
  readonly skipped: (index: number) => void
}

/** For each task the seconds from its start to the end of the longest chain that stands on it. */
export function chainLengths(tasks: readonly Task[]): readonly number[] {
  const lengths = tasks.map(task => task.weight)
  for (let index = tasks.length - 1; index >= 0; index -= 1) {
    const task = tasks[index] as Task
    for (const need of [...task.needs, ...task.after]) {
      const through = (tasks[need]?.weight ?? 0) + (lengths[index] ?? 0)
      lengths[need] = Math.max(lengths[need] ?? 0, through)
    }
  }
  return lengths
}

/**
 * Runs tasks side by side, the one with the longest chain first, ties in the given order.
 * Tasks are given in an order in which every task stands after what it waits for.
 * What a task throws is thrown once nothing runs any more; nothing new starts meanwhile.
 */
export async function schedule(tasks: readonly Task[], options: ScheduleOptions): Promise<void> {
  const waiting = waitingTasks(tasks, chainLengths(tasks))
  const crashes: unknown[] = []
  const ended: { readonly index: number; readonly outcome: TaskEnd }[] = []
  const stop = new AbortController()
  const onAbort = () => stop.abort()
  if (options.signal.aborted) onAbort()
  options.signal.addEventListener('abort', onAbort, { once: true })
  const running = new Set<number>()
  /** Those among them that have freed their places. */
  const ending = new Set<number>()
  let wake = () => {}

  const start = (index: number) => {
    running.add(index)
    const freePlace = () => {
      if (running.has(index)) ending.add(index)
      wake()
    }
    const end = (outcome: TaskEnd) => {
      if (outcome === 'failed' && options.failFast) stop.abort()
      ended.push({ index, outcome })
      wake()
    }
    options.run(index, stop.signal, freePlace).then(end, (crash: unknown) => {
      crashes.push(crash)
      stop.abort()
      end('failed')
    })
  }
  const settle = () => {
    for (const { index, outcome } of ended.splice(0)) {
      running.delete(index)
      ending.delete(index)
      for (const each of waiting.end(index, outcome)) options.blocked(each.index, each.by)
    }
  }

  for (;;) {
    settle()
    const free = stop.signal.aborted ? 0 : options.parallel - running.size + ending.size
    for (const index of waiting.take(free, ending)) start(index)
    if (running.size === 0) break
    await new Promise<void>(resolve => {
      wake = resolve
      if (ended.length > 0) resolve()
    })
  }
  options.signal.removeEventListener('abort', onAbort)
  if (crashes.length > 0) throw crashes[0]
  for (const index of waiting.rest()) options.skipped(index)
}
