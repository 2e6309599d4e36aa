import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, quantile, ratios, spreadOf } from '../../../script/bench.d/statistics.js'

const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 })

describe('a quantile', () => {
  it('is what R and NumPy give by default', () => {
    expect(quantile([4, 1, 3, 2], 0.25)).toBe(1.75)
    expect(median([9, 1, 5])).toBe(5)
    expect(median([1, 2])).toBe(1.5)
  })

  it('leaves the values as they are, whatever their order', () => {
    fc.assert(
      fc.property(values, all => {
        const before = [...all]
        expect(median(all)).toBe(median([...all].reverse()))
        expect(all).toEqual(before)
      })
    )
  })

  it('of nothing is an error', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('a spread', () => {
  it('has its parts in order, and all values between its ends', () => {
    fc.assert(
      fc.property(values, all => {
        const { least, lower, median: middle, upper, most, runs } = spreadOf(all)
        const parts = [least, lower, middle, upper, most]
        expect(parts).toEqual([...parts].sort((one, other) => one - other))
        expect([least, most, runs]).toEqual([Math.min(...all), Math.max(...all), all.length])
      })
    )
  })
})

describe('ratios', () => {
  it('are of what stands beside one another', () => {
    expect(ratios([2, 9], [1, 3])).toEqual([2, 3])
  })

  it('need as many of one as of the other', () => {
    expect(() => ratios([1, 2], [1])).toThrow(RangeError)
  })
})
