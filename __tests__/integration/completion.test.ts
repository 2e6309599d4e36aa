import { describe, expect, it, test } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { presentShells } from '../fixtures/shells.js'

function project(): string {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: 'acme/base:1.0', dockerfile: 'x' },
      { tag: 'acme/app:2', dockerfile: 'y' },
      { name: 'tools', version: '3' }
    )
  })
  return root
}

/** A line, and the one word that fits at its end. */
const LINES: readonly (readonly [line: string, word: string])[] = [
  ['build-chain pl', 'plan'],
  ['build-chain generate --ch', '--check'],
  ['build-chain build --no-fail-f', '--no-fail-fast'],
  ['build-chain plan packer__t', 'packer__tools-3.json'],
  ['build-chain acme/ap', 'acme/app:2'],
  ['build-chain completion z', 'zsh'],
  ['build-chain help gen', 'generate']
]

const cases = presentShells.flatMap(([shell, complete]) =>
  LINES.map(([line, word]) => ({ shell, complete, line, word }))
)

test.each(cases)('$shell completes `$line` to $word', async ({ complete, line, word }) => {
  expect(await complete(line, project())).toEqual([word])
})

describe('bash', () => {
  const complete = Object.fromEntries(presentShells).bash

  it.each([
    ['build-chain build acme/base:1', ['1.0']],
    ['build-chain build acme/base:', ['1.0']],
    ['build-chain build --images=acme/ap', ['acme/app:2']],
    ['build-chain plan --format=js', ['json']],
    ['build-chain plan --format js', ['json']],
    ['build-chain schema ', []],
    ['build-chain schema --ch', []]
  ])('gives what belongs after its word breaks: %s', async (line, words) => {
    expect(await complete?.(line, project())).toEqual(words)
  })
})

describe('completion', () => {
  it.each([
    [[], 'found nothing'],
    [['tcsh'], 'found `tcsh`']
  ])('%j is refused with the shells that there are', async (args, found) => {
    const { status, stderr } = await runCli(['completion', ...args])
    expect(status).toBe(2)
    expect(stderr).toContain(`${found}, expected bash, zsh, fish`)
  })

  it('completes nothing, and says nothing, where there is no manifest', async () => {
    for (const [, complete] of presentShells.filter(([name]) => name !== 'zsh')) {
      expect(await complete('build-chain plan acme/a', temporaryProject())).toEqual([])
    }
  })
})
