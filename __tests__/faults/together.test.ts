import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DIAMOND_SIZE, DIAMOND_TAGS, diamond } from '../fixtures/fault-chain.js'
import { amount, figure } from '../fixtures/figures.js'
import { gatedDocker } from '../fixtures/gated-docker.js'
import { type Finished, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { readOnly } from '../fixtures/read-only.js'
import { docker, importBase, named, removeOurs, watch } from '../fixtures/reuse-daemon.js'
import { startCli } from '../fixtures/running.js'
import { standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

afterAll(removeOurs)

const told = ({ status, stderr }: Finished) => `exit status ${status}\n${stderr}`

describe('runs of one chain at once', () => {
  it('all end right, and build each image once between them', async () => {
    const rounds = amount(40, 2)
    let twice = 0
    for (let round = 0; round < rounds; round += 1) {
      const [root, { env, builds }] = [diamond(), standIns()]
      const runs = await Promise.all([1, 2, 3].map(() => runCli(['build'], { cwd: root, env })))
      for (const run of runs) expect(told(run)).toMatch(/^exit status 0\n/)
      expect(runs.map(({ stdout }) => stdout)).toEqual([DIAMOND_TAGS, DIAMOND_TAGS, DIAMOND_TAGS])
      twice += builds().length - DIAMOND_SIZE
    }
    figure({
      area: 'together',
      name: 'times that three runs of a chain began at once',
      value: `${rounds}`
    })
    figure({ area: 'together', name: 'images that two of them built', value: `${twice}` })
    expect(twice).toBe(0)
  })

  it('say for which process they wait, and take what that one has built', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    const gate = gatedDocker(tools.env)
    const one = startCli(['build', 'base'], { cwd, env: gate.env })
    await gate.reached()
    const other = startCli(['build'], { cwd, env: tools.env })
    await other.until(`acme/base:1: waiting for process ${one.pid}, which builds it, too`)
    gate.open()
    expect(told(await one.ended)).toMatch(/^exit status 0\n/)
    const ended = await other.ended
    expect(ended.stderr).toContain('acme/base:1 reused: another run has built it meanwhile')
    expect(ended).toMatchObject({ status: 0, stdout: DIAMOND_TAGS })
    expect(tools.builds().filter(build => build === 'docker acme/base:1')).toHaveLength(1)
  })

  it('build an image themselves whose build failed in the run that they waited for', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    writeTree(cwd, { 'base.Dockerfile': 'FROM scratch\n# exit 3\n' })
    const gate = gatedDocker(tools.env)
    const one = startCli(['build'], { cwd, env: gate.env })
    await gate.reached()
    const other = startCli(['build'], { cwd, env: tools.env })
    await other.until('waiting for process')
    gate.open()
    for (const { status, stderr } of [await one.ended, await other.ended]) {
      expect(stderr).toContain('acme/base:1 failed: docker ended with exit status 3')
      expect(status).toBe(1)
    }
  })

  it('build anew what the other built of files that have changed since', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    const gate = gatedDocker(tools.env)
    const one = startCli(['build', 'base'], { cwd, env: gate.env })
    await gate.reached()
    writeTree(cwd, { 'base.Dockerfile': 'FROM scratch\n# say the second\n' })
    const other = startCli(['build', 'base'], { cwd, env: tools.env })
    await other.until('waiting for process')
    gate.open()
    expect((await one.ended).status).toBe(0)
    const ended = await other.ended
    expect(ended.stderr).toContain('acme/base:1 built')
    expect(ended.stderr).toContain('the second')
  })

  it('take over from a run that was killed while it built', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    const gate = gatedDocker(tools.env)
    const one = startCli(['build', 'base'], { cwd, env: gate.env })
    await gate.reached()
    const other = startCli(['build', 'base'], { cwd, env: tools.env })
    await other.until(`waiting for process ${one.pid}`)
    one.signal('SIGKILL')
    await one.ended
    const ended = await other.ended
    gate.open()
    expect(ended.stderr).toContain('acme/base:1 built')
    expect(ended.status).toBe(0)
  })

  it('end at once where they are interrupted while they wait', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    const gate = gatedDocker(tools.env)
    const one = startCli(['build', 'base'], { cwd, env: gate.env })
    await gate.reached()
    const other = startCli(['build', 'base'], { cwd, env: tools.env })
    await other.until('waiting for process')
    other.signal('SIGTERM')
    expect(told(await other.ended)).toMatch(/^exit status 130\n/)
    gate.open()
    expect((await one.ended).status).toBe(0)
    expect(tools.builds()).toEqual(['docker acme/base:1'])
  })

  it('leave no lock', async () => {
    const [cwd, { env }] = [diamond(), standIns()]
    await Promise.all([1, 2].map(() => runCli(['build'], { cwd, env })))
    const state = join(env.XDG_STATE_HOME ?? '', 'build-chain/projects')
    const locks = readdirSync(state).flatMap(each => readdirSync(join(state, each, 'locks')))
    expect(locks).toEqual([])
  })

  it('need no lock where the state cannot be written: both end right', async () => {
    const [cwd, { env }, state] = [diamond(), standIns(), temporaryFolder()]
    readOnly(state)
    const both = await Promise.all(
      [1, 2].map(() => runCli(['build'], { cwd, env: { ...env, XDG_STATE_HOME: state } }))
    )
    for (const run of both) {
      expect(told(run)).toMatch(/^exit status 0\n/)
      expect(run.stdout).toBe(DIAMOND_TAGS)
    }
  })
})

