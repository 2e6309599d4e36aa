import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import { selectSources } from '../../../src/chain/dockerfile-select.js'

/** `a -> b` is a link. */
const entries = (list: readonly string[]) =>
  list.map(each => {
    const [path = '', target] = each.split(' -> ')
    return { path, target }
  })

const tree = [
  ...['a.txt', 'b.txt', 'c.md', '.hidden', 'dir', 'dir/a.txt', 'dir/sub', 'dir/sub/b.txt'],
  ...['dir/sub/c.go', 'other', 'other/b.txt', 'we[ird', 'we[ird/*', 'back\\slash']
]

/** What the steps of a Dockerfile see of a tree. */
function seen(steps: string, list: readonly string[] = tree): readonly string[] {
  const { sources } = readDockerfile(`FROM scratch\n${steps}`, { buildArguments: new Map() })
  return selectSources(entries(list), sources).map(({ path }) => path)
}

describe('an instruction sees', () => {
  test.each([
    ['COPY a.txt /x', ['a.txt']],
    ['COPY /a.txt ./b.txt ../c.md /x/', ['a.txt', 'b.txt', 'c.md']],
    ['COPY dir/ /x', ['dir', 'dir/a.txt', 'dir/sub', 'dir/sub/b.txt', 'dir/sub/c.go']],
    ['COPY dir/sub /x', ['dir/sub', 'dir/sub/b.txt', 'dir/sub/c.go']],
    ['COPY . /x', tree],
    ['COPY *.txt /x/', ['a.txt', 'b.txt']],
    ['COPY */*.txt /x/', ['dir/a.txt', 'other/b.txt']],
    ['COPY **/b.txt /x/', ['other/b.txt']],
    ['COPY d* /x/', ['dir', 'dir/a.txt', 'dir/sub', 'dir/sub/b.txt', 'dir/sub/c.go']],
    ['COPY dir/s?b/[a-b]* /x/', ['dir/sub/b.txt']],
    ['COPY dir[^x]a.txt /x/', ['dir/a.txt']],
    ['COPY di /x', []],
    ['COPY *.none /x/', []],
    ['COPY [ /x/', []],
    ['COPY ["we[[]ird/\\\\*", "/x/"]', ['we[ird/*']],
    ['COPY ["we[ird/*", "/x/"]', []],
    ['COPY ["back\\\\\\\\slash", "/x/"]', ['back\\slash']],
    ['RUN --mount=source=dir/sub,target=/x y', ['dir/sub', 'dir/sub/b.txt', 'dir/sub/c.go']],
    ['RUN --mount=source=*.txt,target=/x y', []],
    ['RUN --mount=target=/x y', tree],
    ['RUN x', []],
    ['COPY --exclude=*.txt dir /x', ['dir', 'dir/sub', 'dir/sub/b.txt', 'dir/sub/c.go']],
    ['COPY --exclude=**/*.txt dir /x', ['dir', 'dir/sub', 'dir/sub/c.go']],
    ['COPY --exclude=sub d* /x', ['dir', 'dir/a.txt']],
    ['COPY --exclude=*.txt a.txt /x', ['a.txt']],
    ['COPY --parents dir/sub/b.txt /x/', ['dir', 'dir/sub', 'dir/sub/b.txt']],
    [
      'COPY --parents **/b.txt /x/',
      ['b.txt', 'dir', 'dir/sub', 'dir/sub/b.txt', 'other', 'other/b.txt']
    ],
    ['COPY --parents dir/./sub/*.go /x/', ['dir', 'dir/sub', 'dir/sub/c.go']],
    ['COPY --parents --exclude=**/*.go dir/./sub /x/', ['dir', 'dir/sub', 'dir/sub/b.txt']]
  ])('by %s what it names and all below', (step, expected) => {
    expect(seen(step)).toEqual(expected)
  })

  test('where links on the way to its source lead, and the links', () => {
    const list = [
      'a',
      'a/x',
      'b',
      'b/y',
      'l -> a',
      'm -> l',
      'b/up -> ../a',
      'b/abs -> /b',
      'n -> b/up/x'
    ]
    expect(seen('COPY l/x /z', list)).toEqual(['a/x', 'l'])
    expect(seen('COPY m /z', list)).toEqual(['a', 'a/x', 'l', 'm'])
    expect(seen('COPY b/up/x /z', list)).toEqual(['a/x', 'b/up'])
    expect(seen('COPY b/abs/y /z', list)).toEqual(['b/y', 'b/abs'])
    expect(seen('COPY n /z', list)).toEqual(['a/x', 'b/up', 'n'])
    expect(seen('COPY [lm]/x /z', list)).toEqual(['a/x', 'l', 'm'])
    expect(seen('COPY */x /z', list)).toEqual(['a/x', 'l', 'm', 'b/up', 'n'])
    expect(seen('RUN --mount=source=l,target=/z z', list)).toEqual(['a', 'a/x', 'l'])
  })

  test('no folder beside it, however alike their names and those of their files', () => {
    const list = ['one', 'one/a', 'one/b', 'two', 'two/a', 'one/two', 'one/two/a', 'onetwo/a']
    expect(seen('COPY one /z', list)).toEqual(['one', 'one/a', 'one/b', 'one/two', 'one/two/a'])
    expect(seen('COPY two /z', list)).toEqual(['two', 'two/a'])
  })

  test('links further down as links', () => {
    expect(seen('COPY b /z', ['a', 'b', 'b/l -> ../a'])).toEqual(['b', 'b/l'])
  })

  test('no more than the context where links lead out of it or in circles', () => {
    const list = ['a', 'out -> ../../a', 'x -> y', 'y -> x', 'self -> self/self', 'root -> /']
    expect(seen('COPY out /z', list)).toEqual(['a', 'out'])
    expect(seen('COPY x /z', list)).toEqual(['x', 'y'])
    expect(seen('COPY root /z', list)).toEqual(list.map(each => each.split(' ')[0]))
    expect(seen('COPY self/b /z', list)).toEqual(list.map(each => each.split(' ')[0]))
  })
})

const names = fc.constantFrom('a', 'b', 'ab', 'a.b', '.a', 'c')
const paths = fc.uniqueArray(
  fc.array(names, { minLength: 1, maxLength: 3 }).map(list => list.join('/'))
)
const words = fc.array(fc.oneof(names, fc.constantFrom('*', '?', '*.b', '[ab]', '..', '.')), {
  minLength: 1,
  maxLength: 3
})
const sources = fc.array(
  words.map(list => `COPY ${list.join('/')} /z/`),
  { maxLength: 3 }
)

describe('any instructions see', () => {
  test('no less with one more of them', () => {
    fc.assert(
      fc.property(paths, sources, sources, (list, some, more) => {
        const before = seen(some.join('\n'), list)
        const after = new Set(seen([...some, ...more].join('\n'), list))
        expect(before.filter(each => !after.has(each))).toEqual([])
      })
    )
  })

  test('all that is below what they see', () => {
    fc.assert(
      fc.property(paths, sources, (list, steps) => {
        const found = seen(steps.join('\n'), list)
        const below = list.filter(each => found.some(folder => each.startsWith(`${folder}/`)))
        expect(below.filter(each => !found.includes(each))).toEqual([])
      })
    )
  })
})
