import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { newFiles } from '../../../src/adapters/new-files.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const file = (path: string, isProgram = false) => ({ path, text: 'new', isProgram })

it('writes a file with the folders on the way, and makes a program one that runs', async () => {
  const folder = temporaryFolder()
  await newFiles.create(folder, file('a/b/run', true))
  await newFiles.create(folder, file('a/b/read'))
  expect(readFileSync(join(folder, 'a/b/read'), 'utf8')).toBe('new')
  expect(statSync(join(folder, 'a/b/run')).mode & 0o100).toBe(0o100)
  expect(statSync(join(folder, 'a/b/read')).mode & 0o100).toBe(0)
})

it('leaves what came to be there meanwhile as it is, a link that leads nowhere too', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'there'), 'old')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
  for (const path of ['there', 'link', 'there/below']) {
    await expect(newFiles.create(folder, file(path))).rejects.toMatchObject({
      code: 'OUTPUT_UNWRITABLE'
    })
  }
  expect(readFileSync(join(folder, 'there'), 'utf8')).toBe('old')
})

it('says what is in the way: a file, a link, a file in place of a folder, a folder that is a link', () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'folder/file'), '')
  symlinkSync('/nowhere', join(folder, 'dead'))
  symlinkSync('/tmp', join(folder, 'out'))
  const obstacle = (path: string) => newFiles.obstacle(folder, path)
  expect(obstacle('folder/new')).toBeUndefined()
  expect(obstacle('new/new')).toBeUndefined()
  expect(obstacle('folder/file')).toBe('folder/file is there')
  expect(obstacle('dead')).toBe('dead is there')
  expect(obstacle('folder/file/new')).toBe('folder/file is no folder')
  expect(obstacle('out/new')).toBe('out is no folder')
})