/** The same by the real Docker and the real Packer. */
function realChain(): string {
  importBase('together')
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: named('first:1'), dockerfile: 'first.Dockerfile' },
      { file: 'second.json' },
      { tag: named('third:1'), dockerfile: 'third.Dockerfile' }
    ),
    'first.Dockerfile': `FROM ${named('together')}\nRUN echo first >/first\n`,
    'docker/packer/second.json': JSON.stringify({
      builders: [
        {
          type: 'docker',
          image: named('first:1'),
          commit: true,
          run_command: ['-d', '-i', '-t', '--entrypoint=/bin/sh', '{{.Image}}']
        }
      ],
      provisioners: [{ type: 'shell', inline: ['cat /first >/second'] }],
      'post-processors': [{ type: 'docker-tag', repository: named('second'), tag: '1' }]
    }),
    'third.Dockerfile': `FROM ${named('second:1')}\nRUN cat /second >/third\n`
  })
  return root
}

interface Reported {
  readonly status: string
  readonly imageId: string
  readonly tags: readonly string[]
}

const reportOf = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as { images: readonly Reported[] }).images

/** Two runs at once, each with its own home where that is asked for; gives their reports. */
async function twoRuns(
  homes: readonly [string, string]
): Promise<readonly (readonly Reported[])[]> {
  const cwd = realChain()
  const { env } = watch()
  const ended = await Promise.all(
    homes.map(async (home, at) => {
      const report = join(cwd, `report-${at}.json`)
      mkdirSync(join(cwd, home), { recursive: true })
      const run = await runCli(['build', '--report', report], {
        cwd,
        env: {
          ...env,
          XDG_STATE_HOME: join(cwd, home),
          PACKER_PLUGIN_PATH: process.env.PACKER_PLUGIN_PATH
        }
      })
      expect(told(run)).toMatch(/^exit status 0\n/)
      return reportOf(report)
    })
  )
  for (const image of ended.flat()) {
    // What a report names can be used, whichever run has moved the tags since.
    expect(docker('image', 'inspect', '--format', '{{.Id}}', image.imageId)).toBe(image.imageId)
    for (const tag of image.tags) docker('image', 'inspect', tag)
  }
  const made = execFileSync('docker', [
    'run',
    '--rm',
    '--entrypoint',
    '/bin/cat',
    named('third:1'),
    '/third'
  ])
  expect(made.toString()).toBe('first\n')
  return ended
}

describe('runs at once on the real daemon', () => {
  it('build each image once between them', async () => {
    const reports = await twoRuns(['home', 'home'])
    const statuses = reports.map(images => images.map(({ status }) => status))
    const sorted = [0, 1, 2].map(at => statuses.map(each => each[at]).sort())
    expect(sorted).toEqual([1, 2, 3].map(() => ['built', 'reused']))
    expect(reports[0]?.map(({ imageId }) => imageId)).toEqual(
      reports[1]?.map(({ imageId }) => imageId)
    )
  })

  it('both end right where no lock can tell, since each has its own home', async () => {
    const reports = await twoRuns(['one', 'other'])
    for (const images of reports) expect(images).toHaveLength(3)
  })
})
