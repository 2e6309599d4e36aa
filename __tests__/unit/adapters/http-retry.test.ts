import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoff, mayPass, parseRetryAfter } from '../../../src/adapters/http-retry.js'

const HALF = () => 0.5

describe('the pause before another attempt', () => {
  it('doubles', () => {
    expect([1, 2, 3, 4].map(failures => backoff(failures, () => 1))).toEqual([
      500, 1000, 2000, 4000
    ])
  })

  it('is never less than half of its ceiling nor more than 15 seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (n, r) => {
          const delay = backoff(n, () => r)
          expect(delay).toBeLessThanOrEqual(15_000)
          expect(delay).toBeGreaterThanOrEqual(250)
          expect(delay).toBeGreaterThanOrEqual(backoff(n, () => 0))
        }
      )
    )
    expect(backoff(1, HALF)).toBe(375)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')

  it.each([
    ['3', 3000],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:00:05 GMT', 5000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['86400', 120_000],
    ['soon', undefined],
    [undefined, undefined]
  ])('of %j is %s ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected)
  })
})

describe('a failed connection', () => {
  it('is tried again unless a certificate was refused, however deep that lies', () => {
    const coded = (code: string, cause?: Error) =>
      Object.assign(new Error(code, { cause }), { code })
    expect(mayPass(coded('ECONNRESET'))).toBe(true)
    expect(mayPass(coded('UND_ERR_SOCKET'))).toBe(true)
    expect(mayPass(new Error('outer', { cause: coded('DEPTH_ZERO_SELF_SIGNED_CERT') }))).toBe(false)
    expect(mayPass(coded('CERT_HAS_EXPIRED'))).toBe(false)
  })
})
