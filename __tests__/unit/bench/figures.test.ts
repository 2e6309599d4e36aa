import { describe, expect, it } from 'vitest'
import {
  type FigureHead,
  makeFigure,
  missedBars,
  oursAtMost,
  ratioAtLeast
} from '../../../script/bench.d/figures.js'
import { benchFigure } from '../../fixtures/bench-figure.js'

const head = (some: Partial<FigureHead> = {}): FigureHead => ({
  ...benchFigure(),
  bars: [],
  ...some
})

describe('a figure', () => {
  it('is the median of the ratios of each round, not the ratio of the medians', () => {
    const { ratio, ours, theirs } = makeFigure(head(), [2, 40, 6], [1, 10, 6])
    expect(ratio).toMatchObject({ median: 2, least: 1, most: 4, runs: 3 })
    expect([ours, theirs]).toEqual([6, 6])
  })

  it('of a gain is how many times faster we are', () => {
    const gain = makeFigure(head({ kind: 'gain', bars: [ratioAtLeast(25)] }), [1], [30])
    expect(gain.ratio.median).toBe(30)
    expect(missedBars(gain)).toEqual([])
  })

  it('misses a bar of its ratio or of what was measured, and reaches one that it meets exactly', () => {
    const bars = [ratioAtLeast(31), ratioAtLeast(30), oursAtMost(1), oursAtMost(0.5)]
    const gain = makeFigure(head({ kind: 'gain', bars }), [1], [30])
    expect(missedBars(gain)).toEqual([ratioAtLeast(31), oursAtMost(0.5)])
  })
})
