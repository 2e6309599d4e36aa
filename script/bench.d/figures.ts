import { median, ratios, rounded, type Spread, spreadOf } from './statistics.js'

/** The groups of figures, in the order in which they are taken. */
export const GROUPS = [
  'start',
  'unchanged',
  'chains',
  'growth',
  'versions',
  'overhead',
  'stores',
  'size'
] as const
export type GroupName = (typeof GROUPS)[number]

/** Sizes of files are told in powers of ten, memory in powers of two. */
export type Unit = 'seconds' | 'bytes' | 'memory'

/** What a figure has to reach: of its ratio, or of what was measured of build-chain itself. */
export interface Bar {
  readonly of: 'ratio' | 'ours'
  readonly way: 'at most' | 'at least'
  readonly limit: number
}

/** One comparison: build-chain and something else, measured in turns. */
export interface Figure {
  readonly id: string
  readonly group: GroupName
  /** What is measured, and against what, in words. */
  readonly name: string
  readonly against: string
  readonly unit: Unit
  /** `cost` is ours over theirs, so that less is better; `gain` is theirs over ours. */
  readonly kind: 'cost' | 'gain'
  /** Medians, in the unit. */
  readonly ours: number
  readonly theirs: number
  readonly ratio: Spread
  readonly bars: readonly Bar[]
}

/** What is known of a figure before it is measured. */
export type FigureHead = Omit<Figure, 'ours' | 'theirs' | 'ratio'>

const roundedSpread = (spread: Spread): Spread => ({
  median: rounded(spread.median),
  least: rounded(spread.least),
  lower: rounded(spread.lower),
  upper: rounded(spread.upper),
  most: rounded(spread.most),
  runs: spread.runs
})

/**
 * A figure of what was measured in turns.
 * @param ours in the unit, as many as `theirs`, in the order of the rounds
 * @throws RangeError where a measurement has no other
 */
export function makeFigure(
  head: FigureHead,
  ours: readonly number[],
  theirs: readonly number[]
): Figure {
  const each = head.kind === 'cost' ? ratios(ours, theirs) : ratios(theirs, ours)
  return {
    ...head,
    ours: rounded(median(ours)),
    theirs: rounded(median(theirs)),
    ratio: roundedSpread(spreadOf(each))
  }
}

/** What a bar is about. */
export const barValue = (figure: Figure, bar: Bar): number =>
  bar.of === 'ratio' ? figure.ratio.median : figure.ours

/** Whether a figure reaches a bar. */
export function meets(figure: Figure, bar: Bar): boolean {
  const value = barValue(figure, bar)
  return bar.way === 'at most' ? value <= bar.limit : value >= bar.limit
}

/** The bars that a figure does not reach. */
export const missedBars = (figure: Figure): readonly Bar[] =>
  figure.bars.filter(bar => !meets(figure, bar))

export const ratioAtMost = (limit: number): Bar => ({ of: 'ratio', way: 'at most', limit })
export const ratioAtLeast = (limit: number): Bar => ({ of: 'ratio', way: 'at least', limit })
export const oursAtMost = (limit: number): Bar => ({ of: 'ours', way: 'at most', limit })
