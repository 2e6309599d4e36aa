import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChainError } from '../../../src/errors.js'
import { parseManifest } from '../../../src/manifest/read.js'
import { problemsOf, resolveText } from './resolve-text.js'

const parse = (text: string, path = 'IMAGES.yaml') => parseManifest(Buffer.from(text), path)

describe('YAML', () => {
  test.each(['a.yaml', 'a.yml', 'A.YML'])('is what a file named %s holds', async path => {
    expect((await parse('a: b', path)).value).toEqual({ a: 'b' })
  })

  test('gives the place of every value and key', async () => {
    const document = await parse('# c\nimages:\n  - tag: a\n    "tags": [b, \'c\']\n    name:\n')
    expect(document.positionOf(['images'], 'key')).toEqual({ line: 2, column: 1 })
    expect(document.positionOf(['images', 0])).toEqual({ line: 3, column: 5 })
    expect(document.positionOf(['images', 0, 'tag'])).toEqual({ line: 3, column: 10 })
    expect(document.positionOf(['images', 0, 'tags'], 'key')).toEqual({ line: 4, column: 5 })
    expect(document.positionOf(['images', 0, 'tags', 1])).toEqual({ line: 4, column: 17 })
    expect(document.positionOf(['images', 0, 'name'])).toEqual({ line: 5, column: 5 })
  })

  test('has the booleans of YAML 1.2 only, and dates as text', async () => {
    const { value } = await parse('[true, yes, on, 2024-01-01, 1_000, 0o17]')
    expect(value).toEqual([true, 'yes', 'on', '2024-01-01', '1_000', 15])
  })

  test('has merge keys and aliases, with places in what they name', async () => {
    const document = await parse(
      'x-a: &a\n  push: false\nimages:\n  - <<: *a\n    tag: b\n  - *a\n'
    )
    expect(document.value).toMatchObject({ images: [{ push: false, tag: 'b' }, { push: false }] })
    expect(document.positionOf(['images', 0, 'push'])).toEqual({ line: 2, column: 9 })
    expect(document.positionOf(['images', 1, 'push'])).toEqual({ line: 2, column: 9 })
  })

  test('reports every field that a mapping has twice', async () => {
    expect(await problemsOf(parse('a: 1\nb: {c: 1, "c": 2}\na: 2'))).toEqual([
      'IMAGES.yaml:2:11: found the field `c` a second time, expected it once',
      'IMAGES.yaml:3:1: found the field `a` a second time, expected it once'
    ])
  })

  test.each([
    ['a: 1\n---\nb: 2', '3:1: found a second YAML document, expected one'],
    ['a: !b c', '1:4: found unknown scalar tag `!b`, expected plain YAML'],
    ['a: *b', '1:5: found YAML that cannot be read: unidentified alias "b"'],
    [
      'a:\n\t- b',
      '2:1: found YAML that cannot be read: tab characters must not be used in indentation'
    ],
    [
      '? [a]\n: b',
      '1:1: found YAML that cannot be read: object-based map does not support complex keys'
    ],
    ['a: "\0"', '1:5: found a NUL character, expected text']
  ])('is refused where it is no manifest: %j', async (text, problem) => {
    expect(await problemsOf(parse(text))).toEqual([`IMAGES.yaml:${problem}`])
  })

  test('needs quotes around a version that it would take for a number', async () => {
    const text = 'images:\n  - tag: 1.10\n    version: 2024\n    matrix:\n      v: [1.10]'
    expect(await problemsOf(resolveText(text, { path: 'IMAGES.yaml' }))).toEqual([
      'IMAGES.yaml:2:10: expected a string, found the number 1.1: put it in quotes (as a number, 1.10 is 1.1)',
      'IMAGES.yaml:3:14: expected a string, found the number 2024: put it in quotes (as a number, 1.10 is 1.1)',
      'IMAGES.yaml:5:11: expected a string, found the number 1.1: put it in quotes (as a number, 1.10 is 1.1)'
    ])
  })
})

describe('YAML that would never end', () => {
  const resolve = (text: string) => resolveText(text, { path: 'IMAGES.yaml' })

  test('is refused, or works, where a value holds itself', async () => {
    expect(await problemsOf(resolve('images: &a [*a]'))).toEqual([
      'IMAGES.yaml:1:12: expected an image, as a map of fields, found a list'
    ])
    expect(await problemsOf(resolve('images:\n- tag: a:1\n  tags: &t [*t]'))).toEqual([
      'IMAGES.yaml:3:12: expected a string, found a list'
    ])
    expect((await resolve('images:\n- &a\n  tag: a:1\n  x-a: *a')).images).toHaveLength(1)
  })

  test('works where aliases name aliases thirty levels deep', async () => {
    const lines = ['x-0: &a0 [x]']
    for (let i = 1; i < 30; i++) lines.push(`x-${i}: &a${i} [${`*a${i - 1}, `.repeat(10)}]`)
    expect((await resolve(`${lines.join('\n')}\nimages: []`)).images).toEqual([])
  })

  test('is refused where merge keys multiply', async () => {
    const many = Array.from({ length: 1100 }, (_, index) => `k${index}: 1`).join(', ')
    const text = `x-a: &a {${many}}\nx-b:\n${' - <<: *a\n'.repeat(1000)}images: []`
    expect((await problemsOf(resolve(text)))[0]).toMatch(
      /^IMAGES.yaml:\d+:4: found YAML that cannot be read: merge keys exceeded/
    )
  })

  test.each([
    ['flow', '['.repeat(10_000)],
    ['block', '- '.repeat(10_000)]
  ])('is refused where it is nested 10,000 deep, in %s style', async (_, text) => {
    expect((await problemsOf(parse(text)))[0]).toMatch(
      /: found nesting deeper than 100 levels, expected a manifest$/
    )
  })
})

describe('any text', () => {
  const yamlish = fc.string({ unit: fc.constantFrom(...'ab:-[]{}?&*!|>\'"%# \n\t,<~1') })

  test('is read as YAML or refused with a ChainError', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(yamlish, fc.string()), async text => {
        await resolveText(text, { path: 'IMAGES.yaml' }).catch((error: unknown) => {
          if (!(error instanceof ChainError)) throw error
        })
      }),
      { numRuns: 2000 }
    )
  })

  test('that is JSON means the same as YAML', async () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.boolean(), fc.nat()))
    await fc.assert(
      fc.asyncProperty(value, async expected => {
        expect((await parse(JSON.stringify(expected, null, 1))).value).toEqual(expected)
      })
    )
  })
})
