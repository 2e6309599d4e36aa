import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DIAMOND_TAGS, diamond } from '../fixtures/fault-chain.js'
import { amount, figure } from '../fixtures/figures.js'
import { jumpingClock } from '../fixtures/jumping-clock.js'
import { type OwnDaemon, ownDaemon } from '../fixtures/own-daemon.js'
import { type Finished, runCli, runProgram } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { readOnly } from '../fixtures/read-only.js'
import { baseArchive, docker, importBase, named, removeOurs } from '../fixtures/reuse-daemon.js'
import { startCli } from '../fixtures/running.js'
import { type StandIns, standIns } from '../fixtures/stand-ins.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

afterAll(removeOurs)

const area = 'machine'

const told = ({ status, stderr }: Finished) => `exit status ${status}\n${stderr}`

const ENDED_WELL = /^exit status 0\n/

interface Reported {
  readonly name: string
  readonly status: string
  readonly imageId: string | null
  readonly seconds: number | null
  readonly attempts?: readonly unknown[]
}

const reportAt = (path: string) =>
  (JSON.parse(readFileSync(path, 'utf8')) as { images: readonly Reported[] }).images

/** A chain on a daemon of its own, whose second image takes a moment. */
async function onOwnDaemon(): Promise<{
  daemon: OwnDaemon
  cwd: string
  env: Record<string, string>
}> {
  const daemon = await ownDaemon()
  daemon.docker('import', baseArchive(), 'own/base')
  const cwd = temporaryProject()
  writeTree(cwd, {
    'docker/IMAGES.json': manifest(
      ...['first', 'second', 'third'].map(name => ({
        tag: `own/${name}:1`,
        dockerfile: `${name}.Dockerfile`
      }))
    ),
    'first.Dockerfile': 'FROM own/base\nRUN echo 1 >/first\n',
    'second.Dockerfile': 'FROM own/first:1\nRUN echo begun; sleep 4; echo 2 >/second\n',
    'third.Dockerfile': 'FROM own/second:1\nRUN echo 3 >/third\n'
  })
  return { daemon, cwd, env: { DOCKER_HOST: daemon.host, XDG_STATE_HOME: join(cwd, 'state') } }
}

describe('a Docker daemon', () => {
  const signals = (['SIGKILL', 'SIGTERM'] as const).slice(0, amount(2, 1))

  it.each(signals)('that is started anew in mid-build, by %s, costs an attempt', async signal => {
    const { daemon, cwd, env } = await onOwnDaemon()
    const report = join(cwd, 'report.json')
    const run = startCli(['build', '--report', report], { cwd, env })
    await run.until('\nbegun')
    await daemon.stop(signal)
    await daemon.start()
    const { stderr, status } = await run.ended
    expect(stderr).toContain('attempt 1 failed: the Docker daemon was away')
    expect(status).toBe(0)
    const images = reportAt(report)
    expect(images.map(each => each.status)).toEqual(['built', 'built', 'built'])
    for (const { imageId } of images) daemon.docker('image', 'inspect', imageId ?? '')
    figure({
      area,
      name: `images lost by a daemon started anew in mid-build (${signal})`,
      value: '0'
    })
  })

  it('that stays away ends the run with what it says, and the next goes on from there', async () => {
    const { daemon, cwd, env } = await onOwnDaemon()
    const report = join(cwd, 'report.json')
    const run = startCli(['build', '--report', report], { cwd, env })
    await run.until('\nbegun')
    const since = performance.now()
    await daemon.stop('SIGKILL')
    const { stdout, stderr, status } = await run.ended
    const seconds = (performance.now() - since) / 1000
    expect(stdout).toBe('own/first:1\n')
    expect(stderr).toMatch(/own\/second:1 failed: .*the Docker daemon does not answer: /)
    expect(stderr).toContain('Start Docker, or point DOCKER_HOST at a running daemon')
    expect(status).toBe(3)
    expect(reportAt(report).map(each => each.status)).toEqual(['built', 'failed', 'blocked'])
    expect(seconds).toBeLessThan(60)
    figure({
      area,
      name: 'time to the end of a run whose daemon stays away',
      value: `${seconds.toFixed(0)} s`
    })
    await daemon.start()
    const next = await runCli(['build', '--report', report], { cwd, env })
    expect(told(next)).toMatch(ENDED_WELL)
    expect(reportAt(report).map(each => each.status)).toEqual(['reused', 'built', 'built'])
  })
})

