import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guardedPath } from '../../../src/adapters/guarded-tar.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

/** A workspace with a folder beside it, of which an archive is made as the cache's client does. */
function kept(...more: readonly string[]) {
  const root = temporaryFolder()
  const [workspace, folder, archive] = ['work/it', 'temp/kept it', 'archive'].map(name =>
    join(root, name)
  ) as [string, string, string]
  for (const each of [workspace, folder]) mkdirSync(each, { recursive: true })
  writeFileSync(join(folder, 'images.tar'), 'images')
  mkdirSync(join(folder, 'below'))
  writeFileSync(join(folder, 'below/a b'), 'x')
  const pack = (...words: readonly string[]) =>
    execFileSync('tar', [
      '-cf',
      archive,
      '-P',
      '-C',
      workspace,
      relative(workspace, folder),
      ...words
    ])
  pack(...more)
  const unpack = () =>
    spawnSync('tar', ['-xf', archive, '-P', '-C', workspace], {
      env: { ...process.env, PATH: guardedPath(folder, workspace) },
      encoding: 'utf8'
    })
  return { root, folder, pack, unpack }
}

describe("the tar of GitHub's cache", () => {
  it('unpacks what was kept of the folder', () => {
    const { folder, unpack } = kept()
    rmSync(folder, { recursive: true })
    expect(unpack()).toMatchObject({ status: 0, stderr: '' })
    expect(readFileSync(join(folder, 'images.tar'), 'utf8')).toBe('images')
    expect(readFileSync(join(folder, 'below/a b'), 'utf8')).toBe('x')
  })

  it('refuses an archive of which nothing is listed', () => {
    const root = temporaryFolder()
    const unpacked = join(root, 'unpacked')
    writeScript(join(root, 'tar'), `case " $* " in *' -xf '*) : >'${unpacked}' ;; esac`)
    const path = `${root}:${process.env.PATH}`
    const { status } = spawnSync('tar', ['-xf', 'archive', '-P', '-C', root], {
      env: { ...process.env, PATH: guardedPath(join(root, 'kept'), root, path) }
    })
    expect(status).toBe(1)
    expect(existsSync(unpacked)).toBe(false)
  })

  it.each([
    ['an absolute path', (root: string) => join(root, 'evil')],
    ['a file beside the folder', () => '../../temp/evil'],
    ['a way back out of the folder', () => '../../temp/kept it/../evil'],
    ['a folder of a name that begins the same', () => '../../temp/kept item']
  ])('refuses an archive with %s, and writes nothing', (_, pathIn) => {
    const { root, folder, pack, unpack } = kept()
    for (const name of ['evil', 'temp/evil', 'temp/kept item']) {
      writeFileSync(join(root, name), 'evil')
    }
    pack(pathIn(root))
    for (const name of ['evil', 'temp/evil', 'temp/kept item']) rmSync(join(root, name))
    rmSync(folder, { recursive: true })
    const { status, stderr } = unpack()
    expect(status).not.toBe(0)
    expect(stderr).toContain('which is not what was kept')
    expect(
      ['evil', 'temp/evil', 'temp/kept item', folder].filter(name => existsSync(join(root, name)))
    ).toEqual([])
    expect(existsSync(folder)).toBe(false)
  })

  it.each([
    ['a link', (folder: string) => symlinkSync('/etc', join(folder, 'link'))],
    [
      'a further name of a file',
      (folder: string) => linkSync(join(folder, 'images.tar'), join(folder, 'other'))
    ]
  ])('refuses an archive with %s', (_, make) => {
    const { folder, pack, unpack } = kept()
    make(folder)
    pack()
    rmSync(folder, { recursive: true })
    expect(unpack().status).not.toBe(0)
    expect(existsSync(folder)).toBe(false)
  })

  it.each([' ../../temp/kept it/evil', 'a 2026-01-01 00:00 ../../temp/kept it/evil'])(
    'refuses an archive with the name %j, which only ends like one of the folder',
    name => {
      const { root, folder, pack, unpack } = kept()
      writeFileSync(join(root, 'temp/evil'), '')
      pack(`--transform=s|.*temp/evil$|${name}|`, '../../temp/evil')
      rmSync(folder, { recursive: true })
      const { status, stderr } = unpack()
      expect(status).not.toBe(0)
      expect(stderr).toContain(name)
      expect(existsSync(folder)).toBe(false)
    }
  )

  it('makes archives as ever', () => {
    const { root, folder } = kept()
    const archive = join(root, 'other')
    const made = spawnSync('tar', ['--posix', '-cf', archive, '-P', folder], {
      env: { ...process.env, PATH: guardedPath(folder, root) }
    })
    expect(made.status).toBe(0)
    expect(existsSync(archive)).toBe(true)
  })
})
