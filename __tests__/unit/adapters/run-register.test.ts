import { appendFileSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listEntries, readEntry, writeEntry } from '../../../src/adapters/run-register.js'
import { aRunEntry } from '../../fixtures/run-entry.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const TEMPORARY = '/tools/.build-chain-0123456789ab'

function written() {
  const folder = temporaryFolder()
  const entry = aRunEntry()
  const open = writeEntry(join(folder, 'running', entry.id), entry)
  return { folder: join(folder, 'running'), entry, open, file: open?.file ?? '' }
}

describe('what is written down of a run', () => {
  it('is read back, with the paths that were noted and not taken back', () => {
    const { folder, entry, open, file } = written()
    open?.note(TEMPORARY)
    open?.note('/temp/build-chain-images.lock')()
    open?.note('/state/hashes.json.0123456789ab.tmp')
    const paths = [TEMPORARY, '/state/hashes.json.0123456789ab.tmp']
    expect(listEntries(folder)).toEqual([{ ...entry, file, paths }])
  })

  it('holds all that came before a line that a kill left torn', () => {
    const { open, file } = written()
    open?.note(TEMPORARY)
    appendFileSync(file, '{"path":"/tools/.build-chain-ffff')
    expect(readEntry(file)?.paths).toEqual([TEMPORARY])
  })

  it('is nothing where its place cannot be written, or is taken', () => {
    const { entry, file } = written()
    expect(writeEntry(file, entry)).toBeUndefined()
    expect(writeEntry(join(file, 'below/a/file'), entry)).toBeUndefined()
    expect(listEntries(file)).toEqual([])
  })

  it('is not read by way of a link', () => {
    const { file } = written()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(file, link)
    expect(readEntry(link)).toBeUndefined()
  })

  it.each([
    ['no JSON', '{"id":'],
    ['null', 'null'],
    ['an id that is a path', JSON.stringify(aRunEntry({ id: '../../../etc' }))],
    ['the folder of somebody else', JSON.stringify(aRunEntry({ folder: '/home/me' }))],
    [
      'a folder by another id',
      JSON.stringify(aRunEntry({ folder: '/tmp/build-chain-ffffffffffffffff' }))
    ],
    ['a relative folder', JSON.stringify(aRunEntry({ folder: `build-chain-${aRunEntry().id}` }))],
    ['the label of another run', JSON.stringify(aRunEntry({ label: 'a=ffffffffffffffff' }))],
    ['the kept label of another run', JSON.stringify(aRunEntry({ keptLabel: 'a=' }))]
  ])('is refused where it is %s', (_, text) => {
    const file = join(temporaryFolder(), 'entry')
    writeFileSync(file, `${text}\n`)
    expect(readEntry(file)).toBeUndefined()
  })

  it('never names a path that this program does not make, whatever stands in it', () => {
    const own =
      /\/(\.build-chain-[0-9a-f]{12}|.*\.[0-9a-f]{12}\.tmp|build-chain-images(\.lock)?|build-chain-releases\/packer[\w.-]*|build-chain\/projects\/[^/]+\/locks\/[0-9a-f]{32})$/
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '..',
        'packer',
        '.build-chain-',
        'build-chain-images',
        'build-chain-releases',
        'x.tmp',
        '.build-chain-0123456789ab'
      )
    )
    const path = fc.array(name, { maxLength: 4 }).map(names => `/${names.join('/')}`)
    const { file, entry } = written()
    fc.assert(
      fc.property(fc.array(fc.oneof(path, fc.jsonValue()), { maxLength: 5 }), all => {
        const lines = [entry, ...all.map(each => ({ path: each }))]
        writeFileSync(file, lines.map(line => JSON.stringify(line)).join('\n'))
        for (const each of readEntry(file)?.paths ?? []) {
          expect(each).toMatch(own)
          expect(each.split('/')).not.toContain('..')
        }
      })
    )
  })

  it('can be read by nobody else', () => {
    const { file, entry } = written()
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(entry)}\n`)
    expect(readEntry(file)?.paths).toEqual([])
  })
})
