import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { files } from '../../../src/adapters/files.js'
import { ChainError } from '../../../src/errors.js'
import { processorTime } from '../../fixtures/processor-time.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

async function failureOf(call: Promise<unknown>): Promise<ChainError> {
  const error = await call.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw new Error(`found ${String(error)}, expected a ChainError`)
}

/** A folder with a file `f` and a folder `d`. */
function tree(): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'f'), 'é\n')
  mkdirSync(join(folder, 'd'))
  return folder
}

describe('a path', () => {
  it('of many names is not asked for below what is not there', () => {
    const folder = tree()
    const many = '/n'.repeat(400)
    mkdirSync(folder + many, { recursive: true })
    const timeOf = (path: string) =>
      processorTime(() => {
        for (let at = 0; at < 20; at += 1) files.real(path)
      })
    const there = timeOf(`${folder}${many}/./missing`)
    for (const name of ['f', 'missing']) {
      expect(timeOf(`${folder}/${name}${many}/.`)).toBeLessThan(there / 2)
    }
  })

  it('leads where its links lead, also as far as it is not there yet', () => {
    const folder = files.real(tree())
    const real = (name: string) => files.real(`${folder}/${name}`).replace(`${folder}/`, '')
    mkdirSync(join(folder, 'd/e'))
    symlinkSync('d/e', join(folder, 'link'))
    symlinkSync('link/n', join(folder, 'broken'))
    symlinkSync('circle', join(folder, 'circle'))
    expect(
      ['f', 'link', 'link/n/n', 'broken', 'broken/n', 'link/..', 'link/../n'].map(real)
    ).toEqual(['f', 'd/e', 'd/e/n/n', 'd/e/n', 'd/e/n/n', 'd', 'd/n'])
    expect(['f/n', 'circle/n', 'n/../link'].map(real)).toEqual(['f/n', 'circle/n', 'd/e'])
    expect(['n/m/../../link', 'n/../n/../link/..'].map(real)).toEqual(['d/e', 'd'])
  })

  it('exists or does not', () => {
    const folder = tree()
    expect(['f', 'd', 'n', 'f/n'].map(name => files.exists(join(folder, name)))).toEqual([
      true,
      true,
      false,
      false
    ])
  })

  it('is a folder, through links too, or is not', () => {
    const folder = tree()
    symlinkSync('d', join(folder, 'link'))
    symlinkSync('nowhere', join(folder, 'broken'))
    const names = ['f', 'd', 'link', 'n', 'broken', 'n/n']
    expect(names.map(name => files.isFolder(join(folder, name)))).toEqual([
      false,
      true,
      true,
      false,
      false,
      false
    ])
  })

  it('below a file is no folder', () => {
    expect(files.isFolder(join(tree(), 'f', 'x'))).toBe(false)
  })
})

describe('a file', () => {
  it('is read as bytes or as text', async () => {
    const path = join(tree(), 'f')
    expect(Buffer.from(await files.read(path))).toEqual(Buffer.from('é\n'))
    expect(await files.readText(path)).toBe('é\n')
  })

  it.each(['n', 'd', 'f/x'])(
    'that cannot be read (%s) is told with its path and the reason',
    async name => {
      const path = join(tree(), name)
      const error = await failureOf(files.read(path))
      expect(error.code).toBe('FILE_UNREADABLE')
      expect(error.where).toEqual({ file: path })
      expect(error.message).toMatch(/cannot be read: E\w+/)
      expect(error.cause).toBeInstanceOf(Error)
      expect((await failureOf(files.readText(path))).code).toBe('FILE_UNREADABLE')
    }
  )
})

describe('the names in a folder', () => {
  it('are sorted, so that every machine sees the same', async () => {
    const folder = temporaryFolder()
    for (const name of ['b', 'a', 'B', '.c']) writeFileSync(join(folder, name), '')
    expect(await files.list(folder)).toEqual(['.c', 'B', 'a', 'b'])
  })

  it('are none where there is no folder', async () => {
    const folder = tree()
    expect(await files.list(join(folder, 'n'))).toEqual([])
    expect(await files.list(join(folder, 'f'))).toEqual([])
  })
})

describe('what is written', () => {
  it('is read back the same, and nothing else is left beside it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async text => {
        const folder = temporaryFolder()
        await files.write(join(folder, 'report.json'), text)
        expect(await files.readText(join(folder, 'report.json'))).toBe(text)
        expect(readdirSync(folder)).toEqual(['report.json'])
      }),
      { numRuns: 20 }
    )
  })

  it('makes the folders that are missing', async () => {
    const path = join(temporaryFolder(), 'a', 'b', 'report.json')
    await files.write(path, '{}')
    expect(readFileSync(path, 'utf8')).toBe('{}')
  })

  it('takes the place of what was there', async () => {
    const path = join(tree(), 'f')
    await files.write(path, 'new')
    expect(readFileSync(path, 'utf8')).toBe('new')
  })

  it('comes whole, whoever else writes at the same moment', async () => {
    const path = join(temporaryFolder(), 'report.json')
    const texts = Array.from({ length: 8 }, (_, at) => String(at).repeat(100_000))
    await Promise.all(texts.map(text => files.write(path, text)))
    expect(texts).toContain(readFileSync(path, 'utf8'))
  })

  it.each([
    ['below a file', 'f/report.json'],
    ['in the place of a folder', 'd']
  ])('is told with its path and the reason where it cannot be: %s', async (_, name) => {
    const folder = tree()
    const path = join(folder, name)
    const error = await failureOf(files.write(path, 'x'))
    expect(error.code).toBe('OUTPUT_UNWRITABLE')
    expect(error.where).toEqual({ file: path })
    expect(error.message).toMatch(/cannot be written: E\w+/)
    expect(readdirSync(folder).sort()).toEqual(['d', 'f'])
    expect(existsSync(join(folder, 'd'))).toBe(true)
  })
})