/** Files that the program keeps of a project, hashes of sources and records among them. */
const keptFiles = ({ env }: StandIns) => {
  const folder = join(env.XDG_STATE_HOME ?? '', 'build-chain/projects')
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}

describe('what is remembered', () => {
  it('may be cut at any byte: the run ends right, and the next knows all', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    await runCli(['build'], { cwd, env: tools.env })
    const files = keptFiles(tools)
    expect(files.map(path => path.split('/').at(-1))).toContain('images.state')
    let cuts = 0
    for (const path of files) {
      const whole = readFileSync(path)
      const step = Math.max(1, Math.floor(whole.length / amount(150, 2)))
      for (let length = 0; length < whole.length; length += step) {
        writeFileSync(path, whole.subarray(0, length))
        const run = await runCli(['build'], { cwd, env: tools.env })
        expect(told(run)).toMatch(ENDED_WELL)
        expect(run.stdout).toBe(DIAMOND_TAGS)
        cuts += 1
      }
      const built = tools.builds().length
      await runCli(['build'], { cwd, env: tools.env })
      expect(tools.builds()).toHaveLength(built)
    }
    figure({ area, name: 'cuts of what is remembered, each followed by a run', value: `${cuts}` })
    figure({ area, name: 'runs that ended wrong for it', value: '0' })
  })
})

describe('a clock', () => {
  const YEARS = 10 * 365 * 86_400

  it.each([
    ['forward', YEARS],
    ['back', -YEARS]
  ])(
    'that jumps %s and returns, again and again, makes no time negative or long',
    async (_name, seconds) => {
      const tools = standIns()
      const cwd = diamond()
      const [report, trace] = [join(cwd, 'report.json'), join(cwd, 'trace.json')]
      const env = { ...tools.env, ...jumpingClock(seconds, 40) }
      const run = await runCli(['build', '--report', report, '--trace', trace], { cwd, env })
      expect(told(run)).toMatch(ENDED_WELL)
      for (const image of reportAt(report)) {
        expect(image.seconds).toBeGreaterThanOrEqual(0)
        expect(image.seconds).toBeLessThan(120)
      }
      const { traceEvents } = JSON.parse(readFileSync(trace, 'utf8')) as {
        traceEvents: readonly { dur?: number }[]
      }
      for (const { dur = 0 } of traceEvents) expect(dur).toBeGreaterThanOrEqual(0)
      // What was built at a time that is yet to come is built again, once.
      for (let time = 0; time < 2; time += 1) {
        expect(told(await runCli(['build'], { cwd, env: tools.env }))).toMatch(ENDED_WELL)
      }
      const built = tools.builds().length
      await runCli(['build'], { cwd, env: tools.env })
      expect(tools.builds()).toHaveLength(built)
    }
  )

  it.each([
    ['ahead', YEARS, 'by the clock it was built after now'],
    ['behind', -YEARS, 'older than 7d']
  ])(
    'that was years %s when an image was built keeps none for too long',
    async (_name, seconds, reason) => {
      const [cwd, tools] = [diamond(), standIns()]
      const run = (...words: readonly string[]) => runCli(words, { cwd, env: tools.env })
      await runCli(['build', 'base'], { cwd, env: { ...tools.env, ...jumpingClock(seconds, 0) } })
      expect((await run('plan', 'base', '--max-age', 'none')).stdout).toContain('reuse acme/base:1')
      expect((await run('plan', 'base')).stdout).toContain(reason)
      expect((await run('build', 'base')).stderr).toContain('acme/base:1 built')
      expect((await run('build', 'base')).stderr).toContain('acme/base:1 reused: unchanged')
    }
  )

  it('that was off when files were read hides no change of them', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    for (const seconds of [YEARS, -YEARS]) {
      writeTree(cwd, { 'base.Dockerfile': `FROM scratch\n# say ${seconds} 1\n` })
      await runCli(['build', 'base'], { cwd, env: { ...tools.env, ...jumpingClock(seconds, 0) } })
      writeTree(cwd, { 'base.Dockerfile': `FROM scratch\n# say ${seconds} 2\n` })
      const run = await runCli(['build', 'base'], { cwd, env: tools.env })
      expect(run.stderr).toContain('acme/base:1 built')
    }
  })
})

