import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Secret } from '../../../src/builders/secret-values.js'
import { isTelling } from '../../../src/builders/telling-value.js'
import { MASK, type Masker, openMasker } from '../../../src/report/masker.js'
import { base64Cores } from '../../../src/report/secret-needles.js'
import { WRITTEN } from '../../fixtures/canary.js'
import { processorTime } from '../../fixtures/processor-time.js'

const CANARY = `c4n"a'r$y %&<>\\/é+-${'=x9'}`

const secret = (value: string, name = 'NPM_TOKEN'): Secret => ({ name, value })

const masker = (...values: string[]) => openMasker(values.map(value => secret(value)))

/** A text that comes in pieces, masked; the memory of each piece holds something else afterwards. */
function streamed(mask: Masker, pieces: readonly Buffer[]): string {
  const stream = mask.stream()
  const shown = pieces.map(piece => {
    const memory = Buffer.from(piece)
    const copy = Buffer.concat(stream.write(memory))
    memory.fill('#')
    return copy
  })
  return Buffer.concat([...shown, ...stream.end()]).toString()
}

/** A text cut at some places. */
function cut(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text)
  const ends = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...ends, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end))
}

/** No asterisk: what a mask leaves may otherwise read as another secret. */
const NARROW = 'ab"\\\n $é/%+'.split('')
const narrow = fc.string({ unit: fc.constantFrom(...NARROW), minLength: 6, maxLength: 12 })
const wide = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 40 })
  .filter(text => !text.includes('*') && !/\p{Surrogate}/u.test(text))
const values = fc
  .oneof(narrow, wide)
  .map(text => text.replaceAll('\r', '').trim())
  .filter(isTelling)

