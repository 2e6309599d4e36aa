import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../fixtures/markdown.js'
import { writeTree } from '../fixtures/project.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const run = (cwd: string, script: string, tag: string) => {
  const { status, stdout, stderr } = spawnSync(join(ROOT, 'script', script), [tag], {
    cwd,
    encoding: 'utf8'
  })
  return { status, stdout, stderr }
}

describe('the notes of a release', () => {
  const checkout = (changes: string) => {
    const folder = temporaryFolder()
    writeTree(folder, {
      'package.json': '{\n  "name": "x",\n  "version": "1.2.3",\n  "private": true\n}\n',
      'CHANGELOG.md': changes
    })
    return folder
  }
  const notes = (changes: string, tag = 'v1.2.3') => run(checkout(changes), 'release-notes', tag)

  it.each(['## 1.2.3 - 2026-11-22', '## [1.2.3] - 2026-11-22', '## 1.2.3'])(
    'are the section of its version: %s',
    heading => {
      const changes = `# Changes\n## Unreleased\nlater\n${heading}\n### Added\n- it\n## 1.2.2\nold\n`
      expect(notes(changes)).toMatchObject({ status: 0, stdout: '### Added\n- it\n' })
    }
  )

  it('are refused where there is no such section, or nothing in it', () => {
    for (const changes of ['## 1.2.30\nother\n', '## 1.2.3\n\n## 1.2.2\nold\n']) {
      expect(notes(changes)).toMatchObject({
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('CHANGELOG.md has no section 1.2.3')
      })
    }
  })

  it('are refused where the tag is another than the version of package.json', () => {
    expect(notes('## 1.2.3\nit\n', 'v1.2.4')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the tag is v1.2.4, and package.json has the version 1.2.3')
    })
  })
})

describe('the tag of the major version', () => {
  function repository(...tags: string[]): string {
    const folder = temporaryFolder()
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder, stdio: 'pipe' })
    git('init', '--quiet')
    git(
      '-c',
      'user.name=a',
      '-c',
      'user.email=a@b',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      'x'
    )
    for (const tag of tags) git('tag', tag)
    return folder
  }
  const major = (tag: string, ...others: string[]) => run(repository(...others), 'major-tag', tag)

  it('moves to the newest release of that version', () => {
    expect(major('v1.10.0', 'v1', 'v1.9.3', 'v1.10.0', 'v2.0.0').stdout).toBe('v1\n')
    expect(major('v2.0.0', 'v1.9.3', 'v2.0.0').stdout).toBe('v2\n')
  })

  it('stays where a newer one is there', () => {
    expect(major('v1.2.4', 'v1.2.4', 'v1.10.0')).toMatchObject({ status: 0, stdout: '' })
  })

  it('is of no other kind of tag', () => {
    expect(major('v1', 'v1').status).toBe(1)
    expect(major('v1.2.3-rc1', 'v1.2.3-rc1').status).toBe(1)
  })
})
