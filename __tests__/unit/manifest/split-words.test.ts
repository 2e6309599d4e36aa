import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitWords } from '../../../src/manifest/split-words.js'

describe('splitting words', () => {
  test.each([
    ['', []],
    [' \t\n', []],
    ['--a  b\tc\n', ['--a', 'b', 'c']],
    ["--a='b c'", ['--a=b c']],
    ['"a b"c\' d\'', ['a bc d']],
    ["''", ['']],
    ['a "" b', ['a', '', 'b']],
    ['a\\ b', ['a b']],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
    ["'a\\b'", ['a\\b']],
    ['"\\$a\\`"', ['$a`']],
    ['a \\\n b \\\n', ['a', 'b']],
    ['"a\\\nb"', ['ab']],
    ['a#b # c', ['a#b', '#', 'c']],
    ['$a; b | c > d *', ['$a;', 'b', '|', 'c', '>', 'd', '*']]
  ])('makes of %j what a shell makes of it', (text, words) => {
    expect(splitWords(text)).toEqual(words)
  })

  test.each([
    ["a 'b", "found `'` without its partner, expected it"],
    ['a "b\\"', 'found `"` without its partner, expected it'],
    ['a\\', 'found a backslash at the end, expected a character after it']
  ])('refuses %j in words', (text, problem) => {
    expect(splitWords(text)).toBe(problem)
  })

  test('takes 10 MB between quotes', () => {
    expect(splitWords(`"${'x'.repeat(1e7)}"`)).toHaveLength(1)
  })

  test('gives back any words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), words => {
        const single = words.map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
        const double = words.map(word => `"${word.replace(/["\\$`]/g, '\\$&')}"`).join('\n')
        expect(splitWords(single)).toEqual(words)
        expect(splitWords(double)).toEqual(words)
      })
    )
  })
})
