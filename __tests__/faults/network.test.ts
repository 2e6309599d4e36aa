import { execFile, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startCacheServer } from '../fixtures/cache-server.js'
import { amount, figure } from '../fixtures/figures.js'
import { buildFrom, filesBelow, openYard, type Yard } from '../fixtures/modern-machine.js'
import {
  NEEDS_PACKER,
  NEEDS_PLUGIN,
  standInPlugin,
  standInRelease
} from '../fixtures/modern-stand-in.js'
import { type Finished, runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { type Registry, type RegistryFault, startRegistry } from '../fixtures/registry.js'
import {
  corrupting,
  cutting,
  failing,
  resetting,
  stalling,
  startReleaseServer,
  type Tamper
} from '../fixtures/release-server.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const area = 'network'

const told = ({ status, stderr }: Finished) => `exit status ${status}\n${stderr}`

const ENDED_WELL = /^exit status 0\n/

type Wrong = RegistryFault | 'wrong digests'

const WRONG: readonly Wrong[] = ['reset', 'stall', 'fail', 'cut', 'wrong digests']

/** Turns a letter of what is answered. */
function altered(body: Buffer): Buffer {
  const other = Buffer.from(body)
  const at = other.indexOf('sha256:') + 8
  if (at > 8) other[at] = other[at] === 0x30 ? 0x31 : 0x30
  return other
}

/** From now on a registry goes wrong so; right again with nothing. */
function breakRegistry(registry: Registry, wrong?: Wrong): void {
  // A daemon goes on with an upload that it was at: one that was stalled ends as the registry is right again.
  if (wrong === undefined) registry.breakOff()
  registry.fault = ({ path }) =>
    wrong === undefined || wrong === 'wrong digests' || path === '/v2/' ? undefined : wrong
  registry.tamper = ({ path }, body) =>
    wrong === 'wrong digests' && /\/(manifests|blobs)\//.test(path) ? altered(body) : body
}

/** What a server does wrong; that one stalls is known after a minute or so, which a short run does not wait. */
const atFault = <Fault extends string>(faults: readonly Fault[]) =>
  faults.filter(each => each !== 'stall' || amount(1, 0) > 0)

/** What keeps a push from ending. */
const PUSHED = atFault(WRONG.filter(each => each !== 'wrong digests'))

/** The longest run with a fault, in seconds. */
let longest = 0

async function timed<Run extends Finished>(run: Promise<Run>): Promise<Run> {
  const began = performance.now()
  const ended = await run
  longest = Math.max(longest, (performance.now() - began) / 1000)
  return ended
}

afterAll(() => {
  figure({ area, name: 'longest run against a server at fault', value: `${longest.toFixed(0)} s` })
})

/** An image of its own kind in a registry, and no more on the daemon. */
async function publishBase(registry: Registry): Promise<string> {
  const tag = `${registry.host}/bases-${randomBytes(4).toString('hex')}/base:1`
  const folder = temporaryFolder()
  writeTree(folder, { Dockerfile: 'FROM scratch\nCOPY file /file\n', file: tag })
  for (const args of [
    ['build', '-q', '-t', tag, folder],
    ['push', '-q', tag],
    ['rmi', tag]
  ]) {
    await promisify(execFile)('docker', args)
  }
  return tag
}

/** Two images that do not stand on one another, the second on an outside base where one is given. */
function project(prefix: string, base = 'scratch'): string {
  const root = temporaryProject()
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: `${prefix}/own:1`, dockerfile: 'own.Dockerfile' },
      { tag: `${prefix}/app:1`, dockerfile: 'app.Dockerfile' }
    ),
    'own.Dockerfile': 'FROM scratch\nCOPY given /own\n',
    'app.Dockerfile': `FROM ${base}\nCOPY given /app\n`,
    given: randomBytes(8).toString('hex')
  })
  onTestFinished(() => {
    spawnSync('docker', ['rmi', '--force', `${prefix}/own:1`, `${prefix}/app:1`, base])
  })
  return root
}

const aName = () => `build-chain-faults-${randomBytes(4).toString('hex')}`

/** Limits under which a registry that stalls is given up soon. */
const LIMITS = ['--timeout-minutes', '0.1', '--retries', '0', '--fail-fast=false']

