import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  normaliseDockers,
  normaliseReference,
  parseReference,
  spellings
} from '../../../src/manifest/reference.js'

const NOTHING = {
  registry: undefined,
  registryHost: undefined,
  registryPort: undefined,
  repo: undefined,
  tag: undefined,
  digest: undefined
}
const DIGEST = `sha256:${'0'.repeat(64)}`

describe('a reference', () => {
  test.each([
    ['debian', { image: 'debian' }],
    ['debian:12', { image: 'debian', tag: '12' }],
    ['acme/app:1.0-rc_1', { repo: 'acme', image: 'app', tag: '1.0-rc_1' }],
    ['localhost:5000', { image: 'localhost', tag: '5000' }],
    ['localhost/app', { registry: 'localhost', registryHost: 'localhost', image: 'app' }],
    [
      'ghcr.io/acme/team/app:1',
      { registry: 'ghcr.io', registryHost: 'ghcr.io', repo: 'acme/team', image: 'app', tag: '1' }
    ],
    [
      'reg:5000/app',
      { registry: 'reg:5000', registryHost: 'reg', registryPort: '5000', image: 'app' }
    ],
    [
      '[::1]:5000/app',
      { registry: '[::1]:5000', registryHost: '[::1]', registryPort: '5000', image: 'app' }
    ],
    ['[::1]/app', { registry: '[::1]', registryHost: '[::1]', image: 'app' }],
    ['Reg.IO/app', { registry: 'Reg.IO', registryHost: 'Reg.IO', image: 'app' }],
    [`a__b/c.d-e:x@${DIGEST}`, { repo: 'a__b', image: 'c.d-e', tag: 'x', digest: DIGEST }]
  ])('has its parts: %s', (text, parts) => {
    expect(parseReference(text)).toEqual({ ...NOTHING, ...parts })
  })

  test.each([
    ['', 'there is no name'],
    [':1', 'there is no name'],
    ['acme/App', 'the repository `acme/App` has to be lower case'],
    ['Acme/app', 'the repository `Acme/app` has to be lower case'],
    ['/app', 'the repository `/app` has an empty part'],
    ['acme//app', 'the repository `acme//app` has an empty part'],
    ['acme/', 'the repository `acme/` has an empty part'],
    [
      '-app',
      '`-app` is not made of letters and digits with single `.`, `_`, `__` or `-` between them'
    ],
    [
      'acme/a..b',
      '`a..b` is not made of letters and digits with single `.`, `_`, `__` or `-` between them'
    ],
    [
      'a b',
      '`a b` is not made of letters and digits with single `.`, `_`, `__` or `-` between them'
    ],
    [
      'app:',
      'the tag `` is not made of 1 to 128 letters, digits, `_`, `.` and `-`, the first no `.` or `-`'
    ],
    [
      'app:.x',
      'the tag `.x` is not made of 1 to 128 letters, digits, `_`, `.` and `-`, the first no `.` or `-`'
    ],
    ['reg:x/app', "the registry's port `x` is not a number"],
    ['reg:/app', "the registry's port `` is not a number"],
    ['-a.io/app', "the registry's host `-a.io` is not a host name"],
    ['app@sha256:12', 'the digest `sha256:12` is not like `sha256:` and hexadecimal digits'],
    ['a'.repeat(256), 'the name is longer than 255 characters'],
    ['f'.repeat(64), '64 hexadecimal digits are an id, not a name']
  ])('is refused with words: %s', (text, problem) => {
    expect(parseReference(text)).toBe(problem)
  })

  test('may have a name of 255 characters and a tag of 128, and not one more', () => {
    expect(parseReference(`${'g'.repeat(255)}:${'t'.repeat(128)}`)).toBeTypeOf('object')
    expect(parseReference(`app:${'t'.repeat(129)}`)).toBeTypeOf('string')
  })

  test.each(['a-', 'a.', '/', ':', '@', '_'])('of 10 MB is refused at once: %s…', part => {
    expect(parseReference(part.repeat(5e6))).toBe('it is longer than 1000 characters')
  })
})

