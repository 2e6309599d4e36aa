import type { Bench } from './bench.js'
import type { FigureHead } from './figures.js'
import { ratioAtMost } from './figures.js'
import type { SeriesPoint } from './results.js'
import { median } from './statistics.js'

/** What was measured at some size. */
export interface Sample {
  readonly x: number
  readonly seconds: readonly number[]
  readonly bytes?: readonly number[] | undefined
}

/** The medians of samples, for a series. */
export const pointsOf = (samples: readonly Sample[]): SeriesPoint[] =>
  samples.map(({ x, seconds, bytes }) => ({
    x,
    seconds: median(seconds),
    bytes: bytes && bytes.length > 0 ? median(bytes) : undefined
  }))

/** How much worse than linear a growth may be measured. */
const LINEAR = 1.25

/**
 * What one more costs between two sizes, in each round.
 * @param values at the smaller and at the larger size, by round
 */
function slope(
  { x: fewer }: Sample,
  { x: more }: Sample,
  values: readonly [readonly number[], readonly number[]]
): number[] {
  const [low, high] = values
  return high.map((value, round) => (value - (low[round] ?? 0)) / (more - fewer))
}

/**
 * Keeps as a figure that what one more costs is the same at the largest sizes as at smaller ones.
 * @param samples at three sizes, each larger than the one before
 */
export function addLinear(
  bench: Bench,
  head: Pick<FigureHead, 'id' | 'name' | 'unit'>,
  samples: readonly Sample[]
): void {
  const [small, middle, large] = samples.slice(-3)
  if (!small || !middle || !large) return
  const of = ({ seconds, bytes }: Sample) => (head.unit === 'memory' ? (bytes ?? []) : seconds)
  bench.add(
    {
      ...head,
      against: `one more between ${small.x.toLocaleString('en-US')} and ${middle.x.toLocaleString('en-US')}`,
      kind: 'cost',
      bars: [ratioAtMost(LINEAR)]
    },
    slope(middle, large, [of(middle), of(large)]),
    slope(small, middle, [of(small), of(middle)])
  )
}
