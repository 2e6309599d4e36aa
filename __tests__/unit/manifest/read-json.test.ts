import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ChainError } from '../../../src/errors.js'
import { parseManifest } from '../../../src/manifest/read.js'
import { problemsOf } from './resolve-text.js'

const parse = (text: string | Uint8Array, path = 'IMAGES.json') =>
  parseManifest(typeof text === 'string' ? Buffer.from(text) : text, path)

describe('plain JSON', () => {
  test('gives the place of every value and key', async () => {
    const document = await parse(
      '{\n  "images": [\n    {"tag": "a", "\\u0074ags": ["b", "c"]}\n  ]\n}'
    )
    expect(document.positionOf([])).toEqual({ line: 1, column: 1 })
    expect(document.positionOf(['images', 0])).toEqual({ line: 3, column: 5 })
    expect(document.positionOf(['images', 0, 'tag'])).toEqual({ line: 3, column: 13 })
    expect(document.positionOf(['images', 0, 'tag'], 'key')).toEqual({ line: 3, column: 6 })
    expect(document.positionOf(['images', 0, 'tags', 1])).toEqual({ line: 3, column: 37 })
  })

  test('gives the place of what holds a value that is not there', async () => {
    const document = await parse('{\n "images": [{}]}')
    expect(document.positionOf(['images', 0, 'tag', 3])).toEqual({ line: 2, column: 13 })
    expect(document.positionOf(['nowhere'])).toEqual({ line: 1, column: 1 })
  })

  test('counts lines that end in a carriage return, a line feed, or both', async () => {
    const document = await parse('{\r\n"a":\r1,\n"b": 2}')
    expect(document.positionOf(['a'])).toEqual({ line: 3, column: 1 })
    expect(document.positionOf(['b'])).toEqual({ line: 4, column: 6 })
  })

  test('reports every field that an object has twice, however its name is written', async () => {
    const text = '{"images": [\n {"tag": "a:b", "tag": "b"},\n {"x": 1, "\\u0078": 2}]}'
    expect(await problemsOf(parse(text))).toEqual([
      'IMAGES.json:2:17: found the field `tag` a second time, expected it once',
      'IMAGES.json:3:11: found the field `x` a second time, expected it once'
    ])
  })

  test('takes a colon or a quote inside a text for text', async () => {
    const value = { a: ['b', ': c', '"', '\\', '\\"'], ':': { '"': 1 } }
    expect((await parse(JSON.stringify(value))).value).toEqual(value)
  })
})

describe('JSON with comments', () => {
  test('may have comments of three kinds and trailing commas', async () => {
    const text = `# one "
// two {
{ /* three
  */ "images": [ # "four"
    "a",], // five
}`
    const document = await parse(text)
    expect(document.value).toEqual({ images: ['a'] })
    expect(document.positionOf(['images', 0])).toEqual({ line: 5, column: 5 })
  })

  test('keeps what looks like a comment inside a text', async () => {
    const value = { a: 'http://b # c /* d */', b: '\\" # e' }
    expect((await parse(`#\n${JSON.stringify(value)}`)).value).toEqual(value)
  })

  test('has a field named __proto__ like any other', async () => {
    const { value } = await parse('#\n{"__proto__": {"x": 1}, "constructor": 2}')
    expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor'])
    expect(Object(value).x).toBeUndefined()
  })

  test('has all its syntax errors told at once, each at its place', async () => {
    const text = '{\n "a": "one,\n "b": 2\n "c" 3,\n d: 4\n}'
    expect(await problemsOf(parse(text))).toEqual([
      'IMAGES.json:2:7: found `"one,`, expected `"`, the end of the string, on the same line',
      'IMAGES.json:4:2: found `"c"`, expected `,` or the end of what is open',
      'IMAGES.json:4:6: found `3`, expected `:` after the name of a field',
      'IMAGES.json:5:2: found `d`, expected a value (text stands in double quotes)'
    ])
  })

  test.each([
    ['{"a": 1', 'IMAGES.json:1:8: found the end of the file, expected `}`'],
    ['[1', 'IMAGES.json:1:3: found the end of the file, expected `]`'],
    ['{"a":}', 'IMAGES.json:1:6: found `}`, expected a value'],
    ['{1: 2}', "IMAGES.json:1:2: found `1`, expected a field's name in double quotes"],
    ['{} {}', 'IMAGES.json:1:4: found `{`, expected the end of the file'],
    ['{"a": 1.}', 'IMAGES.json:1:7: found `1.`, expected a digit'],
    [
      '["\\x"]',
      'IMAGES.json:1:2: found `"\\x"`, expected after a backslash one of `" \\ / b f n r t u`'
    ],
    ['["\\u12"]', 'IMAGES.json:1:2: found `"\\u12"`, expected four hexadecimal digits after `\\u`'],
    [
      '["\t"]',
      'IMAGES.json:1:2: found `"\\u0009"`, expected a control character in a string to be escaped, as `\\t` or `\\n`'
    ],
    ['{} /*', 'IMAGES.json:1:4: found `/*`, expected `*/`, the end of the comment'],
    ["{'a': 1}", "IMAGES.json:1:2: found `'a'`, expected a value (text stands in double quotes)"],
    ['# c', 'IMAGES.json:1:4: found the end of the file, expected a value']
  ])('says what is wrong with %s', async (text, problem) => {
    expect(await problemsOf(parse(text))).toEqual([problem])
  })

  test('has its comments taken for comments even after a string that is open', async () => {
    expect(await problemsOf(parse('{"a": "one,\n # "two"\n "b": 2}'))).toHaveLength(1)
  })

  test('has at most a hundred errors told', async () => {
    expect(await problemsOf(parse(`[${'1 '.repeat(1000)}]`))).toHaveLength(100)
  })
})

