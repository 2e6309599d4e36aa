import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

/** Longer than what a message shows of a text. */
const TOKEN = `npm_${'0aZ9'.repeat(20)}`

function project(image: object) {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest({ tag: 'acme/app:1', dockerfile: 'Dockerfile', ...image }),
    Dockerfile: 'FROM scratch\nARG DB_PASSWORD\nARG PIN\n'
  })
  return root
}

/** A chain whose manifest is wrong at the place where it takes a secret from the environment. */
const wrong = () => project({ tag: 'acme/app:1.{env[NPM_TOKEN]}!' })

const SECRETS = { DB_PASSWORD: 'correct horse', PIN: '7' }

describe('an error that quotes a secret', () => {
  it('shows it nowhere on the command line, cut off as it may be', async () => {
    const { stderr, status } = await runCli(['plan'], {
      cwd: wrong(),
      env: { ...standIns().env, NPM_TOKEN: TOKEN }
    })
    expect(status).toBe(2)
    expect(stderr).toContain('acme/app:1.***')
    expect(stderr).not.toContain(TOKEN.slice(0, 8))
  })

  it('shows it in no annotation and no summary of a step', async () => {
    const step = await runAction({
      workspace: wrong(),
      env: { ...standIns().env, NPM_TOKEN: TOKEN }
    })
    expect(step.status).toBe(2)
    const shown = step.stdout.replace(`::add-mask::${TOKEN}\n`, '')
    expect(shown).toContain('acme/app:1.***')
    expect(shown + step.summary + step.stderr).not.toContain(TOKEN.slice(0, 8))
    expect(step.summary).toContain('&#42;&#42;&#42;')
  })
})

describe('a plan with secrets in its build arguments', () => {
  it('shows them to no person, and gives them to a program to the letter', async () => {
    const at = { cwd: project({ build_args: SECRETS }), env: standIns().env }
    const text = await runCli(['plan'], at)
    expect(text.stdout).toContain("--build-arg 'DB_PASSWORD=***' --build-arg PIN=***")
    const json = await runCli(['plan', '--format', 'json'], at)
    expect(json.stdout).toContain('DB_PASSWORD=correct horse')
  })

  it('has them in no summary and no report of a step', async () => {
    const temporary = temporaryFolder()
    const step = await runAction({
      workspace: project({ build_args: SECRETS }),
      inputs: { command: 'plan' },
      env: { ...standIns().env, RUNNER_TEMP: temporary }
    })
    const report = readFileSync(step.outputs.report ?? '', 'utf8')
    expect(report).toContain('DB_PASSWORD=***')
    expect(step.summary + report).not.toContain('correct horse')
    expect(step.stdout).toContain('::add-mask::correct horse')
  })
})

describe('a build with secrets that the workflow names', () => {
  it('masks them, and of a secret of one letter only the value of its argument', async () => {
    const root = project({ build_args: SECRETS, extra_args: '--label licence={env[LICENCE]}' })
    const { stderr, status } = await runCli(['build', '--report', 'report.json'], {
      cwd: root,
      env: { ...standIns().env, LICENCE: 'two-eyed seal', BUILD_CHAIN_SECRETS: 'LICENCE' }
    })
    expect(status, stderr).toBe(0)
    const shown = stderr + readFileSync(join(root, 'report.json'), 'utf8')
    expect(shown).toContain('licence=***')
    expect(shown).toContain('PIN=***')
    expect(shown).not.toMatch(/two-eyed seal|correct horse|PIN=7/)
    expect(JSON.parse(readFileSync(join(root, 'report.json'), 'utf8'))).toMatchObject({
      images: [{ status: 'built', tags: ['acme/app:1'] }]
    })
  })
})

describe('what an image is known by', () => {
  it('changes with each of its secrets, and with nothing else', async () => {
    const root = project({
      build_args: { DB_PASSWORD: '{env[DB]}' },
      extra_args: '--build-arg PIN --secret id=key,src=key'
    })
    const { env } = standIns()
    const fingerprint = async (key: string, more: Readonly<Record<string, string>>) => {
      writeTree(root, { key })
      const args = ['plan', '--format', 'json']
      const { stdout } = await runCli(args, { cwd: root, env: { ...env, ...more } })
      return (JSON.parse(stdout) as { images: { fingerprint: string }[] }).images[0]?.fingerprint
    }
    const prints = [
      await fingerprint('a', { DB: 'one', PIN: '1' }),
      await fingerprint('b', { DB: 'one', PIN: '1' }),
      await fingerprint('a', { DB: 'two', PIN: '1' }),
      await fingerprint('a', { DB: 'one', PIN: '2' })
    ]
    expect(new Set(prints).size).toBe(4)
    expect(await fingerprint('a', { DB: 'one', PIN: '1', OTHER_TOKEN: 'x' })).toBe(prints[0])
  })
})
