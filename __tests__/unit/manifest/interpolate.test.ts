import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillIn, parseTemplate, placeholderNames } from '../../../src/manifest/interpolate.js'

/** Fills in `<name>` or `<name/key>`; gives what was reported instead where something was. */
function fill(text: string): string | readonly string[] {
  const reported: string[] = []
  const filled = fillIn(
    text,
    ({ name, key }) => (key === undefined ? `<${name}>` : `<${name}/${key}>`),
    message => reported.push(message)
  )
  return filled ?? reported
}

describe('placeholders', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['{name}', '<name>'],
    ['a {0}-{1} b', 'a <0>-<1> b'],
    ['{img_parts[tag]}', '<img_parts/tag>'],
    ['{env[MY.VAR]}', '<env/MY.VAR>'],
    ['{{name}}', '{name}'],
    ['{{{name}}}', '{<name>}'],
    ['{{}}', '{}'],
    ['}}{{', '}{'],
    ['{a}{a}{b}', '<a><a><b>']
  ])('%j becomes %j', (text, filled) => {
    expect(fill(text)).toBe(filled)
  })

  test.each([
    ['a {b', 'found `{` without a `}` after it, expected `{{` for a brace'],
    ['{a{b}', 'found `{` without a `}` after it, expected `{{` for a brace'],
    ['a } b', 'found `}` without a `{` before it, expected `}}` for a brace'],
    ['{a}}', 'found `}` without a `{` before it, expected `}}` for a brace'],
    ['{}', 'found `{}`, expected a name such as `{version}` (`{{` and `}}` are braces)'],
    ['{a[b}', 'found `{a[b}`, expected a name such as `{version}` (`{{` and `}}` are braces)'],
    ['{a]}', 'found `{a]}`, expected a name such as `{version}` (`{{` and `}}` are braces)'],
    ['{version!r}', 'found `{version!r}`, expected `{version}`: there are no formats here'],
    ['{version:>9}', 'found `{version:>9}`, expected `{version}`: there are no formats here'],
    ['{tag.upper}', 'found `{tag.upper}`, expected `{tag}`: there are no formats here']
  ])('%j is refused', (text, message) => {
    expect(fill(text)).toEqual([message])
  })

  test('are named by what they begin with', () => {
    expect(placeholderNames('{a}{{b}}{env[c]}{a}')).toEqual(['a', 'env', 'a'])
    expect(placeholderNames('{a}{')).toEqual([])
  })

  test('of a text of millions of braces are found in no time', () => {
    expect(parseTemplate('{{'.repeat(1e6))).toHaveLength(1e6)
    expect(fill('{'.repeat(1e6 + 1))).toHaveLength(1)
  })
})

describe('any text', () => {
  test('with its braces doubled stands for itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('{', '}', 'a', '[', ']') }), text => {
        expect(fill(text.replace(/[{}]/g, '$&$&'))).toBe(text)
      })
    )
  })

  test('is not looked at again once it has been filled in', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        expect(
          fillIn(
            '{a}',
            () => value,
            () => {}
          )
        ).toBe(value)
      })
    )
  })

  test('is filled in or refused in words', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]a!:.') }), text => {
        const filled = fill(text)
        if (typeof filled !== 'string') expect(filled.join()).toContain('expected')
      })
    )
  })
})
