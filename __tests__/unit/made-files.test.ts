import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/flags.js'
import { FLAGS, INPUTS } from '../../src/option-table.js'
import { manPage } from '../../src/report/man-page.js'
import { ROOT } from '../fixtures/markdown.js'

const PAGE = join(ROOT, 'man/build-chain.1')

/** Programs that render a man page, and how each is asked for plain text and all that it has to complain of. */
const RENDERERS: readonly (readonly [string, readonly string[]])[] = [
  ['groff', ['-man', '-Tutf8', '-ww', '-P-c', PAGE]],
  ['mandoc', ['-Tutf8', '-Werror', PAGE]]
]
const present = RENDERERS.filter(([tool]) => !spawnSync(tool, ['--version']).error)

test('the man page and images.schema.json are what script/made-files writes', async () => {
  const check = promisify(execFile)(process.execPath, ['script/made-files', '--check'], {
    cwd: ROOT
  })
  await expect(check).resolves.toMatchObject({ stderr: '' })
})

describe('the man page', () => {
  test('is in the package', () => {
    const { man, files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
    expect(man).toEqual(['./man/build-chain.1'])
    expect(files).toContain('man')
  })

  test('names every command and option', () => {
    const text = manPage().replaceAll('\\-', '-')
    for (const command of COMMANDS) expect(text).toContain(`.SS build-chain ${command}`)
    for (const { name, kind } of [...INPUTS, ...FLAGS]) {
      if (name === 'command') continue
      expect(text).toContain(`\\fB--${kind === 'boolean' ? '[no-]' : ''}${name}\\fR`)
    }
  })

  test.each(present)('is rendered by %s without a complaint', (tool, args) => {
    const { stdout, stderr, status } = spawnSync(tool, args, { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const plain = stdout.replace(/.\u0008/g, '').replace(/\u001B\[[0-9;]*m/g, '')
    expect(plain).toContain('build-chain generate [OPTIONS] [IMAGE...]')
    expect(plain).toMatch(/EXIT STATUS\s+0\s+all is well/)
    expect(plain).toContain("build-chain build 'acme/*'")
  })
})
