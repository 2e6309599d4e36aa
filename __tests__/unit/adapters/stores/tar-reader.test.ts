import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type TarMember, TarReader } from '../../../../src/adapters/stores/tar-reader.js'
import { tarArchive } from '../../../fixtures/tar-archive.js'

interface Read extends Pick<TarMember, 'name' | 'kind' | 'target'> {
  content: string
}

/** Reads an archive cut at these places; gives its members, and what could be passed on before it was at its end. */
function readAll(archive: Buffer, cuts: readonly number[] = []) {
  const members: Read[] = []
  const reader = new TarReader({
    member: ({ name, kind, target }) => {
      const member: Read = { name, kind, target, content: '' }
      members.push(member)
      return piece => {
        member.content += piece.toString()
      }
    }
  })
  let before = 0
  const places = [0, ...[...cuts].sort((one, other) => one - other), archive.length]
  for (const [at, start] of places.slice(0, -1).entries()) {
    before += reader.take(archive.subarray(start, places[at + 1]))
  }
  reader.end()
  return { members, before }
}

const read = (archive: Buffer) => readAll(archive).members

const FILES = [
  { name: 'a', content: 'content' },
  { name: 'folder/', type: '5' },
  { name: 'folder/b', content: 'x'.repeat(1_500) },
  { name: 'link', type: '2', target: 'folder/b' },
  { name: 'empty' }
]

const extended = (text: string, name = 'PaxHeaders.0/a') => [
  { name, type: 'x', content: text },
  ...FILES
]

describe('the members of a tar archive', () => {
  it('are read with their kinds and contents', () => {
    expect(read(tarArchive(FILES))).toEqual([
      { name: 'a', kind: 'file', target: '', content: 'content' },
      { name: 'folder/', kind: 'folder', target: '', content: '' },
      { name: 'folder/b', kind: 'file', target: '', content: 'x'.repeat(1_500) },
      { name: 'link', kind: 'link', target: 'folder/b', content: '' },
      { name: 'empty', kind: 'file', target: '', content: '' }
    ])
  })

  it.each(['PaxHeaders.0/a', 'blobs/sha256/PaxHeaders.0/a1', 'PaxHeaders/a', 'a1/PaxHeaders.0'])(
    'may have times in extended headers: %s',
    name => {
      const text = '30 mtime=1700000000.123456789\n20 atime=1700000000\n'
      expect(read(tarArchive(extended(text, name)))).toHaveLength(FILES.length)
    }
  )

  it.each(['P*M\x18PaxHeaders.0/a', 'BZh91AY/PaxHeaders.0/a', '(\xb5/\xfdPaxHeaders/a', 'a'])(
    'are not read where an extended header has a name that may be the magic of something: %s',
    name => {
      const archive = tarArchive(extended('20 atime=1700000000\n', name))
      expect(() => read(archive)).toThrow('is no name of an extended header')
    }
  )

  it.each(['ustar  \0', 'ustar\x0001', '\0'.repeat(8)])(
    'are not read where others find more of a name than this program: %j',
    magic => {
      const old = (prefix: string) => {
        const archive = tarArchive(FILES)
        archive.write(magic, 257, 'latin1')
        archive.write(prefix, 345, 'latin1')
        archive.write('        ', 148, 'latin1')
        const sum = archive.subarray(0, 512).reduce((total, byte) => total + byte, 0)
        archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
        return archive
      }
      expect(read(old(''))).toEqual(read(tarArchive(FILES)))
      expect(() => read(old('x'))).toThrow('of an old form')
    }
  )

  it.each([
    ['renames what follows', extended('15 path=evil\n'), 'changes what comes after'],
    ['has something after a time', extended('13 mtime=1\n15 path=evil\n'), 'changes what'],
    [
      'has a long name of GNU',
      [{ name: '././@LongLink', type: 'L', content: 'x' }],
      'unknown kind'
    ],
    ['has a device', [{ name: 'null', type: '3' }], 'unknown kind'],
    ['has a hard link', [{ name: 'hard', type: '1', target: 'a' }], 'unknown kind']
  ])('of one that %s are not read', (_, parts, problem) => {
    expect(() => read(tarArchive(parts))).toThrow(problem)
  })

  it('of one that is cut short anywhere are not read', () => {
    const archive = tarArchive(FILES)
    fc.assert(
      fc.property(fc.nat(archive.length - 1), length => {
        expect(() => read(archive.subarray(0, length))).toThrow()
      }),
      { numRuns: 200 }
    )
  })

  it('are the same however the archive is cut into pieces, and its end is never passed on', () => {
    const archive = tarArchive(FILES)
    const whole = readAll(archive)
    const place = fc.oneof(
      fc.nat(archive.length),
      fc.nat(archive.length / 512).map(block => block * 512)
    )
    fc.assert(
      fc.property(fc.array(place, { maxLength: 30 }), cuts => {
        const { members, before } = readAll(archive, cuts)
        expect(members).toEqual(whole.members)
        expect(before).toBeLessThan(archive.length - 512)
        expect(before).toBeGreaterThanOrEqual(archive.length - 1024)
      }),
      { numRuns: 500 }
    )
    expect(whole.before).toBe(archive.length - 1024)
  })

  it('end where nothing but what fills an archive up comes after them', () => {
    const archive = tarArchive(FILES)
    const filled = (bytes: number) => Buffer.concat([archive, Buffer.alloc(bytes)])
    expect(read(filled(10_240))).toEqual(read(archive))
    expect(() => read(filled(100_000))).toThrow('does not end as archives do')
    expect(() => read(Buffer.concat([archive, Buffer.from('x')]))).toThrow('does not end')
    expect(() => read(Buffer.concat([archive, archive]))).toThrow('does not end')
  })

  it('of one with an altered header are not read', () => {
    const archive = tarArchive(FILES)
    fc.assert(
      fc.property(fc.nat(499), fc.nat(7), (at, bit) => {
        const altered = Buffer.from(archive)
        altered[at] = (altered[at] ?? 0) ^ (1 << bit)
        const result = attempt(() => read(altered))
        // The sum's own padding may differ and still be the same number.
        if (result !== 'refused') expect(result).toEqual(read(archive))
      }),
      { numRuns: 300 }
    )
  })
})

function attempt<T>(work: () => T): T | 'refused' {
  try {
    return work()
  } catch {
    return 'refused'
  }
}
