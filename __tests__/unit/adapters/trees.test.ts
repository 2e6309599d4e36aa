import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { isSettled } from '../../../src/adapters/kept-hashes.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { ChainError } from '../../../src/errors.js'
import type { Exec } from '../../../src/ports.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** A folder `d` with a file, a folder and a link, and links to it and to a file. */
function tree(): string {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'd/e'), { recursive: true })
  writeFileSync(join(folder, 'd/f'), 'content', { mode: 0o640 })
  symlinkSync('f', join(folder, 'd/l'))
  symlinkSync('d', join(folder, 'to-folder'))
  symlinkSync('d/f', join(folder, 'to-file'))
  symlinkSync('nowhere', join(folder, 'broken'))
  symlinkSync('.', join(folder, 'above'))
  return folder
}

describe('a list of a folder', () => {
  const trees = openTrees(exec, undefined)
  const listed = (path: string) =>
    trees.list(path).map(({ path, kind, target }) => [path, kind, target].join(' ').trim())

  it('has each entry with its kind, in the order of names', () => {
    expect(listed(join(tree(), 'd'))).toEqual(['e folder', 'f file', 'l link f'])
  })

  it('has the permissions of each, and nothing of its kind among them', () => {
    const [, file] = trees.list(join(tree(), 'd'))
    expect(file?.mode).toBe(0o640)
  })

  it('is that of the folder to which a link leads, wherever the link is on the way', () => {
    const folder = tree()
    const all = ['e folder', 'f file', 'l link f']
    expect(['to-folder', 'above/d', 'above/to-folder'].map(at => listed(join(folder, at)))).toEqual(
      [all, all, all]
    )
  })

  it('has nothing where there is no folder', () => {
    const folder = tree()
    const places = ['d/f', 'to-file', 'broken', 'none', 'd/f/none']
    expect(places.flatMap(at => listed(join(folder, at)))).toEqual([])
  })
})

describe('large files that are hashed ahead', () => {
  const write = (folder: string, text: string) =>
    ['a', 'b'].map(name => {
      const path = join(folder, name)
      writeFileSync(path, Buffer.alloc(40_000_000, text))
      return path
    })
  const stamped = (paths: readonly string[]) =>
    paths.map(path => ({ path, stamp: openTrees(exec).look(path)?.stamp ?? '' }))

  it('are not read again for the next image', async () => {
    const trees = openTrees(exec)
    const files = stamped(write(temporaryFolder(), 'one'))
    await expect.poll(() => files.every(({ stamp }) => isSettled(stamp))).toBe(true)
    await trees.hashAhead(() => files)
    const hashes = files.map(({ path, stamp }) => trees.hash(path, stamp))
    for (const { path } of files) rmSync(path)
    await trees.hashAhead(() => files)
    expect(files.map(({ path, stamp }) => trees.hash(path, stamp))).toEqual(hashes)
  })

  it('are read again where a later write could leave their times as they were', async () => {
    const trees = openTrees(exec)
    const folder = temporaryFolder()
    const files = stamped(write(folder, 'one')).map(file => ({
      ...file,
      stamp: file.stamp.replace(/^(\d+[.]\d+)[.]\d+/, `$1.${Date.now() + 3_600_000}000000`)
    }))
    await trees.hashAhead(() => files)
    const hashesNow = () => files.map(({ path, stamp }) => trees.hash(path, stamp))
    const before = hashesNow()
    write(folder, 'two')
    expect(hashesNow().filter(hash => before.includes(hash))).toEqual([])
  })
})

describe('what git knows of a folder', () => {
  /** A git that goes on until its time is over, and without a limit for ever. */
  const endless: Exec = {
    ...exec,
    which: () => '/usr/bin/git',
    capture: async (_tool, _args, options) => {
      if (options?.timeout === undefined) return new Promise(() => undefined)
      throw new ChainError('BUILD_TIMEOUT', 'git did not end', { hint: 'Wait.' })
    }
  }

  it('is not known where git takes too long over it', async () => {
    expect(await openTrees(endless, undefined).tracked(tree())).toBeUndefined()
  })
})
