import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkArchive, extractProgram, isProgram, programName } from '../../../src/packer/zip.js'
import { type ZipEntry, zip } from '../../fixtures/release-server.js'
import { failureOf, filesIn, temporary } from './support.js'

const bytes = Buffer.alloc(700_000, 'a program ')
const program: ZipEntry = { name: 'packer', bytes, mode: 0o100755 }
const LINK = 0o120777
const FIFO = 0o010644

async function archived(...entries: readonly ZipEntry[]) {
  const folder = await temporary()
  const archive = join(folder, 'x.zip')
  await writeFile(archive, zip(entries))
  return { folder, archive, name: 'x.zip', file: /^packer$/ }
}

describe('an archive', () => {
  it('gives its program, that can be run, with its hash', async () => {
    const source = await archived({ name: 'LICENSE.txt', bytes: Buffer.from('x') }, program)
    const path = join(source.folder, 'packer')
    const hash = await extractProgram(source, path)
    expect(await readFile(path)).toEqual(bytes)
    expect((await stat(path)).mode & 0o700).toBe(0o700)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(await filesIn(source.folder)).toEqual(['packer', 'x.zip'])
  })

  it('knows its own program from any other', async () => {
    const source = await archived(program)
    const path = join(source.folder, 'packer')
    expect(await isProgram(source, path)).toBe(false)
    await writeFile(path, bytes)
    expect(await isProgram(source, path)).toBe(true)
  })

  it('knows a program of which any one byte was changed, or one was added or taken', async () => {
    const small = Buffer.from('a small program')
    const source = await archived({ ...program, bytes: small })
    const path = join(source.folder, 'packer')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(small.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const changed = Buffer.from(small)
          changed[at] = (changed[at] ?? 0) ^ flip
          await writeFile(path, changed)
          expect(await isProgram(source, path)).toBe(false)
        }
      ),
      { numRuns: 30 }
    )
    await writeFile(path, Buffer.concat([small, Buffer.from('.')]))
    expect(await isProgram(source, path)).toBe(false)
    await writeFile(path, small.subarray(1))
    expect(await isProgram(source, path)).toBe(false)
  })

  it('gives the name of the program that matches', async () => {
    const source = await archived({ ...program, name: 'packer-plugin-x_v1.0.0_x5.0_linux_amd64' })
    const file = /^packer-plugin-x_v1\.0\.0_.*$/
    expect(await programName({ ...source, file })).toBe('packer-plugin-x_v1.0.0_x5.0_linux_amd64')
  })

  it.each([
    ['a path outside', '../packer', 0o100755, 'holds a file outside its folder'],
    ['a path outside, deeper', 'a/../../packer', 0o100755, 'holds a file outside its folder'],
    ['an absolute path', '/etc/cron.d/packer', 0o100644, 'holds a file outside its folder'],
    ['a path with a drive', 'C:/packer', 0o100644, 'holds a file outside its folder'],
    ['a path with backslashes', '..\\packer', 0o100644, 'holds a file outside its folder'],
    ['a symbolic link', 'link', LINK, 'holds a symbolic link or another special file: link'],
    ['a pipe', 'pipe', FIFO, 'holds a symbolic link or another special file: pipe']
  ])('with %s is refused whole, and nothing is written', async (_what, name, mode, message) => {
    const source = await archived(program, { name, bytes: Buffer.from('/etc/passwd'), mode })
    const failure = await failureOf(extractProgram(source, join(source.folder, 'packer')))
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toContain(`x.zip ${message}`)
    expect((await failureOf(checkArchive(source.archive, 'x.zip'))).message).toBe(failure.message)
    expect((await filesIn(source.folder)).filter(file => file !== 'packer')).toEqual(['x.zip'])
  })

  it('is refused for every name that leads out of its folder', async () => {
    const part = fc.constantFrom('..', 'a', 'b')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 5 }), async parts => {
        const source = await archived({ name: parts.join('/'), bytes: Buffer.from('x') })
        const check = checkArchive(source.archive, 'x.zip')
        if (parts.includes('..')) expect((await failureOf(check)).message).toContain('outside')
        else await check
      }),
      { numRuns: 40 }
    )
  })

  it('without the program, or with two of it, is refused', async () => {
    const none = await archived({ ...program, name: 'other' })
    expect((await failureOf(programName(none))).message).toContain('does not hold the program')
    const two = await archived(program, program)
    expect((await failureOf(programName(two))).message).toContain('holds more than once')
  })

  it('that says it holds more than two gigabytes is refused', async () => {
    const source = await archived(program)
    const content = await readFile(source.archive)
    const directory = content.indexOf('PK\x01\x02', 0, 'latin1')
    content.writeUInt32LE(2_100_000_000, directory + 24)
    await writeFile(source.archive, content)
    expect((await failureOf(checkArchive(source.archive, 'x.zip'))).message).toContain(
      'is oversized when unpacked'
    )
  })

  it('that holds more or less than it says is refused', async () => {
    for (const size of [bytes.length - 1, bytes.length + 1]) {
      const source = await archived(program)
      const content = await readFile(source.archive)
      const directory = content.indexOf('PK\x01\x02', 0, 'latin1')
      content.writeUInt32LE(size, directory + 24)
      await writeFile(source.archive, content)
      const failure = await failureOf(extractProgram(source, join(source.folder, 'packer')))
      expect(failure.message).toMatch(/holds (more|less) than it says/)
    }
  })

  it('that is none is refused', async () => {
    const file = join(await temporary(), 'x.zip')
    await writeFile(file, '<html>')
    expect((await failureOf(checkArchive(file, 'x.zip'))).message).toContain('is a damaged archive')
  })
})
