import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runCli } from '../fixtures/program.js'
import { programsWith } from '../fixtures/programs-with.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { closeTerminal } from '../fixtures/pseudo-terminal.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const image = (name: string) => ({ tag: `acme/${name}:1`, dockerfile: `${name}.Dockerfile` })

/** A build of three images, each on the one before, the second's Dockerfile as given. */
async function interrupted(base: string) {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(image('first'), image('base'), image('app')),
    'first.Dockerfile': 'FROM scratch\n',
    'base.Dockerfile': base,
    'app.Dockerfile': 'FROM acme/base:1\n'
  })
  const tools = standIns()
  const temporary = temporaryFolder()
  const env = { ...tools.env, TMPDIR: temporary }
  const finished = await runCli(['build', '--max-parallel', '1'], { cwd: root, env })
  const register = join(tools.env.XDG_STATE_HOME ?? '', 'build-chain/running')
  const left = () => [temporary, register].flatMap(folder => readdirSync(folder))
  return { ...finished, tools, root, left }
}

describe('an interrupted build', () => {
  it('ends the builder at once, starts none after it, and tells what was built before', async () => {
    const { status, stdout, stderr, tools } = await interrupted('FROM acme/first:1\n# interrupt\n')
    expect(status).toBe(130)
    expect(stdout).toBe('acme/first:1\n')
    expect(stderr).toContain('build-chain: interrupted\n')
    expect(tools.builds()).toEqual(['docker acme/first:1', 'docker acme/base:1'])
  })

  it('reuses the next time what was built before', async () => {
    const { root, tools } = await interrupted('FROM acme/first:1\n# interrupt\n')
    writeTree(root, { 'base.Dockerfile': 'FROM acme/first:1\n' })
    const { status, stderr } = await runCli(['build'], { cwd: root, env: tools.env })
    expect(status).toBe(0)
    expect(stderr).toContain('acme/first:1 reused: unchanged')
  })

  it('ends the pull of a base, and builds nothing', async () => {
    const { status, stdout, stderr, tools } = await interrupted('FROM acme/interrupting:1\n')
    expect(status).toBe(130)
    expect(stdout).toBe('')
    expect(stderr).toContain('pulling base acme/interrupting:1')
    expect(stderr).not.toContain('could not be pulled')
    expect(tools.builds()).toEqual([])
  })

  it('tells of every image in its report, also where none was begun', async () => {
    const { stderr } = await interrupted('FROM acme/interrupting:1\n')
    const path = /^report: (.*)$/m.exec(stderr)?.[1] ?? ''
    const { images } = JSON.parse(readFileSync(path, 'utf8')) as {
      images: { status: string; reason: string }[]
    }
    expect(images.map(({ status, reason }) => [status, reason])).toEqual(
      Array(3).fill(['skipped', 'interrupted'])
    )
  })

  it('leaves no temporary file, and nothing written down of it', async () => {
    const { left } = await interrupted('FROM acme/first:1\n# interrupt\n')
    expect(left()).toEqual([])
  })
})

/** A build on a terminal that is closed while its builder is at work, the called program in `_`. */
async function hungUp(seconds: number, called: string) {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(image('app')),
    'app.Dockerfile': `FROM scratch\n# sleep ${seconds}\n`
  })
  const tools = standIns()
  const temporary = temporaryFolder()
  const state = join(tools.env.XDG_STATE_HOME ?? '', 'build-chain')
  const status = await closeTerminal(['build'], {
    cwd: root,
    env: { ...tools.env, TMPDIR: temporary, _: called },
    when: () => tools.builds().length > 0
  })
  const [run = ''] = readdirSync(join(state, 'runs'))
  const report = JSON.parse(readFileSync(join(state, 'runs', run, 'report.json'), 'utf8')) as {
    images: { status: string; failure: { message: string } | null }[]
  }
  return {
    status,
    results: report.images.map(each => [each.status, each.failure?.message]),
    programs: programsWith(`STAND_IN_HOME=${tools.env.STAND_IN_HOME}`),
    files: [temporary, join(state, 'running')].flatMap(folder => readdirSync(folder))
  }
}

describe('a build whose terminal is closed', () => {
  it('is interrupted: its builder is ended, its report written, and nothing is left', async () => {
    expect(await hungUp(600, '/bin/sh')).toEqual({
      status: 130,
      results: [['failed', 'interrupted']],
      programs: [],
      files: []
    })
  })

  it('goes on to its end where nohup has started it', async () => {
    expect(await hungUp(2, '/usr/bin/nohup')).toEqual({
      status: 0,
      results: [['built', undefined]],
      programs: [],
      files: []
    })
  })
})
