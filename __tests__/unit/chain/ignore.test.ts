import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contextFilter, excluder, ignoreFiles, readIgnore } from '../../../src/chain/ignore.js'

/** Paths of a list that the builder does not get. */
const ignored = (text: string, paths: readonly string[]) =>
  paths.filter(path => !contextFilter(text)(path))

describe('an ignore file', () => {
  test.each([
    ['a', ['a', 'a/b', 'a/b/c'], ['ab', 'b/a']],
    ['/a/', ['a', 'a/b'], ['b/a']],
    ['./a/../b', ['b', 'b/c'], ['a']],
    ['*.md', ['x.md', '.md'], ['a/x.md', 'x.mdx']],
    ['*/*.md', ['a/x.md'], ['x.md', 'a/b/x.md']],
    ['**/*.md', ['x.md', 'a/x.md', 'a/b/x.md'], ['x.mdx']],
    ['**/a', ['a', 'x/a', 'x/a/y'], ['xa', 'a.b']],
    ['a/**', ['a/b', 'a/b/c'], ['ab']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a/xb']],
    ['**', ['a', 'a/b', '.x'], []],
    ['?', ['a', '.'], ['ab', '']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'a']],
    ['[^a]x', ['bx'], ['ax']],
    ['\\*', ['*'], ['a']],
    ['c++', ['c++', 'c++/x'], ['c', 'cc']],
    ['(a)|b', ['(a)|b'], ['a', 'b', '(a)']],
    ['a*(1).txt', ['ab(1).txt'], ['ab1.txt']],
    ['A', ['A'], ['a']],
    ['constructor\n__proto__', ['constructor', '__proto__'], ['toString']],
    ['# a\n\n  b  \n#c', ['b'], ['a', '# a', 'c']],
    ['\ufeffa\r\nb\r\n', ['a', 'b'], ['c']],
    ['a b', ['a b'], ['a', 'b']],
    ['\\#a', ['#a'], ['a']]
  ])('that says %j keeps back what it names', (text, gone, kept) => {
    expect(ignored(text, [...gone, ...kept])).toEqual(gone)
  })

  test.each([
    ['*\n!a', ['b', 'b/c'], ['a', 'a/b']],
    ['*.md\n!README.md', ['x.md'], ['README.md']],
    ['a\n!a/b', ['a', 'a/c'], ['a/b', 'a/b/c']],
    ['a\n!a/b\na/b/c', ['a/b/c', 'a/d'], ['a/b', 'a/b/d']],
    ['!a\na', ['a'], []],
    ['**\n! a/*.txt', ['b', 'a', 'a/b'], ['a/b.txt']],
    ['a\n!**/keep', ['a/x'], ['a/keep', 'a/b/keep']]
  ])('that says %j takes back in what it negates, the last line winning', (text, gone, kept) => {
    expect(ignored(text, [...gone, ...kept])).toEqual(gone)
  })

  test.each(['[', 'a[b', '\\', '[a-', '!', '!['])(
    'that says %j, which is malformed, keeps back nothing',
    text => {
      expect(ignored(text, ['[', 'a', '!', 'a[b'])).toEqual([])
    }
  )

  test.each([
    ['x|*', ['x|y', 'y', 'x']],
    ['a^*', ['a^b', 'ab']],
    ['[\\d]', ['1', 'd']],
    ['a\n!x|*\nb*', ['a', 'b', 'bc']]
  ])(
    'that says %j, which Docker may take for something else, keeps back nothing',
    (text, paths) => {
      expect(ignored(text, paths)).toEqual([])
    }
  )

  test('that negates nothing says that folders need not be looked into', () => {
    expect(readIgnore('a\n# !b').prunes).toBe(true)
    expect(readIgnore('a\n!b').prunes).toBe(false)
  })

  test('that is not there keeps back nothing', () => {
    expect(['a', '.dockerignore'].every(contextFilter(undefined))).toBe(true)
  })

  test('is looked for beside the Dockerfile before the context', () => {
    expect(ignoreFiles('/p/Dockerfile.app', '/p/context')).toEqual([
      '/p/Dockerfile.app.dockerignore',
      '/p/context/.dockerignore'
    ])
  })

  test('is read in little time whatever its patterns', () => {
    const keeps = contextFilter('*a*a*a*a*a*a*a*a*a*a*b\n**/a/**/a/**/a/**/a/**/b*c')
    expect(keeps('a'.repeat(2000))).toBe(true)
    expect(keeps('a/'.repeat(500))).toBe(true)
  })
})

const name = fc.stringMatching(/^[a-c.é+() -]{1,4}$/).filter(text => !/^\.+$|^ | $/.test(text))
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map(names => names.join('/'))
const pattern = fc
  .array(fc.oneof(name, fc.constantFrom('*', '**', '?', '*.a', '[a-b]', '[^c]*')), {
    minLength: 1,
    maxLength: 3
  })
  .map(names => names.join('/'))
const lines = fc.array(fc.tuple(fc.boolean(), pattern), { maxLength: 5 })
const textOf = (list: readonly (readonly [boolean, string])[]) =>
  list.map(([negated, text]) => (negated ? '!' : '') + text).join('\n')

describe('any ignore file', () => {
  test('keeps back a path that its last line names', () => {
    fc.assert(
      fc.property(lines, path, (list, named) => {
        expect(contextFilter(`${textOf(list)}\n${named}`)(named)).toBe(false)
      })
    )
  })

  // A line that a folder does not need any more is not asked again for what is below it:
  // https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go (MatchesUsingParentResults)
  test('gives what a negation took back below a folder that was kept back before its last line', () => {
    const keeps = contextFilter('*\n!*/*\na')
    expect([keeps('a'), keeps('a/b')]).toEqual([false, true])
  })

  test('gives a path that its last line negates, and all below it', () => {
    fc.assert(
      fc.property(lines, path, name, (list, named, below) => {
        const keeps = contextFilter(`${textOf(list)}\n!${named}`)
        expect([keeps(named), keeps(`${named}/${below}`)]).toEqual([true, true])
      })
    )
  })

  test('without negations keeps back all that is below what it keeps back', () => {
    fc.assert(
      fc.property(lines, path, name, (list, folder, below) => {
        const keeps = contextFilter(textOf(list.map(([, text]) => [false, text] as const)))
        if (!keeps(folder)) expect(keeps(`${folder}/${below}`)).toBe(false)
      })
    )
  })

  test('answers for any text and any path, whatever was asked before', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, paths) => {
        const keeps = contextFilter(text)
        const first = paths.map(keeps)
        expect(paths.map(keeps)).toEqual(first)
        expect(paths.map(each => contextFilter(text)(each))).toEqual(first)
      })
    )
  })
})

describe('a usual ignore file', () => {
  test('holds for the last path of a large context as for the first', () => {
    const rules = ['*.log', '**/*.pyc', 'build/*/out', '**/node_modules/**', 'docs/**/draft-?.md']
    const keeps = contextFilter(rules.join('\n'))
    const paths = Array.from({ length: 50_000 }, (_, at) => `src/part-${at % 100}/file-${at}.pyc`)
    expect(paths.filter(keeps)).toEqual([])
  })
})

describe('exceptions of a COPY', () => {
  test('leave out what they name and all below it', () => {
    const leavesOut = excluder(['*.md', 'x', '!x/y'])
    expect(['a.md', 'x', 'x/z', 'x/y', 'b/a.md', 'c'].filter(leavesOut)).toEqual([
      'a.md',
      'x',
      'x/z'
    ])
  })
})
