import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dockerLogins, fileSecrets } from '../../../src/adapters/secret-files.js'
import { writeTree } from '../../fixtures/project.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const valuesOf = (secrets: readonly { readonly value: string }[]) =>
  secrets.map(({ value }) => value)

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  writeTree(folder, files)
  return folder
}

describe('the logins of docker', () => {
  it('are passwords and tokens of its configuration', () => {
    const auth = Buffer.from('robot:one:two').toString('base64')
    const folder = folderWith({
      'config.json': JSON.stringify({
        auths: { a: { auth }, b: { identitytoken: 'three' }, c: {}, d: null }
      })
    })
    expect(valuesOf(dockerLogins({ DOCKER_CONFIG: folder }))).toEqual(['one:two', 'three'])
  })

  it.each(['{', '[]', 'null', '{"auths":1}'])('are none where it is %s', text => {
    const folder = folderWith({ '.docker/config.json': text })
    expect(dockerLogins({ HOME: folder })).toEqual([])
  })

  it('are none where there is no configuration', () => {
    expect(dockerLogins({ HOME: temporaryFolder() })).toEqual([])
  })
})

describe('a file that a builder is given as a secret', () => {
  it('is one as a whole, and by what its lines name', () => {
    const npmrc = '//npm.example/:_authToken=one-1\nemail=a@b\n'
    const folder = folderWith({ npmrc, netrc: 'machine m login me password two-2\n' })
    const found = valuesOf(fileSecrets([join(folder, 'npmrc'), join(folder, 'netrc')]))
    expect(found).toContain(npmrc)
    expect(found).toContain('one-1')
    expect(found).toContain('two-2')
  })

  it('is none where it is missing, or as large as data', () => {
    const folder = folderWith({ large: 'x'.repeat(20_000) })
    const paths = [join(folder, 'none'), join(folder, 'large'), folder]
    expect(valuesOf(fileSecrets(paths)).join('')).toBe('')
  })
})
