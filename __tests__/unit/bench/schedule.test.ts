import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  criticalPath,
  idealSchedule,
  type Job,
  lowerBound
} from '../../../script/bench.d/schedule.js'

const job = (id: string, seconds: number, ...after: string[]): Job => ({ id, seconds, after })

const CHAINS = [job('a', 3), job('b', 1), job('c', 2, 'a'), job('d', 1, 'b'), job('e', 1, 'd')]

/** Jobs each of which waits for some before it. */
const jobs = fc
  .array(fc.record({ seconds: fc.integer({ min: 1, max: 20 }), picks: fc.array(fc.nat(9)) }), {
    minLength: 1,
    maxLength: 10
  })
  .map(rows =>
    rows.map(({ seconds, picks }, at) =>
      job(String(at), seconds, ...picks.filter(pick => pick < at).map(String))
    )
  )

describe('the critical path', () => {
  it('is the longest way through jobs that wait for one another', () => {
    expect(criticalPath(CHAINS)).toBe(5)
    expect(criticalPath([])).toBe(0)
  })
})

describe('the lower bound', () => {
  it('is the work over the places where that is more than the critical path', () => {
    expect(lowerBound(CHAINS, 1)).toBe(8)
    expect(lowerBound(CHAINS, 2)).toBe(5)
  })
})

describe('the ideal schedule', () => {
  it('starts the job with the longest way before it first', () => {
    const row = [job('short', 1), job('other', 1), job('long', 2), job('end', 2, 'long')]
    expect(idealSchedule(row, 2)).toBe(4)
  })

  it('takes all the time on one place, and the critical path where there are places for all', () => {
    fc.assert(
      fc.property(jobs, all => {
        expect(idealSchedule(all, 1)).toBe(all.reduce((sum, { seconds }) => sum + seconds, 0))
        expect(idealSchedule(all, all.length)).toBe(criticalPath(all))
      })
    )
  })

  it('is never shorter than the lower bound, and never twice as long', () => {
    fc.assert(
      fc.property(jobs, fc.integer({ min: 1, max: 6 }), (all, places) => {
        const seconds = idealSchedule(all, places)
        expect(seconds).toBeGreaterThanOrEqual(lowerBound(all, places) - 1e-9)
        expect(seconds).toBeLessThan(2 * lowerBound(all, places) + 1e-9)
      })
    )
  })

  it('refuses jobs that wait for one another in a circle', () => {
    expect(() => idealSchedule([job('a', 1, 'b'), job('b', 1, 'a')], 1)).toThrow(RangeError)
  })
})
