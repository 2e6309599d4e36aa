import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type MountInstead, replaceMounts } from '../../../src/builders/run-arguments.js'

/** Words with every bind mount moved below /m, and what was found. */
function moved(...args: string[]) {
  const found: string[] = []
  const words = replaceMounts(args, ({ host, target }) => {
    found.push(`${host} at ${target}`)
    return [{ host: `/m${host}`, target }]
  })
  return { words, found }
}

describe('a mount in the words of docker run', () => {
  it.each([
    [
      ['-v', '/a:/b'],
      ['--volume', '/m/a:/b']
    ],
    [['-v/a:/b'], ['--volume', '/m/a:/b']],
    [['-v=/a:/b'], ['--volume', '/m/a:/b']],
    [
      ['-itdv', '/a:/b:ro'],
      ['-itd', '--volume', '/m/a:/b:ro']
    ],
    [['-dv/a:/b'], ['-d', '--volume', '/m/a:/b']],
    [
      ['--volume', '/a:/b:ro,z'],
      ['--volume', '/m/a:/b:ro,z']
    ],
    [['--volume=/a:/b'], ['--volume', '/m/a:/b']],
    [
      ['--mount', 'type=bind,src=/a,dst=/b,readonly'],
      ['--mount', 'type=bind,source=/m/a,target=/b,readonly']
    ],
    [
      ['--mount=type=bind,"source=/a,b",target=/c'],
      ['--mount', 'type=bind,"source=/m/a,b",target=/c']
    ]
  ])('is found as %j', (words, expected) => {
    expect(moved(...words, 'image').words).toEqual([...expected, 'image'])
  })

  it('is found wherever it stands among options with and without a value', () => {
    const before = ['-d', '--privileged', '--cap-add', 'SYS_ADMIN', '--tmpfs', '/run', '-e', '-v']
    const { words, found } = moved(...before, '-v', '/a:/b', '--security-opt=seccomp=x', 'image')
    expect(found).toEqual(['/a at /b'])
    expect(words).toEqual([...before, '--volume', '/m/a:/b', '--security-opt=seccomp=x', 'image'])
  })

  it.each([
    ['a named volume', ['-v', 'cache:/cache']],
    ['an anonymous volume', ['-v', '/cache']],
    ['a volume by --mount', ['--mount', 'type=volume,source=cache,target=/cache']],
    ['a file system in memory', ['--mount', 'type=tmpfs,target=/cache']],
    ['the value of another option', ['--name', '--volume=/a:/b']],
    ['an option without its value', ['-v']]
  ])('is not %s', (_, words) => {
    expect(moved(...words, ...(words.length > 1 ? ['image'] : []))).toEqual({
      words: [...words, ...(words.length > 1 ? ['image'] : [])],
      found: []
    })
  })

  it('is not what the container is told to run', () => {
    const args = ['-d', 'image', 'sh', '-v', '/a:/b', '--mount', 'type=bind,source=/a,target=/b']
    expect(moved(...args)).toEqual({ words: args, found: [] })
    expect(moved('--', '-v', '/a:/b').found).toEqual([])
  })

  it('becomes as many as are given, or a file system in memory', () => {
    const instead = (mounts: MountInstead) => replaceMounts(['-dv', '/a:/b:ro', 'x'], () => mounts)
    expect(instead([])).toEqual(['-d', 'x'])
    expect(instead('tmpfs')).toEqual(['-d', '--tmpfs', '/b', 'x'])
    expect(
      instead([
        { host: '/1', target: '/b' },
        { host: '/2', target: '/b/2' }
      ])
    ).toEqual(['-d', '--volume', '/1:/b:ro', '--volume', '/2:/b/2:ro', 'x'])
  })

  it('leaves all words that are no mount as they are, in their order', () => {
    const option = fc.oneof(
      fc.constantFrom('-d', '-it', '--rm', '--privileged', '--init', '--name=x'),
      fc.tuple(fc.constantFrom('--name', '-e', '--label', '-u'), fc.string()).map(pair => [...pair])
    )
    fc.assert(
      fc.property(fc.array(option), fc.array(fc.string()), (options, command) => {
        const args = [...options.flat(), 'image', ...command]
        expect(moved(...args)).toEqual({ words: args, found: [] })
      })
    )
  })
})