describe('a registry at fault', () => {
  it.each(WRONG)('(%s) from which a base comes fails only what stands on it', async wrong => {
    const registry = await startRegistry()
    const base = await publishBase(registry)
    const name = aName()
    const cwd = project(name, base)
    const env = { XDG_STATE_HOME: temporaryFolder() }
    breakRegistry(registry, wrong)
    const run = await timed(runCli(['build', ...LIMITS], { cwd, env }))
    expect(run.stdout).toBe(`${name}/own:1\n`)
    expect(run.stderr).toContain(
      `warning: base ${base} could not be pulled, so what stands on it may fail`
    )
    expect(run.stderr).toContain(`${name}/app:1 failed`)
    expect(run.status).toBe(1)
    breakRegistry(registry)
    const next = await runCli(['build', '--fail-fast=false'], { cwd, env })
    expect(told(next)).toMatch(ENDED_WELL)
    expect(next.stderr).toContain(`${name}/own:1 reused: unchanged`)
    expect(next.stderr).toContain(`${name}/app:1 built`)
  })

  it('that fails for a moment is asked for a base again', async () => {
    const registry = await startRegistry()
    const base = await publishBase(registry)
    const cwd = project(aName(), base)
    let times = 0
    registry.fault = ({ path }) => {
      if (!path.includes('/manifests/')) return undefined
      times += 1
      return times === 1 ? 'fail' : undefined
    }
    const run = await runCli(['build'], { cwd, env: { XDG_STATE_HOME: temporaryFolder() } })
    expect(told(run)).toMatch(ENDED_WELL)
    expect(run.stderr).not.toContain('could not be pulled')
  })

  it.each(PUSHED)(
    '(%s) that is pushed to fails the push, and the next run pushes what is there',
    async wrong => {
      const registry = await startRegistry()
      const name = `${registry.host}/${aName()}`
      const cwd = project(name)
      const env = { XDG_STATE_HOME: temporaryFolder() }
      breakRegistry(registry, wrong)
      const run = await timed(runCli(['build', '--push', ...LIMITS], { cwd, env }))
      expect(run.stdout).toBe(`${name}/own:1\n${name}/app:1\n`)
      expect(run.stderr).toMatch(
        /build-chain: docker\/IMAGES\.json:\d+:\d+: [^]*The next run builds nothing/
      )
      expect(run.status).toBe(1)
      breakRegistry(registry)
      const next = await runCli(['build', '--push', '--fail-fast=false'], { cwd, env })
      expect(told(next)).toMatch(ENDED_WELL)
      expect(next.stderr).toContain(`${name}/own:1 reused: unchanged`)
      expect(await registry.tags(name.slice(registry.host.length + 1).concat('/app'))).toEqual([
        '1'
      ])
    }
  )

  it('that answers with wrong digests after a push is not believed, and a warning says so', async () => {
    const registry = await startRegistry()
    const name = `${registry.host}/${aName()}`
    breakRegistry(registry, 'wrong digests')
    const env = { XDG_STATE_HOME: temporaryFolder() }
    const run = await runCli(['build', '--push', ...LIMITS], { cwd: project(name), env })
    const said = /app:1 pushed in .*: (sha256:[0-9a-f]{64})/.exec(run.stderr)?.[1]
    expect(run.stderr).toContain(`warning: ${name}/app:1: its digest is the daemon's word`)
    const there = await registry.manifest(name.slice(registry.host.length + 1).concat('/app'), '1')
    expect(said).toBe(`sha256:${createHash('sha256').update(there.text).digest('hex')}`)
    expect(run.status).toBe(0)
  })

  it.each(atFault(WRONG))(
    '(%s) as a store of images is left out with a warning, and all is built',
    async wrong => {
      const registry = await startRegistry()
      const store = ['--reuse', 'local,registry', '--reuse-registry', `${registry.host}/cache`]
      const name = aName()
      const cwd = project(name)
      const first = await runCli(['build', ...store], {
        cwd,
        env: { XDG_STATE_HOME: temporaryFolder() }
      })
      expect(told(first)).toMatch(ENDED_WELL)
      spawnSync('docker', ['rmi', '--force', `${name}/own:1`, `${name}/app:1`])
      breakRegistry(registry, wrong)
      const run = await timed(
        runCli(['build', ...store], { cwd, env: { XDG_STATE_HOME: temporaryFolder() } })
      )
      expect(told(run)).toMatch(ENDED_WELL)
      expect(run.stdout).toBe(`${name}/own:1\n${name}/app:1\n`)
      expect(run.stderr).toMatch(/warning: reuse: /)
      expect(run.stderr).toContain(`${name}/own:1 built`)
    }
  )
})