describe('normalising', () => {
  test.each([
    ['debian', 'docker.io/library/debian:latest'],
    ['library/debian', 'docker.io/library/debian:latest'],
    ['index.docker.io/debian:12', 'docker.io/library/debian:12'],
    ['docker.io/acme/app', 'docker.io/acme/app:latest'],
    ['localhost/app', 'localhost/app:latest'],
    ['reg:5000/a/b/c:1', 'reg:5000/a/b/c:1'],
    [`debian@${DIGEST}`, `docker.io/library/debian@${DIGEST}`],
    ['Not A Reference', 'Not A Reference']
  ])('%s is %s', (text, full) => {
    expect(normaliseReference(text)).toBe(full)
  })

  test('tells whether two texts mean the same image', () => {
    expect(normaliseReference('debian')).toBe(normaliseReference('docker.io/library/debian:latest'))
    expect(normaliseReference('debian')).not.toBe(normaliseReference('acme/debian'))
  })
})

describe('spellings', () => {
  test('are all the ways to write an official image', () => {
    expect(spellings('docker.io/debian')).toEqual([
      'debian',
      'debian:latest',
      'library/debian',
      'library/debian:latest',
      'docker.io/debian',
      'docker.io/debian:latest',
      'docker.io/library/debian',
      'docker.io/library/debian:latest',
      'index.docker.io/debian',
      'index.docker.io/debian:latest',
      'index.docker.io/library/debian',
      'index.docker.io/library/debian:latest'
    ])
  })

  test('leave out what would name another image', () => {
    expect(spellings('ghcr.io/library/debian:12')).toEqual(['ghcr.io/library/debian:12'])
    expect(spellings('library/a/b:1')).toEqual([
      'library/a/b:1',
      'docker.io/library/a/b:1',
      'index.docker.io/library/a/b:1'
    ])
    expect(spellings('docker.io/a.b/c:1')).toEqual(['docker.io/a.b/c:1', 'index.docker.io/a.b/c:1'])
    expect(spellings('Not A Reference')).toEqual(['Not A Reference'])
  })
})

describe('any reference', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  const path = fc.array(
    fc
      .tuple(word, fc.constantFrom('', '.', '_', '__', '-', '---'), word)
      .map(parts => parts.join('')),
    { minLength: 1, maxLength: 4 }
  )
  const registry = fc.constantFrom(undefined, 'localhost', 'ghcr.io', 'reg:5000', 'docker.io')
  const tag = fc.option(fc.stringMatching(/^[\w][\w.-]{0,20}$/), { nil: undefined })
  const isPlain = (registry: string | undefined, path: readonly string[]) =>
    registry !== undefined || path.length === 1 || !path[0]?.includes('.')
  const reference = fc
    .record({ registry, path, tag })
    .filter(({ registry, path }) => isPlain(registry, path))
    .map(parts => ({
      ...parts,
      text: `${parts.registry ? `${parts.registry}/` : ''}${parts.path.join('/')}${parts.tag ? `:${parts.tag}` : ''}`
    }))

  test('has the parts that it was put together from', () => {
    fc.assert(
      fc.property(reference, ({ registry, path, tag, text }) => {
        const repo = path.slice(0, -1).join('/') || undefined
        expect(parseReference(text)).toMatchObject({ registry, repo, image: path.at(-1), tag })
      })
    )
  })

  test('is what every spelling of it means, and is among them', () => {
    fc.assert(
      fc.property(reference, ({ text }) => {
        const all = spellings(text)
        expect(all).toContain(text)
        expect(new Set(all).size).toBe(all.length)
        expect(new Set(all.map(normaliseReference))).toEqual(new Set([normaliseReference(text)]))
      })
    )
  })

  test('normalised unasked is the same', () => {
    fc.assert(
      fc.property(reference, ({ text }) => {
        expect(normaliseDockers(text)).toBe(normaliseReference(text))
      })
    )
  })

  test('normalised again stays what it is, as does any other text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          reference.map(({ text }) => text),
          fc.string()
        ),
        text => {
          const once = normaliseReference(text)
          expect(normaliseReference(once)).toBe(once)
        }
      )
    )
  })
})
