import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
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
