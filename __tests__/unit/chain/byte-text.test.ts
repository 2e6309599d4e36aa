import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOfText, hasLoneBytes, textOfBytes } from '../../../src/chain/byte-text.js'

describe('text of bytes', () => {
  it.each([
    ['plain', Buffer.from('café'), 'café', false],
    ['a byte that is no UTF-8', Buffer.from([0x61, 0xe9]), 'a\udce9', true],
    ['the character that stands for unreadable ones', Buffer.from('a\ufffd'), 'a\ufffd', false],
    ['a sequence that is cut short', Buffer.from([0xe2, 0x82]), '\udce2\udc82', true],
    ['more than one plane', Buffer.from('😀'), '😀', false]
  ])('is right for %s', (_, bytes, text, isLone) => {
    expect(textOfBytes(bytes)).toBe(text)
    expect(hasLoneBytes(text)).toBe(isLone)
  })

  it('gives the same bytes back, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect([...bytesOfText(textOfBytes(bytes))]).toEqual([...bytes])
      })
    )
  })
})
