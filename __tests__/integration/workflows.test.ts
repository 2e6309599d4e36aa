import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { filesIn, ROOT, readDocuments } from '../fixtures/markdown.js'
import { writeTree } from '../fixtures/project.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'
import { findWorkflowTools } from '../fixtures/workflow-runner.js'

const { folder: tools = '' } = findWorkflowTools()

/** Workflow files below a folder, relative to the project's root. */
function workflowsBelow(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
  return names
    .filter(name => /\.ya?ml$/.test(name))
    .map(name => join(folder, name))
    .filter(path => /^jobs:/m.test(readFileSync(join(ROOT, path), 'utf8')))
}

const OWN = filesIn('.github/workflows', '.yml')
const OTHERS = ['examples', '__tests__/fixtures'].flatMap(workflowsBelow)

/** Every workflow that a document shows, by the document's file and line. */
const SHOWN = readDocuments()
  .flatMap(({ blocks }) => blocks)
  .filter(({ language, text }) => /^ya?ml$/.test(language) && /^jobs:/m.test(text))

/** A repository with the workflows that the documents show. */
function shownWorkflows(): { folder: string; files: string[] } {
  const folder = temporaryFolder()
  const named = SHOWN.map(({ place, text }) => {
    const name = `.github/workflows/${place.replace(/[^\w.]+/g, '-')}.yml`
    return [name, text] as const
  })
  writeTree(folder, Object.fromEntries(named))
  execFileSync('git', ['init', '--quiet', folder])
  return { folder, files: named.map(([name]) => name) }
}

const lint = (cwd: string, files: readonly string[]) =>
  spawnSync(join(tools, 'actionlint'), ['-oneline', ...files], { cwd, encoding: 'utf8' })

const CONFIG = join(ROOT, '.github/zizmor.yml')

const audit = (cwd: string, ...args: string[]) =>
  spawnSync(
    join(tools, 'zizmor'),
    ['--offline', '--no-progress', '--quiet', '--strict-collection', `--config=${CONFIG}`, ...args],
    { cwd, encoding: 'utf8' }
  )

const ALL_IS_WELL = { status: 0, stdout: expect.not.stringContaining(':'), stderr: '' }
const NO_FINDINGS = { status: 0, stdout: expect.stringContaining('No findings'), stderr: '' }

describe.skipIf(tools === '')('every workflow', () => {
  it('of several places is looked at', () => {
    expect(OWN.length).toBeGreaterThan(2)
    expect(OTHERS.length).toBeGreaterThan(2)
    expect(SHOWN.length).toBeGreaterThan(4)
    for (const file of [...OWN, ...OTHERS]) expect(existsSync(join(ROOT, file))).toBe(true)
  })

  it('of the project is one by actionlint', () => {
    expect(lint(ROOT, [...OWN, ...OTHERS])).toMatchObject(ALL_IS_WELL)
  })

  it('that a document shows is one by actionlint', () => {
    const { folder, files } = shownWorkflows()
    expect(lint(folder, files)).toMatchObject(ALL_IS_WELL)
  })

  it('of the project, and action.yml, pass the audits of zizmor', () => {
    const own = ['action.yml', '.github/dependabot.yml', ...OWN]
    expect(audit(ROOT, ...own, ...OTHERS)).toMatchObject(NO_FINDINGS)
  })

  it('that a document shows passes the audits of zizmor', () => {
    const { folder, files } = shownWorkflows()
    expect(audit(folder, ...files)).toMatchObject(NO_FINDINGS)
  })

  it('would be caught with a fault', () => {
    const folder = temporaryFolder()
    const faulty = [
      'on: pull_request_target',
      'jobs:',
      '  build:',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - run: echo ${{ github.event.pull_request.title }}'
    ]
    writeTree(folder, { '.github/workflows/faulty.yml': `${faulty.join('\n')}\n` })
    execFileSync('git', ['init', '--quiet', folder])
    const file = '.github/workflows/faulty.yml'
    expect(lint(folder, [file]).stdout).toContain('potentially untrusted')
    expect(audit(folder, file).stdout).toContain('template-injection')
  })
})
