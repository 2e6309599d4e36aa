import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareHashes, expectedHash, parseSums } from '../../../src/packer/verify.js'

const hash = fc.stringMatching(/^[0-9a-f]{64}$/)
const name = fc.stringMatching(/^[\w.+-]{1,40}$/)

describe('a sums file', () => {
  it('gives back what sha256sum would write, with either line end and either mode', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, hash), { selector: ([file]) => file }),
        fc.constantFrom('\n', '\r\n'),
        fc.constantFrom('  ', ' *'),
        (entries, end, mode) => {
          const text = entries.map(([file, sum]) => `${sum}${mode}${file}${end}`).join('')
          expect([...parseSums(text)]).toEqual(entries)
        }
      )
    )
  })

  it('never gives a hash that does not stand on the line of that very name', () => {
    fc.assert(
      fc.property(fc.string(), name, (text, file) => {
        const found = parseSums(text).get(file)
        if (found !== undefined) expect(text.toLowerCase()).toContain(found)
      })
    )
  })

  it('says nothing of a name that stands there with two hashes', () => {
    const text = `${'a'.repeat(64)}  x.zip\n${'b'.repeat(64)}  x.zip\n`
    expect(parseSums(text).has('x.zip')).toBe(false)
  })

  it('that does not name the archive is refused', () => {
    const text = `${'a'.repeat(64)}  ../x.zip\n${'a'.repeat(64)}  x.zip.txt\n`
    expect(() => expectedHash(text, 'SUMS', 'x.zip')).toThrow('SUMS does not name x.zip')
  })
})

describe('a wrong hash', () => {
  it('is told together with the right one', () => {
    expect(() => compareHashes('x.zip', 'aa', 'bb')).toThrow(
      'x.zip has the wrong hash: sha256 aa, its signed sums say bb'
    )
  })
})