describe("GitHub's cache at fault", () => {
  /** A step that keeps its images there, and the next on a machine that has none. */
  async function twoMachines() {
    const name = aName()
    const workspace = project(name)
    const server = await startCacheServer({ workspace, temporary: temporaryFolder() })
    const step = () =>
      timed(
        runAction({
          workspace,
          inputs: { reuse: 'local,github' },
          env: { ...server.variables, XDG_STATE_HOME: temporaryFolder() }
        })
      )
    const tags = `${name}/own:1\n${name}/app:1`
    const forget = () => spawnSync('docker', ['rmi', '--force', ...tags.split('\n')])
    return { server, step, tags, forget }
  }

  // Its client asks five times before it gives up: a short run does not wait for that.
  const QUESTIONS = ['cut', 'reset', 'fail', 'stall'] as const
  const ARCHIVES = ['cut', 'other bytes', 'fail', 'reset'] as const

  it.each(QUESTIONS.slice(0, amount(4, 2)))(
    '(%s) is left out with a warning, and all is built',
    async fault => {
      const { server, step, tags } = await twoMachines()
      server.fault = () => fault
      const { status, outputs, stdout } = await step()
      expect(status).toBe(0)
      expect(outputs.tags).toBe(tags)
      expect(stdout).toMatch(/::warning.*reuse: github/)
    }
  )

  it.each(ARCHIVES.slice(0, amount(4, 3)))(
    '(%s) where an archive comes from it has its images built again, and kept anew',
    async fault => {
      const { server, step, tags, forget } = await twoMachines()
      expect((await step()).outputs.built).toBe(tags)
      forget()
      if (fault === 'other bytes') server.entries[0]?.content?.fill(7, 1000)
      else server.fault = call => (call === 'GET' ? fault : undefined)
      const next = await step()
      expect(next.status).toBe(0)
      expect(next.outputs.built).toBe(tags)
      expect(next.stdout).toMatch(/::warning.*(reuse: github|refused)/)
      expect(server.entries.map(({ content }) => content !== undefined)).toEqual([true, true])
    }
  )
})

describe('a release server at fault', () => {
  let yard: Yard
  beforeAll(() => {
    yard = openYard('bc-faults')
  })
  afterAll(() => yard?.remove())

  const ALWAYS = Number.POSITIVE_INFINITY

  const STALLED = /sent nothing for 30\.0 s/

  type Fault = readonly [what: string, tamper: (files: RegExp) => Tamper, words: RegExp]

  const EVERY_FAULT: readonly Fault[] = [
    ['answers 500', files => failing(files, { status: 500, times: ALWAYS }), /500/],
    ['resets', files => resetting(files, ALWAYS), /reset|closed|ECONNRESET|socket/i],
    ['cuts its answers', files => cutting(files, 100), /was truncated/],
    ['stalls', files => stalling(files, 100), STALLED],
    ['sends something else', corrupting, /has the wrong hash/]
  ]
  const FAULTS = EVERY_FAULT.filter(([what]) => what !== 'stalls' || amount(1, 0) > 0)

  it.each(FAULTS)(
    'and %s ends the run before a build, with what it sent, and leaves nothing',
    async (_what, tamper, words) => {
      const releases = [standInRelease()]
      const server = await startReleaseServer({ releases, tamper: tamper(/\.zip$/) })
      onTestFinished(() => server.close())
      const machine = yard.machine()
      const run = await timed(buildFrom({ machine, server, project: yard.project(NEEDS_PACKER) }))
      const [, error = ''] = run.stderr.split('build-chain: ')
      expect(error).toMatch(words)
      expect(error).toContain('packer_')
      expect(error.trim().split('\n').length).toBeGreaterThan(1)
      expect(run.status).toBe(3)
      expect(filesBelow(machine.tools)).toEqual([])
      expect(filesBelow(machine.temporary)).toEqual([])
    }
  )

  it.each(FAULTS.filter(([, , words]) => words !== STALLED).slice(0, amount(4, 2)))(
    'and %s with a plugin ends the run, keeps Packer, and the next run needs the plugin alone',
    async (_what, tamper, words) => {
      let isWrong = true
      const wrong = tamper(/plugin.*\.zip$/)
      const server = await startReleaseServer({
        releases: [standInRelease(), standInPlugin()],
        tamper: (path, body, response) => (isWrong ? wrong(path, body, response) : body)
      })
      onTestFinished(() => server.close())
      const call = { machine: yard.machine(), server, project: yard.project(NEEDS_PLUGIN) }
      const run = await timed(buildFrom(call))
      const [, error = ''] = run.stderr.split('build-chain: ')
      expect(error).toMatch(words)
      expect(error).toContain('packer-plugin-docker_')
      expect(run.status).toBe(3)
      const kept = filesBelow(call.machine.tools)
      expect(kept.filter(path => path.includes('plugin'))).toEqual([])
      expect(filesBelow(call.machine.temporary)).toEqual([])
      isWrong = false
      const before = server.requests.length
      expect(told(await buildFrom(call))).toMatch(ENDED_WELL)
      const archives = server.requests.slice(before).filter(({ path }) => path.endsWith('.zip'))
      expect(archives.map(({ path }) => path)).toEqual([
        expect.stringContaining('packer-plugin-docker')
      ])
    }
  )
})