describe('a checkout', () => {
  it('that is read-only is built from, and nothing is written to it', async () => {
    const [cwd, tools] = [diamond(), standIns()]
    readOnly(cwd)
    const run = await runCli(['build'], { cwd, env: tools.env })
    expect(told(run)).toMatch(ENDED_WELL)
    expect(run.stdout).toBe(DIAMOND_TAGS)
    const again = await runCli(['build'], { cwd, env: tools.env })
    expect(told(again)).toMatch(ENDED_WELL)
    expect(tools.builds()).toHaveLength(4)
  })
})

/** What a shell, Docker, Packer and Markdown might take for something else; newlines apart. */
const ODD = [
  `spaced  "out" 'twice' \`thrice\` ünïcödé 日本語 🐳 $(touch pwned); -rf %n {{.Image}} \${HOME} #?*&`,
  '-x=of\ntwo\r lines'
]

/** A chain of both builders on the real daemon. */
function realChain(folder: string): string {
  importBase('machine')
  const root = temporaryProject(folder)
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: named('first:1'), dockerfile: 'first.Dockerfile' },
      { file: 'second.json' }
    ),
    'first.Dockerfile': `FROM ${named('machine')}\nCOPY given /given\n`,
    given: 'given\n',
    'docker/packer/second.json': JSON.stringify({
      builders: [
        {
          type: 'docker',
          image: named('first:1'),
          commit: true,
          run_command: ['-d', '-i', '-t', '--entrypoint=/bin/sh', '{{.Image}}']
        }
      ],
      provisioners: [
        { type: 'file', source: 'given', destination: '/uploaded' },
        { type: 'shell', inline: ['cat /given /uploaded >/second'] }
      ],
      'post-processors': [{ type: 'docker-tag', repository: named('second'), tag: '1' }]
    })
  })
  return root
}

const realEnv = () => ({
  XDG_STATE_HOME: temporaryFolder(),
  PACKER_PLUGIN_PATH: process.env.PACKER_PLUGIN_PATH
})

const REAL_TAGS = () => `${named('first:1')}\n${named('second:1')}\n`

const madeBySecond = () =>
  docker('run', '--rm', '--entrypoint', '/bin/cat', named('second:1'), '/second')

describe('a path', () => {
  it.each(ODD)(
    '%j of a project is built from by Docker and Packer, and means nothing else',
    async name => {
      const cwd = realChain(name)
      const env = realEnv()
      const run = await runCli(['build'], { cwd, env })
      expect(told(run)).toMatch(ENDED_WELL)
      expect(run.stdout).toBe(REAL_TAGS())
      expect(madeBySecond()).toBe('given\ngiven')
      const again = await runCli(['build'], { cwd, env })
      expect(again.stderr).toContain(`${named('second:1')} reused: unchanged`)
      expect(readdirSync(cwd).sort()).toEqual(['docker', 'first.Dockerfile', 'given'])
      expect(existsSync(join(cwd, '../pwned'))).toBe(false)
    }
  )
})

describe('HOME', () => {
  it('may be unset, for Docker and Packer too', async () => {
    const run = await runCli(['build'], {
      cwd: realChain('project'),
      env: { ...realEnv(), HOME: undefined }
    })
    expect(told(run)).toMatch(ENDED_WELL)
    expect(run.stdout).toBe(REAL_TAGS())
  })

  it('may be unset for a user who has none: what is kept goes to the folder of temporary files', async () => {
    const [cwd, tools, temporary] = [diamond(), standIns(), temporaryFolder()]
    for (const folder of [cwd, join(cwd, '..'), tools.env.STAND_IN_HOME ?? '', temporary]) {
      chmodSync(folder, 0o777)
    }
    const cli = join(import.meta.dirname, '../../dist/cli.js')
    const words = [
      '--reuid=54321',
      '--regid=54321',
      '--clear-groups',
      process.execPath,
      cli,
      'build'
    ]
    const env = {
      ...tools.env,
      HOME: undefined,
      XDG_STATE_HOME: undefined,
      XDG_CACHE_HOME: undefined,
      TMPDIR: temporary
    }
    const run = await runProgram('setpriv', words, { cwd, env })
    expect(told(run)).toMatch(ENDED_WELL)
    expect(run.stdout).toBe(DIAMOND_TAGS)
    expect(statSync(join(temporary, 'build-chain')).isDirectory()).toBe(true)
  })
})
