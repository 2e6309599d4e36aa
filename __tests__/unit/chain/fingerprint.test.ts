import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashOf, hashOfAll } from '../../../src/chain/fingerprint.js'
import { sha256 } from '../../../src/chain/node-crypto.js'

/** As records that are kept were made. */
const streamed = (...pieces: readonly (string | Uint8Array)[]) => {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

it('hashes bytes and texts as a stream does, halves of pairs among them', () => {
  const content = fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }), fc.constant('\ud800x'))
  const property = fc.property(content, each => {
    expect(sha256(each)).toBe(streamed(each))
  })
  fc.assert(property)
})

it('hashes a text and its bytes alike', () => {
  const text = fc.string({ unit: 'grapheme' })
  const property = fc.property(text, each => {
    expect(hashOf(each)).toBe(hashOf(Buffer.from(each)))
  })
  fc.assert(property)
})

it.each([
  ['none', []],
  ['one', ['a']],
  ['few', ['a', '', 'bc']],
  [
    'so many that they are hashed piece by piece',
    Array.from({ length: 40_000 }, (_, at) => `${at}`)
  ]
])('hashes %s of many texts, each after its length', (_, texts) => {
  expect(hashOfAll(texts)).toBe(streamed(texts.map(each => `${each.length}:${each}`).join('')))
})
