import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linearScale, logScale } from '../../../script/bench.d/plots/scale.js'

const positive = fc.double({ min: 1e-3, max: 1e6, noNaN: true })

describe('a linear scale', () => {
  it('has every value up to the most between its ends, and a few lines', () => {
    fc.assert(
      fc.property(positive, fc.double({ min: 0, max: 1, noNaN: true }), (most, part) => {
        const { at, ticks } = linearScale(most, [100, 500])
        const place = at(most * part)
        expect(place).toBeGreaterThanOrEqual(100)
        expect(place).toBeLessThanOrEqual(500.001)
        expect(ticks.length).toBeGreaterThan(3)
        expect(ticks.length).toBeLessThan(11)
      })
    )
  })
})

describe('a logarithmic scale', () => {
  it('has all values between its ends, which are powers of ten', () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), values => {
        const { at, ticks } = logScale(values, [0, 1])
        for (const value of values) {
          expect(at(value)).toBeGreaterThan(-0.001)
          expect(at(value)).toBeLessThan(1.001)
        }
        expect(at(ticks[0] ?? 0)).toBeCloseTo(0)
        expect(at(ticks.at(-1) ?? 0)).toBeCloseTo(1)
      })
    )
  })
})
