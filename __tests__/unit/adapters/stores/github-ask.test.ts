import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../../src/adapters/exec.js'
import { askByProgram } from '../../../../src/adapters/stores/github-ask.js'
import { answerLine } from '../../../../src/adapters/stores/program-answer.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

const { signal } = new AbortController()

/** A client that gives these answers, and does this before the last where its archives are unpacked, in place of the real one; with the folder that it fills. */
function stage(does: string, answers: readonly unknown[] = ['key', 'key']) {
  const root = temporaryFolder()
  const [program, folder] = [join(root, 'program.cjs'), join(root, 'temp/kept')]
  mkdirSync(dirname(folder))
  const say = (value: unknown) => `fs.writeSync(1, ${JSON.stringify(answerLine(value))})`
  writeFileSync(
    program,
    `const fs = require('node:fs')
    process.chdir(process.env.GITHUB_WORKSPACE)
    ${answers.slice(0, -1).map(say).join('\n')}
    ${does}
    ${answers.slice(-1).map(say).join('\n')}`
  )
  const programUrl = pathToFileURL(program).href
  const ask = askByProgram({ exec, runner: process.env, programUrl })
  const prefixes: string[] = []
  const fetch = () => ask({ name: 'fetch', folder, key: 'key', prefixes }, signal)
  return { folder, ask, fetch }
}

const KEPT = "fs.mkdirSync('kept'); fs.writeFileSync('kept/file', 'ours');"

describe('what GitHub’s cache brings', () => {
  it('comes to its folder, and leaves nothing beside it', async () => {
    const { folder, fetch } = stage(KEPT)
    expect((await fetch()).values).toEqual(['key', 'key'])
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('ours')
    expect(readdirSync(dirname(folder))).toEqual(['kept'])
  })

  it.each([
    ['something beside the folder', `${KEPT} fs.writeFileSync('more', '')`],
    ['a link in the folder', `${KEPT} fs.symlinkSync('/etc', 'kept/link')`],
    ['a link in place of the folder', "fs.symlinkSync('/etc', 'kept')"],
    ['another folder', "fs.mkdirSync('other')"],
    ['nothing at all', '']
  ])('is refused with %s, and comes nowhere', async (_, does) => {
    const { folder, fetch } = stage(does)
    const { values, output } = await fetch()
    expect(values).toEqual(['key', undefined])
    expect(output).toMatch(/^::warning::Failed to restore: the archive is not what was kept$/m)
    expect(readdirSync(dirname(folder))).toEqual([])
  })

  it('is nothing where there is no entry', async () => {
    const { folder, fetch } = stage('', [undefined])
    const { values, output } = await fetch()
    expect([values, output]).toEqual([[undefined], expect.not.stringContaining('::warning::')])
    expect(readdirSync(dirname(folder))).toEqual([])
  })

  it('is unpacked where nobody else may look', async () => {
    const { folder, fetch } = stage(
      `${KEPT} fs.writeFileSync('kept/mode', String(fs.statSync('.').mode & 0o777))`
    )
    await fetch()
    expect(Number(readFileSync(join(folder, 'mode'), 'utf8'))).toBe(0o700)
  })
})

it('what is kept is packed from above its folder', async () => {
  const { folder, ask } = stage("fs.writeFileSync('here', '')", [1])
  expect((await ask({ name: 'save', folder, key: 'key' }, signal)).values).toEqual([1])
  expect(readdirSync(dirname(folder))).toEqual(['here'])
})
