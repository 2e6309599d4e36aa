import type { Row } from './row.js'

/** When one image was being built. */
export interface Bar {
  readonly row: Row
  /** Seconds after the first build began. */
  readonly start: number
  readonly end: number
  /** Number of a lane in which nothing else runs at that time, from 0. */
  readonly lane: number
}

/** A run over time. */
export interface Waterfall {
  /** In the order in which they began. */
  readonly bars: readonly Bar[]
  /** Seconds from the first beginning to the last end. */
  readonly total: number
  /** When the first build began, seconds since the epoch. */
  readonly startedAt: number
}

/** Puts what was built in order of time, and each image into the lowest lane that is free. */
export function waterfall(rows: readonly Row[]): Waterfall | undefined {
  const built = rows
    .flatMap(row => {
      const { attempts } = row
      const [first, last] = [attempts[0], attempts.at(-1)]
      if (!first || !last) return []
      return [{ row, from: first.startedAt, to: last.startedAt + last.seconds }]
    })
    .sort((one, other) => one.from - other.from)
  const [first] = built
  if (!first) return undefined
  const ends: number[] = []
  const bars = built.map(({ row, from, to }) => {
    const free = ends.findIndex(end => end <= from)
    const lane = free < 0 ? ends.length : free
    ends[lane] = to
    return { row, start: from - first.from, end: to - first.from, lane }
  })
  const total = bars.reduce((most, { end }) => Math.max(most, end), 0)
  return { bars, total, startedAt: first.from }
}

/** The bars that matter most: failures, then the longest; in the order in which they began. */
export function mainBars(bars: readonly Bar[], most: number): readonly Bar[] {
  if (bars.length <= most) return bars
  const rank = ({ row, start, end }: Bar) => (row.state === 'failed' ? Infinity : end - start)
  const kept = new Set([...bars].sort((one, other) => rank(other) - rank(one)).slice(0, most))
  return bars.filter(bar => kept.has(bar))
}
