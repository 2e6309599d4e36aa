import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DockerCommand } from '../../../../src/adapters/stores/docker-command.js'
import { openKept, writeKept } from '../../../../src/adapters/stores/github-archive.js'
import { sealRecords } from '../../../../src/adapters/stores/sealed-records.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'
import { aSealed } from './a-record.js'

const NOT_TWO = 'it is not two files'

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

describe('what a folder keeps', () => {
  it('is refused where it is not the two files of ours', async () => {
    const folder = folderWith({ 'records.json': sealRecords([]) })
    expect(await openKept(folder)).toBe(NOT_TWO)
    expect(await openKept(join(folder, 'none'))).toBe(NOT_TWO)
    expect(await openKept(join(folder, 'records.json'))).toBe(NOT_TWO)
    symlinkSync(join(folder, 'records.json'), join(folder, 'images.tar'))
    expect(await openKept(folder)).toBe(NOT_TWO)
    const folders = temporaryFolder()
    for (const name of ['records.json', 'images.tar']) mkdirSync(join(folders, name))
    expect(await openKept(folders)).toBe(NOT_TWO)
  })

  it('is refused where one of the two is damaged', async () => {
    const text = sealRecords([aSealed()])
    const records = folderWith({ 'records.json': text.slice(1), 'images.tar': '' })
    expect(await openKept(records)).toBe('its records cannot be read')
    const archive = folderWith({ 'records.json': text, 'images.tar': 'x' })
    expect(await openKept(archive)).toBe('it is cut short')
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
