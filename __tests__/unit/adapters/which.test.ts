import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { isAbsolute, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { which } from '../../../src/adapters/which.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

describe('which', () => {
  it('finds the first program of that name in the search path', () => {
    const [one, two] = [temporaryFolder(), temporaryFolder()]
    writeScript(join(two, 'tool'), '')
    expect(which('tool', `${one}:${two}`)).toBe(join(two, 'tool'))
    writeScript(join(one, 'tool'), '')
    expect(which('tool', `${one}:${two}`)).toBe(join(one, 'tool'))
  })

  it('follows links, and finds folders of odd names', () => {
    const folder = temporaryFolder('a "b" $c \' ')
    writeScript(join(folder, 'real'), '')
    symlinkSync('real', join(folder, 'tool'))
    expect(which('tool', folder)).toBe(join(folder, 'tool'))
  })

  it('takes neither a folder nor a file that cannot be run nor a link to nowhere', () => {
    const folder = temporaryFolder()
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'text'), '')
    chmodSync(join(folder, 'text'), 0o644)
    symlinkSync('nowhere', join(folder, 'broken'))
    for (const name of ['folder', 'text', 'broken', 'none']) {
      expect(which(name, folder)).toBeUndefined()
    }
  })

  it('does not take an empty entry for the folder that it runs in', () => {
    expect(which('package.json', '::')).toBeUndefined()
    expect(which('tool', '')).toBeUndefined()
  })

  it('gives an absolute path, although the search path is relative: builders run elsewhere', () => {
    const folder = temporaryFolder()
    writeScript(join(folder, 'tool'), '')
    const found = which('tool', relative(process.cwd(), folder))
    expect(found && isAbsolute(found)).toBe(true)
  })

  it('looks in PATH where no search path is given', () => {
    expect(which('sh')).toMatch(/\/sh$/)
  })
})
