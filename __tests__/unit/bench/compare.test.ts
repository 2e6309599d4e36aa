import { describe, expect, it } from 'vitest'
import { betterOf, findRegressions } from '../../../script/bench.d/compare.js'
import { benchFigure } from '../../fixtures/bench-figure.js'

const cost = (median: number) => benchFigure({ median })
const gain = (median: number) => benchFigure({ median, kind: 'gain' })

describe('a figure', () => {
  it.each([
    ['a cost that is a quarter more', cost(1.25), cost(1), 0],
    ['a cost that is more than that', cost(1.26), cost(1), 1],
    ['a cost that is less', cost(0.1), cost(1), 0],
    ['a gain that is a quarter down', gain(80), gain(100), 0],
    ['a gain that is less than that', gain(79), gain(100), 1],
    ['a gain that is more', gain(1000), gain(100), 0]
  ])('with %s is worse in as many places: %#', (_, now, committed, count) => {
    expect(findRegressions([now], [committed])).toHaveLength(count)
  })

  it('that is not committed cannot be worse', () => {
    expect(findRegressions([cost(9)], [benchFigure({ id: 'another' })])).toEqual([])
  })

  it('that was measured twice counts by the better of the two', () => {
    expect(betterOf(cost(2), cost(1)).ratio.median).toBe(1)
    expect(betterOf(gain(2), gain(1)).ratio.median).toBe(2)
  })
})
