import { writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMember, tarMembers } from '../../../../src/adapters/stores/tar-members.js'
import { tarArchive } from '../../../fixtures/tar-archive.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

async function read(archive: Buffer, file = join(temporaryFolder(), 'archive.tar')) {
  writeFileSync(file, archive)
  const handle = await open(file)
  try {
    const members = await tarMembers(handle)
    const contents = await Promise.all(members.map(member => readMember(handle, member)))
    return members.map(({ name, kind, target }, at) => ({
      name,
      kind,
      target,
      content: String(contents[at])
    }))
  } finally {
    await handle.close()
  }
}

const FILES = [
  { name: 'a', content: 'content' },
  { name: 'folder/', type: '5' },
  { name: 'folder/b', content: 'x'.repeat(1_500) },
  { name: 'link', type: '2', target: 'folder/b' },
  { name: 'empty' }
]

const extended = (text: string) => [{ name: 'header', type: 'x', content: text }, ...FILES]

describe('the members of a tar archive', () => {
  it('are read with their kinds and contents', async () => {
    expect(await read(tarArchive(FILES))).toEqual([
      { name: 'a', kind: 'file', target: '', content: 'content' },
      { name: 'folder/', kind: 'folder', target: '', content: '' },
      { name: 'folder/b', kind: 'file', target: '', content: 'x'.repeat(1_500) },
      { name: 'link', kind: 'link', target: 'folder/b', content: '' },
      { name: 'empty', kind: 'file', target: '', content: '' }
    ])
  })

  it('may have times in extended headers', async () => {
    const text = '30 mtime=1700000000.123456789\n20 atime=1700000000\n'
    expect(await read(tarArchive(extended(text)))).toHaveLength(FILES.length)
  })

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
  ])('of one that %s are not read', async (_, parts, problem) => {
    await expect(read(tarArchive(parts))).rejects.toThrow(problem)
  })

  it('of one that is cut short anywhere are not read', async () => {
    const archive = tarArchive(FILES)
    const file = join(temporaryFolder(), 'archive.tar')
    await fc.assert(
      fc.asyncProperty(fc.nat(archive.length - 1), async length => {
        await expect(read(archive.subarray(0, length), file)).rejects.toThrow()
      }),
      { numRuns: 200 }
    )
  })

  it('of one with an altered header are not read', async () => {
    const archive = tarArchive(FILES)
    const file = join(temporaryFolder(), 'archive.tar')
    await fc.assert(
      fc.asyncProperty(fc.nat(499), fc.nat(7), async (at, bit) => {
        const altered = Buffer.from(archive)
        altered[at] = (altered[at] ?? 0) ^ (1 << bit)
        const result = await read(altered, file).catch(() => 'refused')
        // The sum's own padding may differ and still be the same number.
        if (result !== 'refused') expect(result).toEqual(await read(archive, file))
      }),
      { numRuns: 300 }
    )
  })
})
