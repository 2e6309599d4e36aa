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
  readonly run: (index: number) => Promise<TaskEnd>
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

type State = 'waiting' | 'running' | 'done' | 'failed' | 'out'

/**
 * Runs tasks side by side, the one with the longest chain first, ties in the given order.
 * Tasks are given in an order in which every task stands after what it waits for.
 * What a task throws is thrown once nothing runs any more; nothing new starts meanwhile.
 */
export async function schedule(tasks: readonly Task[], options: ScheduleOptions): Promise<void> {
  const state: State[] = tasks.map(() => 'waiting')
  const lengths = chainLengths(tasks)
  const running = new Map<number, Promise<number>>()
  const crashes: unknown[] = []
  let stopped = false

  const isOver = (index: number) => ['done', 'failed', 'out'].includes(state[index] as State)
  const isReady = (index: number) => {
    const task = tasks[index] as Task
    return task.needs.every(need => state[need] === 'done') && task.after.every(isOver)
  }
  const start = (index: number) => {
    state[index] = 'running'
    const end = options.run(index).then(
      outcome => {
        state[index] = outcome
        if (outcome === 'failed' && options.failFast) stopped = true
        return index
      },
      (crash: unknown) => {
        state[index] = 'failed'
        crashes.push(crash)
        stopped = true
        return index
      }
    )
    running.set(index, end)
  }
  const blockWhatNeedsFailed = () => {
    tasks.forEach((task, index) => {
      if (state[index] !== 'waiting') return
      const by = task.needs.find(need => state[need] === 'failed' || blockedBy.has(need))
      if (by === undefined) return
      state[index] = 'out'
      blockedBy.add(index)
      options.blocked(index, by)
    })
  }
  const blockedBy = new Set<number>()
  const startReady = () => {
    const ready = tasks
      .map((_, index) => index)
      .filter(at => state[at] === 'waiting' && isReady(at))
    ready.sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b)
    for (const index of ready.slice(0, options.parallel - running.size)) start(index)
  }

  for (;;) {
    blockWhatNeedsFailed()
    if (!stopped && !options.signal.aborted) startReady()
    if (running.size === 0) break
    running.delete(await Promise.race(running.values()))
  }
  if (crashes.length > 0) throw crashes[0]
  state.forEach((at, index) => {
    if (at === 'waiting') options.skipped(index)
  })
}
