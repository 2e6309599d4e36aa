import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../fixtures/markdown.js'
import { writeTree } from '../fixtures/project.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const PROGRAMS = join(ROOT, '__tests__/fixtures/github')

/** A checkout of the release 1.2.3, what it is to have, and a GitHub that may know it already. */
function site() {
  const folder = temporaryFolder()
  writeTree(folder, {
    'checkout/package.json': '{\n  "name": "x",\n  "version": "1.2.3",\n  "private": true\n}\n',
    'checkout/CHANGELOG.md': '## 1.2.3\nIt is there.\n',
    'files/x.tar.gz': 'an archive',
    'files/SHA256SUMS': 'its hash',
    'github/calls': ''
  })
  const github = join(folder, 'github')
  const publish = (env: Readonly<Record<string, string>> = { GH_IMMUTABLE: '1' }) => {
    writeFileSync(join(github, 'calls'), '')
    const { status, stderr } = spawnSync(
      join(ROOT, 'script/publish-release'),
      ['v1.2.3', join(folder, 'files')],
      {
        cwd: join(folder, 'checkout'),
        encoding: 'utf8',
        env: {
          PATH: [PROGRAMS, dirname(process.execPath), process.env.PATH].join(delimiter),
          GH_HOME: github,
          GH_REPO: 'acme/x',
          ...env
        }
      }
    )
    const calls = readFileSync(join(github, 'calls'), 'utf8').trim().split('\n')
    return { status, stderr, calls }
  }
  const state = () => JSON.parse(readFileSync(join(github, 'v1.2.3.json'), 'utf8'))
  const has = () => readdirSync(join(github, 'v1.2.3')).sort()
  return { folder, github, publish, state, has }
}

describe('a release', () => {
  it('is a draft until it is filled and was compared, and is published last', () => {
    const { publish, state, has } = site()
    const { status, calls } = publish()
    expect(status).toBe(0)
    expect(calls).toEqual([
      'release view',
      'release create',
      'release upload',
      'release download',
      'release edit --draft=false',
      'api repos/acme/x/releases/tags/v1.2.3'
    ])
    expect(state()).toEqual({ draft: false, notes: 'It is there.\n' })
    expect(has()).toEqual(['SHA256SUMS', 'x.tar.gz'])
  })

  it('stays a draft where a file of it arrived damaged', () => {
    const { folder, publish, state } = site()
    const { status, stderr } = publish({ GH_IMMUTABLE: '1', GH_DAMAGE: 'x.tar.gz' })
    expect(status).toBe(1)
    expect(stderr).toContain(`the release v1.2.3 has other files than ${join(folder, 'files')}`)
    expect(state().draft).toBe(true)
  })

  it('begins anew where an earlier run has left a draft', () => {
    const { publish, state, has, github } = site()
    publish({ GH_IMMUTABLE: '1', GH_FAIL: 'release upload' })
    expect(state().draft).toBe(true)
    writeFileSync(join(github, 'v1.2.3/stranger'), '')
    expect(publish().status).toBe(0)
    expect(has()).toEqual(['SHA256SUMS', 'x.tar.gz'])
    expect(state().draft).toBe(false)
  })

  it('that is published is left as it is, and has to have the same files', () => {
    const { folder, publish } = site()
    publish()
    const again = publish()
    expect(again.status).toBe(0)
    expect(again.calls).not.toContain('release upload')
    writeFileSync(join(folder, 'files/x.tar.gz'), 'another archive')
    expect(publish().status).toBe(1)
  })

  it('that can be changed after it was published is told, with what to switch on', () => {
    const { publish } = site()
    const { status, stderr } = publish({})
    expect(status).toBe(1)
    expect(stderr).toContain("enable release immutability in the repository's settings")
  })

  it('is not begun where GitHub does not answer, or the version has no notes', () => {
    const { folder, github, publish } = site()
    expect(publish({ GH_FAIL: 'release view' }).status).toBe(1)
    writeTree(folder, { 'checkout/CHANGELOG.md': '## Unreleased\n' })
    expect(publish().status).toBe(1)
    expect(existsSync(join(github, 'v1.2.3'))).toBe(false)
  })
})
