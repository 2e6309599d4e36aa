import { readyQueue } from './ready-queue.js'
import type { Task, TaskEnd } from './schedule.js'

/** A task that will not run, and the position of the one that it needs and that failed, or is blocked itself. */
export interface Blocked {
  readonly index: number
  readonly by: number
}

/** Tasks that wait for others; each end costs what depends on it, however many tasks there are. */
export interface WaitingTasks {
  /**
   * At most as many of those that wait for nothing any more, the longest chain first, ties in their order.
   * @param ending tasks that are about to end: what has a shorter chain than what waits for them is not taken
   */
  take(most: number, ending?: Iterable<number>): readonly number[]
  /** Tells how a task has ended; gives what is blocked by that, in order. */
  end(index: number, outcome: TaskEnd): readonly Blocked[]
  /** What was neither taken nor blocked, in order. */
  rest(): readonly number[]
}

/** For each task the tasks that name it, by their positions. */
function namers(tasks: readonly Task[], key: 'needs' | 'after'): readonly number[][] {
  const lists: number[][] = tasks.map(() => [])
  tasks.forEach((task, index) => {
    for (const named of task[key]) lists[named]?.push(index)
  })
  return lists
}

/** All that needs a task, by way of others, too, of those that still wait; in order. */
function allThatNeed(
  index: number,
  needers: readonly (readonly number[])[],
  waiting: ReadonlySet<number>
): readonly number[] {
  const found = new Set<number>()
  const look = [index]
  for (let at = look.pop(); at !== undefined; at = look.pop()) {
    for (const needer of needers[at] ?? []) {
      if (!waiting.has(needer) || found.has(needer)) continue
      found.add(needer)
      look.push(needer)
    }
  }
  return [...found].sort((a, b) => a - b)
}

/**
 * Follows what tasks wait for.
 * @param lengths for each task what stands on it; see chainLengths
 */
export function waitingTasks(tasks: readonly Task[], lengths: readonly number[]): WaitingTasks {
  const needers = namers(tasks, 'needs')
  const followers = namers(tasks, 'after')
  const open = tasks.map(({ needs, after }) => needs.length + after.length)
  const waiting = new Set(tasks.keys())
  const lost = new Set<number>()
  const ready = readyQueue(lengths)
  for (const index of waiting) if (open[index] === 0) ready.add(index)

  const release = (indices: readonly number[] = []) => {
    for (const index of indices) {
      open[index] = (open[index] ?? 0) - 1
      if (open[index] === 0 && waiting.has(index)) ready.add(index)
    }
  }
  const block = (index: number): Blocked => {
    waiting.delete(index)
    lost.add(index)
    return { index, by: tasks[index]?.needs.find(need => lost.has(need)) as number }
  }
  const end = (index: number, outcome: TaskEnd) => {
    if (outcome === 'failed') lost.add(index)
    else release(needers[index])
    const blocked = lost.has(index) ? allThatNeed(index, needers, waiting).map(block) : []
    for (const at of [index, ...blocked.map(each => each.index)]) release(followers[at])
    return blocked
  }
  const longestAfter = (index: number): number =>
    [needers, followers]
      .flatMap(lists => lists[index] ?? [])
      .reduce((most, after) => Math.max(most, lengths[after] ?? 0), 0)
  const take: WaitingTasks['take'] = (most, ending = []) => {
    const shortest = Math.max(0, ...Array.from(ending, longestAfter))
    const taken = ready.take(most, shortest)
    for (const index of taken) waiting.delete(index)
    return taken
  }
  return { take, end, rest: () => [...waiting] }
}