describe('a file that is no text', () => {
  test.each([
    [
      'UTF-16, little endian',
      Buffer.from('\ufeff{}', 'utf16le'),
      '1:1: found UTF-16, expected UTF-8'
    ],
    [
      'UTF-16, big endian',
      Buffer.from('\ufeff{}', 'utf16le').swap16(),
      '1:1: found UTF-16, expected UTF-8'
    ],
    [
      'a byte that is not UTF-8',
      Buffer.from('7b0a22c3a9ff227d', 'hex'),
      '2:3: found the byte 0xFF, which is not UTF-8 there, expected UTF-8'
    ],
    [
      'such a byte after a byte-order mark',
      Buffer.from('efbbbf7b0aff', 'hex'),
      '2:1: found the byte 0xFF, which is not UTF-8 there, expected UTF-8'
    ],
    [
      'a character that the end cuts in two',
      Buffer.from('7b0ac3', 'hex'),
      '2:1: found the byte 0xC3, which is not UTF-8 there, expected UTF-8'
    ],
    ['a NUL', Buffer.from('{\n"\0"}'), '2:2: found a NUL character, expected text']
  ])('is refused: %s', async (_, bytes, problem) => {
    expect(await problemsOf(parse(bytes))).toEqual([`IMAGES.json:${problem}`])
  })

  test('is read when it only begins with the byte-order mark of UTF-8', async () => {
    const document = await parse('\ufeff{"a": 1}')
    expect(document.value).toEqual({ a: 1 })
    expect(document.positionOf(['a'], 'key')).toEqual({ line: 1, column: 2 })
  })

  test.each(['', ' \n'])('is refused when it is empty: %j', async text => {
    expect(await problemsOf(parse(text))).toEqual([
      'IMAGES.json: found an empty file, expected a manifest with `images`'
    ])
  })
})

describe('a huge file', () => {
  test.each([
    ['10 MB of one text', `["${'x'.repeat(1e7)}"]`],
    ['10 MB of escapes', `["${'\\\\'.repeat(5e6)}"]`],
    ['10 MB of comments', `${'#\n'.repeat(5e6)}{}`],
    ['10,000 levels', '['.repeat(10_000) + ']'.repeat(10_000)]
  ])('is read: %s', async (_, text) => {
    expect((await parse(text)).value).toBeDefined()
  })

  test.each([
    [
      '10,000 levels after a comment',
      `#\n${'['.repeat(10_000)}`,
      '2:501: found nesting deeper than 500 levels, expected a manifest'
    ],
    ['10 MB of braces', '{'.repeat(1e7), "1:2: found `{`, expected a field's name in double quotes"]
  ])('is refused: %s', async (_, text, problem) => {
    expect((await problemsOf(parse(text)))[0]).toBe(`IMAGES.json:${problem}`)
  })
})

describe('any text', () => {
  const onlyChainErrors = async (bytes: Uint8Array, path: string) => {
    await parse(bytes, path).catch((error: unknown) => {
      if (!(error instanceof ChainError)) throw error
    })
  }
  const jsonish = fc.string({ unit: fc.constantFrom(...'{}[]":,#/*\\ \n1aé\0') })

  test('is read or refused with a ChainError, whatever its bytes are', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array(), bytes => onlyChainErrors(bytes, 'a.json')))
    await fc.assert(
      fc.asyncProperty(jsonish, text => onlyChainErrors(Buffer.from(text), 'a.json')),
      { numRuns: 1000 }
    )
  })

  test('that JSON.parse reads has the same value here, with and without comments', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async text => {
        expect((await parse(text)).value).toEqual(JSON.parse(text))
        expect((await parse(`/*\n*/${text}`)).value).toEqual(JSON.parse(text))
      })
    )
  })

  test('gives each value the place where JSON.parse reads that value', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.dictionary(fc.string(), fc.string())), async images => {
        const text = JSON.stringify({ images })
        const document = await parse(text)
        for (const [index, image] of images.entries()) {
          for (const key of Object.keys(image)) {
            const { column } = document.positionOf(['images', index, key])
            expect(text.slice(column - 1)).toMatch(JSON.stringify(image[key]).slice(0, 5))
          }
        }
      })
    )
  })
})
