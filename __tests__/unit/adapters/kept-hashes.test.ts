import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSettled, openKeptHashes } from '../../../src/adapters/kept-hashes.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

const newFile = () => join(temporaryFolder(), 'state', 'files.hashes')

/** Keeps the hashes of some paths with their stamps. */
async function keep(file: string, rows: readonly (readonly [path: string, stamp: string])[]) {
  const kept = openKeptHashes(file)
  for (const [path, stamp] of rows) {
    if (kept.find(path, stamp) === undefined) kept.add(path, stamp, hashOf(path + stamp))
  }
  await kept.save()
}

describe('kept hashes', () => {
  it('are those of the path and the stamp, in whatever order they are asked for', async () => {
    const path = fc.string({ unit: fc.constantFrom(...'ab/é🐳\n .0'), minLength: 1, maxLength: 6 })
    const row = fc.tuple(path, fc.constantFrom('1.2.3.4', '1.2.3.5'))
    const runs = fc.array(fc.array(row, { maxLength: 8 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(runs, fc.array(row), async (before, asked) => {
        const file = newFile()
        const known = new Map<string, string>()
        for (const rows of before) {
          await keep(file, rows)
          for (const [name, stamp] of rows) known.set(name, stamp)
        }
        const kept = openKeptHashes(file)
        const all = [...asked, ...known, ...[...known].reverse()]
        for (const [name, stamp] of all) {
          const expected = known.get(name) === stamp ? hashOf(name + stamp) : undefined
          expect(kept.find(name, stamp)).toBe(expected)
        }
      }),
      {
        numRuns: 60,
        examples: [
          [
            [
              [
                ['a', '1.2.3.4'],
                ['a', '1.2.3.5'],
                ['a', '1.2.3.4']
              ]
            ],
            []
          ]
        ]
      }
    )
  })

  it('of names that are no UTF-8 are not kept: they would be one name in the file', async () => {
    const file = newFile()
    await keep(file, [
      ['a\udcff', '1.2.3.4'],
      ['b', '1.2.3.4']
    ])
    const kept = openKeptHashes(file)
    expect(kept.find('a\udcff', '1.2.3.4')).toBeUndefined()
    expect(kept.find('a\ufffd', '1.2.3.4')).toBeUndefined()
    expect(kept.find('b', '1.2.3.4')).toBe(hashOf('b1.2.3.4'))
  })

  it('are not written again where nothing is new', async () => {
    const file = newFile()
    await keep(file, [['a', '1.2.3.4']])
    const before = statSync(file).ino
    await keep(file, [['a', '1.2.3.4']])
    expect(statSync(file).ino).toBe(before)
  })

  it.each([
    ['cut', (text: string) => text.slice(0, -3)],
    ['altered', (text: string) => text.replace(/.{3}\n$/, 'fff\n')],
    ['of another version', (text: string) => text.replace('hashes 3', 'hashes 4')],
    ['empty', () => '']
  ])('in a file that is %s are none', async (_, change) => {
    const file = newFile()
    await keep(file, [['a', '1.2.3.4']])
    writeFileSync(file, change(readFileSync(file, 'utf8')))
    expect(openKeptHashes(file).find('a', '1.2.3.4')).toBeUndefined()
    await keep(file, [['a', '1.2.3.4']])
    expect(openKeptHashes(file).find('a', '1.2.3.4')).toBe(hashOf('a1.2.3.4'))
  })

  it('are written once, and again only where there are more', async () => {
    const file = newFile()
    const kept = openKeptHashes(file)
    kept.add('a', '1.2.3.4', hashOf('x'))
    await kept.save()
    const { ino } = statSync(file)
    await kept.save()
    expect(statSync(file).ino).toBe(ino)
    kept.add('b', '1.2.3.4', hashOf('y'))
    await kept.save()
    expect(openKeptHashes(file).find('b', '1.2.3.4')).toBe(hashOf('y'))
  })

  it('that no file keeps are those of this run', async () => {
    const kept = openKeptHashes(undefined)
    kept.add('a', '1.2.3.4', hashOf('x'))
    await kept.save()
    expect([kept.find('a', '1.2.3.4'), kept.find('a', '1.2.3.5')]).toEqual([hashOf('x'), undefined])
  })
})

describe('a stamp', () => {
  const stampOf = (milliseconds: number) => `12.1.${milliseconds}000000.34`

  it('tells every later write only where the last change is some time ago', () => {
    expect(isSettled(stampOf(Date.now() - 10_000))).toBe(true)
    expect(isSettled(stampOf(Date.now()))).toBe(false)
    expect(isSettled(stampOf(Date.now() + 10_000))).toBe(false)
  })
})
