import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countText, groupDigits } from '../../../src/report/quantity-text.js'

it('groups the digits of a number as English does', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), count => {
      expect(groupDigits(count)).toBe(count.toLocaleString('en-US'))
    })
  )
})

it('counts one thing in the singular, and none or several in the plural', () => {
  expect([0, 1, 2, 10_000].map(count => countText(count, 'image'))).toEqual([
    '0 images',
    '1 image',
    '2 images',
    '10,000 images'
  ])
})
