import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ArchiveAnswer } from '../../../../src/adapters/stores/archive-call.js'
import type { ArchivePipe, ImageFile } from '../../../../src/adapters/stores/archive-pipe.js'
import { loadKept, openKept, writeKept } from '../../../../src/adapters/stores/github-archive.js'
import { sealRecords } from '../../../../src/adapters/stores/sealed-records.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'
import { aSealed } from './a-record.js'

const NOT_TWO = 'it is not two files'

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

/** A pipe that gives this answer, with what it was asked. */
function pipeThat(answer: ArchiveAnswer) {
  const asked: (readonly [keyof ArchivePipe, ImageFile])[] = []
  const give = (way: keyof ArchivePipe) => async (images: ImageFile) => {
    asked.push([way, images])
    return answer
  }
  const pipe: ArchivePipe = { save: give('save'), load: give('load'), check: give('check') }
  return { pipe, asked }
}

const { signal } = new AbortController()
const IDS = [aSealed().record.imageId]

describe('what a folder keeps', () => {
  const text = sealRecords([aSealed()])

  it.each(['images.tar', 'images.tar.zst'])('is two files of ours, one of them %s', async name => {
    const folder = folderWith({ 'records.json': text, [name]: 'x' })
    expect(await openKept(folder)).toEqual({ archive: join(folder, name), sealed: [aSealed()] })
  })

  it('is refused where it is not', async () => {
    const folder = folderWith({ 'records.json': text })
    expect(await openKept(folder)).toBe(NOT_TWO)
    expect(await openKept(join(folder, 'none'))).toBe(NOT_TWO)
    expect(await openKept(join(folder, 'records.json'))).toBe(NOT_TWO)
    symlinkSync(join(folder, 'records.json'), join(folder, 'images.tar'))
    expect(await openKept(folder)).toBe(NOT_TWO)
    const folders = temporaryFolder()
    for (const name of ['records.json', 'images.tar']) mkdirSync(join(folders, name))
    expect(await openKept(folders)).toBe(NOT_TWO)
    const three = folderWith({ 'records.json': text, 'images.tar': '', 'images.tar.zst': '' })
    expect(await openKept(three)).toBe(NOT_TWO)
  })

  it('is refused where its records are damaged', async () => {
    const folder = folderWith({ 'records.json': text.slice(1), 'images.tar': '' })
    expect(await openKept(folder)).toBe('its records cannot be read')
  })

  it.each([
    [false, 'load'],
    [true, 'check']
  ])('is looked at, whether the daemon has it or not: %s', async (isThere, way) => {
    const kept = { archive: '/x', sealed: [aSealed()] }
    const how = { isThere, limit: 9, signal }
    const { pipe, asked } = pipeThat({ what: 'done' })
    expect(await loadKept(kept, pipe, how)).toBeUndefined()
    expect(asked).toEqual([[way, { file: '/x', ids: IDS, limit: 9 }]])
    const refusing = pipeThat({ what: 'refused', why: 'it would set tags' }).pipe
    expect(await loadKept(kept, refusing, how)).toBe('it would set tags')
    const large = pipeThat({ what: 'too large' }).pipe
    expect(await loadKept(kept, large, how)).toBe('it takes more than 9 bytes')
  })
})

describe('writing what is kept', () => {
  const content = (isCompressed: boolean) => {
    const folder = join(temporaryFolder(), 'new')
    return { folder, sealed: [aSealed(), aSealed()], limit: 1_000, isCompressed }
  }

  it.each([
    [true, 'images.tar.zst'],
    [false, 'images.tar']
  ])(
    'writes the records beside the archive, compressed where that can be: %s',
    async (is, name) => {
      const what = content(is)
      const { pipe, asked } = pipeThat({ what: 'done' })
      expect(await writeKept(what, pipe, signal)).toBe(true)
      expect(asked).toEqual([['save', { file: join(what.folder, name), ids: IDS, limit: 1_000 }]])
      const records = readFileSync(join(what.folder, 'records.json'), 'utf8')
      expect(records).toBe(sealRecords(what.sealed))
    }
  )

  it('writes no records of images over the limit', async () => {
    const what = content(true)
    expect(await writeKept(what, pipeThat({ what: 'too large' }).pipe, signal)).toBe(false)
    expect(existsSync(join(what.folder, 'records.json'))).toBe(false)
  })

  it('fails where the daemon does, or where what it gave would be refused', async () => {
    const failing = pipeThat({ what: 'failed', why: 'no space left' }).pipe
    await expect(writeKept(content(true), failing, signal)).rejects.toThrow(/^no space left$/)
    const odd = pipeThat({ what: 'refused', why: 'it is cut short' }).pipe
    await expect(writeKept(content(true), odd, signal)).rejects.toThrow(
      'the daemon gave what is not kept: it is cut short'
    )
  })
})
