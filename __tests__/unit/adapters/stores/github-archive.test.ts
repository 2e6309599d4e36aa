import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DockerCommand } from '../../../../src/adapters/stores/docker-command.js'
import { openKept, writeKept } from '../../../../src/adapters/stores/github-archive.js'
import { sealRecords } from '../../../../src/adapters/stores/sealed-records.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'
import { aSealed } from './a-record.js'

const NOT_TWO = 'it is not two files'

/** A folder with a copy of itself below it, as it comes out of an archive. */
function unpacked(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder()
  const copy = join(folder, basename(folder))
  mkdirSync(copy)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(copy, name), content)
  return { folder, copy }
}

describe('what a folder keeps', () => {
  it('is refused where it is not the two files of ours', async () => {
    const { folder, copy } = unpacked({ 'records.json': sealRecords([]) })
    expect(await openKept(folder)).toBe(NOT_TWO)
    expect(await openKept(join(folder, 'none'))).toBe(NOT_TWO)
    expect(await openKept(join(copy, 'records.json'))).toBe(NOT_TWO)
    symlinkSync(join(copy, 'records.json'), join(copy, 'images.tar'))
    expect(await openKept(folder)).toBe(NOT_TWO)
    const folders = unpacked({})
    for (const name of ['records.json', 'images.tar']) mkdirSync(join(folders.copy, name))
    expect(await openKept(folders.folder)).toBe(NOT_TWO)
  })

  it('is refused where something came beside the copy', async () => {
    const { folder } = unpacked({ 'records.json': sealRecords([aSealed()]), 'images.tar': 'x' })
    expect(await openKept(folder)).not.toBe(NOT_TWO)
    writeFileSync(join(folder, 'more'), '')
    expect(await openKept(folder)).toBe(NOT_TWO)
  })

  it('is refused where the copy is a link', async () => {
    const { copy } = unpacked({ 'records.json': sealRecords([aSealed()]), 'images.tar': 'x' })
    const folder = temporaryFolder()
    symlinkSync(copy, join(folder, basename(folder)))
    expect(await openKept(folder)).toBe(NOT_TWO)
  })

  it('is refused where one of the two is damaged', async () => {
    const text = sealRecords([aSealed()])
    const records = unpacked({ 'records.json': text.slice(1), 'images.tar': '' })
    expect(await openKept(records.folder)).toBe('its records cannot be read')
    const archive = unpacked({ 'records.json': text, 'images.tar': 'x' })
    expect(await openKept(archive.folder)).toBe('it is cut short')
  })
})

describe('writing what is kept', () => {
  const { signal } = new AbortController()

  /** Writes more than the limit, and would go on for ever. */
  const endless: DockerCommand = async (args, end) => {
    end.throwIfAborted()
    writeFileSync(args[2] ?? '', 'x'.repeat(2_000))
    return new Promise((_, reject) => end.addEventListener('abort', () => reject(end.reason)))
  }

  it('ends as soon as there is more than the limit', async () => {
    const folder = join(temporaryFolder(), 'new')
    const content = { folder, sealed: [aSealed()], limit: 1_000 }
    expect(await writeKept(content, endless, signal)).toBe(false)
  })

  it('ends with the signal', async () => {
    const end = new AbortController()
    const folder = join(temporaryFolder(), 'new')
    const content = { folder, sealed: [aSealed()], limit: 1_000_000 }
    const written = writeKept(content, endless, end.signal)
    end.abort(new Error('over'))
    await expect(written).rejects.toThrow('over')
    await expect(writeKept(content, endless, end.signal)).rejects.toThrow('over')
  })

  it('fails where docker does, or where what it wrote would be refused', async () => {
    const content = { folder: join(temporaryFolder(), 'new'), sealed: [aSealed()], limit: 1_000 }
    const failing: DockerCommand = async () => ({ status: 1, text: 'no space left' })
    await expect(writeKept(content, failing, signal)).rejects.toThrow('no space left')
    const odd: DockerCommand = async args => {
      writeFileSync(args[2] ?? '', 'x')
      return { status: 0, text: '' }
    }
    await expect(writeKept(content, odd, signal)).rejects.toThrow('is cut short')
  })
})