describe('a masker', () => {
  it.each(Object.entries(WRITTEN))('masks a secret that is %s', (_, form) => {
    expect(masker(CANARY).text(`before ${form(CANARY)} after`)).toBe(`before ${MASK} after`)
  })

  it.each([0, 1, 2])('masks a secret in base64, %i bytes after a group of three', before => {
    const text = `${'x'.repeat(before)}${CANARY}\n`
    const encoded = Buffer.from(text).toString('base64')
    const shown = masker(CANARY).text(`auth: ${encoded}`)
    expect(shown).toContain(MASK)
    expect(shown.length).toBeLessThan(`auth: ${MASK}`.length + 8)
    const url = Buffer.from(text).toString('base64url')
    expect(masker(CANARY).text(`auth: ${url}`)).toContain(MASK)
  })

  it('masks a base64 text that stands on several lines', () => {
    const long = Array.from({ length: 40 }, (_, at) => `k3y-${at}!`).join('')
    const lines =
      Buffer.from(long)
        .toString('base64')
        .match(/.{1,76}/g) ?? []
    const shown = masker(long).text(lines.map(line => `    docker: ${line}\n`).join(''))
    expect(shown.replaceAll(/ {4}docker: \*\*\*=*\n/g, '')).toBe('')
  })

  it('masks a long secret as one, however much of it stands there', () => {
    const long = Array.from({ length: 200 }, (_, at) => `k3y-${at}!"`).join('')
    const mask = masker(long)
    expect(mask.text(`<${long}>`)).toBe(`<${MASK}>`)
    expect(mask.text(JSON.stringify([long]))).toBe(`["${MASK}"]`)
    expect(streamed(mask, cut(`<${long}>`, [1, 150, 151, 700]))).toBe(`<${MASK}>`)
    expect(mask.text(`<${long.slice(0, 600)}…`)).toBe(`<${MASK}…`)
    expect(mask.text(long.slice(500, 900)).length).toBeLessThan(2 * 128)
  })

  it('masks all of a secret that has few characters', () => {
    for (const long of ['a'.repeat(1_000), '-'.repeat(1_000), 'ab"\\'.repeat(300)]) {
      expect(masker(long).text(`<${long}>`)).toBe(`<${MASK}>`)
    }
  })

  const least = (mask: Masker, text: string) => processorTime(() => mask.text(text))

  it('looks at a text no longer for a longer secret', () => {
    const text = `${'a'.repeat(20_000)}b`
    const short = least(masker('a'.repeat(300)), text)
    expect(least(masker('a'.repeat(19_000)), text)).toBeLessThan(20 * short)
  })

  it('looks at a text no longer for more of them that begin alike', () => {
    const secrets = Array.from({ length: 4_000 }, (_, at) => `the-token-${at}-of-many`)
    const text = 'the-token-of-none '.repeat(1_000)
    const few = least(masker(...secrets.slice(0, 400)), text)
    expect(least(masker(...secrets), text)).toBeLessThan(4 * few)
  })

  it('looks at a text no longer for secrets of characters that are escaped in many ways', () => {
    const times = ['abcdefghij', '\\'.repeat(10)].map(part => {
      const long = part.repeat(10)
      return least(masker(long), long.repeat(30))
    })
    expect(times[1]).toBeLessThan(30 * (times[0] ?? 0))
  })

  it('gets ready for secrets of such characters in time that is bounded', () => {
    const timeOf = (alphabet: string) => {
      const secrets = Array.from({ length: 100 }, (_, at) =>
        Array.from({ length: 50 }, (_, place) => alphabet[(at * place * 7 + at + place) % 9]).join(
          ''
        )
      )
      return processorTime(() => masker(...secrets).text('x'))
    }
    expect(timeOf(`\\"'%& <>$`)).toBeLessThan(20 * timeOf('jklmnopqr'))
  })

  it('masks a secret of several lines whole, and each of its lines', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n-----END PRIVATE KEY-----'
    const mask = masker(`${key}\n`)
    expect(mask.text(`key: ${key}.`)).toBe(`key: ${MASK}.`)
    expect(mask.text(JSON.stringify({ key }))).toBe(`{"key":"${MASK}"}`)
    expect(mask.text('#7 0.1 MIIEvQIBADAN\n#7 0.1 BgkqhkiG9w0B')).toBe(
      `#7 0.1 ${MASK}\n#7 0.1 ${MASK}`
    )
    expect(mask.text('-----BEGIN PRIVATE KEY-----')).toBe('-----BEGIN PRIVATE KEY-----')
  })

  it('masks the lines of a secret whose line ends are written as \\n', () => {
    const mask = masker('first-line\\nsecond-line')
    expect(mask.text('first-line\nsecond-line, second-line')).toBe(`${MASK}, ${MASK}`)
    expect(mask.text('first-line\\nsecond-line')).toBe(MASK)
  })

  it('masks what two secrets cover together', () => {
    expect(masker('abcdef-1', 'def-1ghi').text('<abcdef-1ghi>')).toBe(`<${MASK}>`)
    expect(masker('abcdefgh', 'cdefghij', 'efghij').text('abcdefghij')).toBe(MASK)
  })

  it('masks what two secrets cover together where a piece ends with the first', () => {
    const pieces = ['<abcdef-1', 'ghi>'].map(piece => Buffer.from(piece))
    expect(streamed(masker('abcdef-1', 'def-1ghi'), pieces)).toBe(`<${MASK}>`)
  })

  it('masks a secret of a letter or a common word only as the value of its argument', () => {
    const mask = openMasker([secret('x', 'PIN'), secret('postgres', 'DB_PASSWORD')])
    const log = '$ docker build --build-arg PIN=x --build-arg DB_PASSWORD=postgres -f x .\n'
    expect(mask.text(log)).toBe(
      `$ docker build --build-arg PIN=${MASK} --build-arg DB_PASSWORD=${MASK} -f x .\n`
    )
    expect(mask.text('{"PIN": "x", "x": 1} PIN=xy x postgres:15')).toBe(
      `{"PIN": "${MASK}", "x": 1} PIN=xy x postgres:15`
    )
  })

  it('masks what a message has left of a secret that it cut off', () => {
    expect(masker('correct horse').text('found `correct ho…`')).toBe(`found \`${MASK}…\``)
    expect(masker('correct horse').text('a cor… b corr')).toBe('a cor… b corr')
  })

  it('shows at once what cannot be the beginning of a secret', () => {
    const stream = masker('secret-42').stream()
    const write = (text: string) => Buffer.concat(stream.write(Buffer.from(text))).toString()
    expect(write('what? [y/n] ')).toBe('what? [y/n] ')
    expect(write('se')).toBe('')
    expect(write('t ')).toBe('set ')
    expect(write('secret-4')).toBe('')
    expect(write('2!')).toBe(`${MASK}!`)
  })

  it('leaves bytes that are no text as they are', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x80])
    const stream = masker('secret-42').stream()
    expect(Buffer.concat([...stream.write(bytes), ...stream.end()])).toEqual(bytes)
  })

  it('leaves a text without secrets as it is, whatever the secrets are', () => {
    const letterless = fc.string({ unit: fc.constantFrom(...'.,;:!? \n\t0') })
    fc.assert(
      fc.property(fc.array(values, { maxLength: 4 }), letterless, (secrets, text) => {
        const lettered = secrets.map(each => `${each}a`)
        expect(masker(...lettered).text(text)).toBe(text)
      })
    )
  })

  it('masks a text alike however it is cut', () => {
    const pieces = fc.array(
      fc.oneof(fc.string(), fc.constantFrom(...NARROW), fc.nat({ max: 99 })),
      {
        maxLength: 12
      }
    )
    const forms = Object.values(WRITTEN)
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        pieces,
        fc.array(fc.nat(), { maxLength: 20 }),
        (secrets, parts, places) => {
          const texts = parts.map(part => {
            if (typeof part === 'string') return part
            const text = secrets[part % secrets.length] ?? ''
            const form = forms[part % forms.length] ?? String
            return part % 7 === 0 ? text.slice(0, text.length / 2) : form(text)
          })
          const text = texts.join('')
          const mask = masker(...secrets)
          const whole = Buffer.from(mask.text(text)).toString()
          expect(streamed(mask, cut(text, places))).toBe(whole)
          expect(
            streamed(
              mask,
              [...Buffer.from(text)].map(byte => Buffer.of(byte))
            )
          ).toBe(whole)
        }
      )
    )
  })

  it('leaves no form of any secret in any text', () => {
    fc.assert(
      fc.property(
        fc.array(values, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.constantFrom(...Object.values(WRITTEN)),
        (secrets, between, form) => {
          const text = secrets.map(form).join(between)
          const shown = masker(...secrets).text(`${between}${text}${between}`)
          for (const each of secrets) {
            for (const other of Object.values(WRITTEN)) expect(shown).not.toContain(other(each))
          }
        }
      )
    )
  })

  it('masks secrets that can be read in too many ways, alike however a text is cut', () => {
    const escapable = fc.string({
      unit: fc.constantFrom(...`\\\\\\"' +%&`),
      minLength: 30,
      maxLength: 128
    })
    const secrets = fc.array(
      escapable.map(text => `${text}a`.trim()),
      { minLength: 1, maxLength: 6 }
    )
    const forms = fc.constantFrom(...Object.values(WRITTEN))
    fc.assert(
      fc.property(secrets, forms, fc.array(fc.nat(), { maxLength: 20 }), (list, form, places) => {
        const text = list.map(each => `${form(each)}!"${'\\'.repeat(150)}`).join('a! b')
        const mask = masker(...list)
        const whole = mask.text(text)
        for (const each of list) {
          for (const other of Object.values(WRITTEN)) expect(whole).not.toContain(other(each))
        }
        expect(streamed(mask, cut(text, places))).toBe(whole)
        expect(streamed(mask, cut(text, [...Buffer.from(text).keys()]))).toBe(whole)
      }),
      { numRuns: 40 }
    )
  })

  it('shows again what follows a secret that can be read in too many ways', () => {
    const long = '\\'.repeat(100)
    const text = `<${long}> and <${long}>`
    expect(masker(long).text(text)).toBe(`<${MASK}> and <${MASK}>`)
    expect(streamed(masker(long), cut(text, [30, 90, 95, 101, 102]))).toBe(
      `<${MASK}> and <${MASK}>`
    )
  })

  it('leaves nothing of a secret in base64, wherever in a longer text that is encoded', () => {
    fc.assert(
      fc.property(values, fc.string(), fc.string(), (value, before, after) => {
        const encoded = Buffer.from(before + value + after).toString('base64')
        const shown = masker(value).text(encoded)
        const long = base64Cores(value).filter(core => core.length >= 6)
        for (const core of long) expect(shown).not.toContain(core)
        expect(shown).toContain(MASK)
      })
    )
  })

  it('holds back no more than the longest form of a secret', () => {
    const stream = masker('aaaaaaab').stream()
    let held = 0
    for (let at = 0; at < 10_000; at += 1) {
      held += 1
      for (const piece of stream.write(Buffer.from('a'))) held -= piece.length
      expect(held).toBeLessThan(8)
    }
  })
})
