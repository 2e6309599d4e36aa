import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomWord } from '../../../src/adapters/random.js'

describe('a random word', () => {
  it('has two lower-case hexadecimal digits for each byte', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), bytes => {
        expect(randomWord(bytes)).toMatch(new RegExp(`^[0-9a-f]{${2 * bytes}}$`))
      })
    )
  })

  it('is another one each time, and every digit comes about as often', () => {
    const words = Array.from({ length: 1000 }, () => randomWord(16))
    expect(new Set(words).size).toBe(1000)
    const counts = new Map<string, number>()
    for (const digit of words.join('')) counts.set(digit, (counts.get(digit) ?? 0) + 1)
    // 32,000 digits, so 2,000 of each: 300 more or less are seven standard deviations.
    for (const digit of '0123456789abcdef') {
      expect(counts.get(digit)).toBeGreaterThan(1700)
      expect(counts.get(digit)).toBeLessThan(2300)
    }
  })
})
