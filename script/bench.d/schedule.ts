/** A build as a schedule sees it. */
export interface Job {
  readonly id: string
  readonly seconds: number
  /** Ids of the jobs that have to be done before. */
  readonly after: readonly string[]
}

function remaining(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>()
  const byId = new Map(jobs.map(job => [job.id, job]))
  const users = new Map<string, Job[]>()
  for (const job of jobs) {
    for (const id of job.after) users.set(id, [...(users.get(id) ?? []), job])
  }
  const of = (id: string): number => {
    const seen = known.get(id)
    if (seen !== undefined) return seen
    const rest = Math.max(0, ...(users.get(id) ?? []).map(user => of(user.id)))
    const value = (byId.get(id)?.seconds ?? 0) + rest
    known.set(id, value)
    return value
  }
  for (const { id } of jobs) of(id)
  return known
}

/** Seconds of the longest way through jobs that wait for one another: nothing finishes earlier. */
export const criticalPath = (jobs: readonly Job[]): number =>
  Math.max(0, ...remaining(jobs).values())

/** Seconds below which no schedule can come: the longest way, or all the work over the places. */
export function lowerBound(jobs: readonly Job[], places: number): number {
  const work = jobs.reduce((sum, { seconds }) => sum + seconds, 0)
  return Math.max(criticalPath(jobs), work / places)
}

/**
 * Seconds that a list schedule takes which knows every time beforehand and starts the job with the
 * longest way before it first (R. L. Graham, Bounds on Multiprocessing Timing Anomalies, 1969).
 * @param places jobs that run at once
 */
export function idealSchedule(jobs: readonly Job[], places: number): number {
  const way = remaining(jobs)
  const done = new Map<string, number>()
  const free = Array.from({ length: places }, () => 0)
  const waiting = new Set(jobs)
  const readyAt = (job: Job) => Math.max(0, ...job.after.map(id => done.get(id) ?? 0))
  while (waiting.size > 0) {
    const place = free.indexOf(Math.min(...free))
    const open = [...waiting].filter(job => job.after.every(id => done.has(id)))
    const soonest = Math.max(free[place] ?? 0, Math.min(...open.map(readyAt)))
    const [next] = open
      .filter(job => readyAt(job) <= soonest)
      .sort((one, other) => (way.get(other.id) ?? 0) - (way.get(one.id) ?? 0))
    if (!next) throw new RangeError('jobs that wait for one another in a circle')
    const end = soonest + next.seconds
    free[place] = end
    done.set(next.id, end)
    waiting.delete(next)
  }
  return Math.max(0, ...done.values())
}
