import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unifiedDiff } from '../../../src/report/unified-diff.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** What `patch` makes of a file. */
function patched(before: string, text: string): string {
  const folder = temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, before)
  const input = unifiedDiff({ name: 'file', before, text })
  const { status, stderr } = spawnSync('git', ['apply', '--unidiff-zero', '-'], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { ...process.env, GIT_CEILING_DIRECTORIES: folder }
  })
  expect(status, stderr).toBe(0)
  return readFileSync(file, 'utf8')
}

describe('how a file differs', () => {
  it.each([
    ['with a line end', '\n'],
    ['without one', '']
  ])('is told of thousands of changed lines %s, too, as git takes it', (_, end) => {
    const lines = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => `${name} ${at}`).join('\n') + end
    const [before, text] = [lines('old', 5_000), lines('new', 4_000)]
    expect(patched(before, text)).toBe(text)
    expect(unifiedDiff({ name: 'file', before, text })).toContain('@@ -1,5000 +1,4000 @@')
  })

  it('is what git makes the one of the other by, for any lines', () => {
    const line = fc.constantFrom('a', 'b', '-', '+', ' ', '\\ No newline', '')
    const text = fc.array(line, { minLength: 1, maxLength: 12 }).map(lines => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '')
        expect(patched(before, after)).toBe(after)
      }),
      { numRuns: 40 }
    )
  })
})
