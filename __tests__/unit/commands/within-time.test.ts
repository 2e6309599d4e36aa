import { describe, expect, it } from 'vitest'
import { withinTime } from '../../../src/commands/within-time.js'

describe('work that may take for ever', () => {
  it('gives what it gives, and throws what it throws', () => {
    expect(withinTime(() => ['x'], 1_000)).toEqual(['x'])
    expect(() =>
      withinTime(() => {
        throw new TypeError('no')
      }, 1_000)
    ).toThrow(TypeError)
  })

  it('is ended, a regular expression that goes back too', () => {
    const evil = /^(?:[^/]*?a[^/]*?a[^/]*?a[^/]*?a[^/]*?a[^/]*?a[^/]*?b)$/
    expect(withinTime(() => evil.test('a'.repeat(250)), 50)).toBeUndefined()
    expect(
      withinTime(() => {
        for (;;);
      }, 50)
    ).toBeUndefined()
  })
})
