import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { type BuildPorts, type BuildRequest, build } from '../../../src/commands/build.js'
import type { PlannedChain } from '../../../src/commands/plan-chain.js'
import { ChainError } from '../../../src/errors.js'
import type { PackerTool } from '../../../src/ports.js'
import {
  EventLog,
  engineImage,
  MemoryEngine,
  memoryLogs,
  memorySite,
  type StreamCall,
  scriptedExec
} from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const app = aPlannedImage({ image: anImage({ tags: ['acme/app:1'] }) })
const base = aPlannedImage({
  image: anImage({ builder: 'packer', tags: ['acme/base:1'], name: 'base' })
})

const chainOf = (images: readonly PlannedImage[], overrides: Partial<PlannedChain> = {}) => ({
  secrets: () => [],
  testIdentity: () => undefined,
  plan: { manifests: ['docker/IMAGES.json'], images, warnings: [] },
  basesOf: () => [],
  ownReferences: () => new Set<string>(),
  wordOf: (id: string) => id,
  lookAgain: async () => undefined,
  ...overrides
})

const request: BuildRequest = {
  maxParallel: 2,
  failFast: true,
  retries: 0,
  timeoutMinutes: undefined,
  env: { PATH: '/bin', WHO: 'builders' },
  dockerContext: 'default'
}

/** What docker does with the image that has a tag already: it makes it once more. */
function writeId(args: readonly string[], tags: readonly string[]): void {
  const file = args[args.indexOf('--iidfile') + 1]
  const at = tags.indexOf(args[args.indexOf('-t') + 1] ?? '')
  if (args.includes('--iidfile') && at >= 0) writeFileSync(file ?? '', `sha256:${at}`)
}

/** A machine whose daemon holds some tags and whose builders make nothing else. */
function machine(tags: readonly string[] = ['acme/app:1', 'acme/base:1']) {
  const exec = scriptedExec(({ command, options }: StreamCall) => {
    writeId(command.args, tags)
    options.onOutput(Buffer.from('1,docker,artifact,0,string,Imported Docker image: acme/base:1\n'))
    return { status: 0 }
  })
  const engine = new MemoryEngine(...tags.map((tag, at) => engineImage(`sha256:${at}`, tag)))
  const log = new EventLog()
  const site = memorySite()
  const askedForPacker: string[][] = []
  const packer: PackerTool = {
    path: '/tools/packer',
    version: '1.11.2',
    source: 'PATH',
    pluginPath: '/plugins'
  }
  const ports: BuildPorts = {
    exec,
    engine,
    logs: memoryLogs(),
    site,
    packer: async plan => {
      askedForPacker.push(plan.images.map(({ image }) => image.name))
      return packer
    },
    keeper: { keep: () => {} },
    emit: log.emit,
    signal: new AbortController().signal
  }
  return { exec, engine, log, site, packer, askedForPacker, ports }
}

const warningsOf = (log: EventLog) => log.of('warning').map(({ warning }) => warning.message)

async function failureOf(call: Promise<unknown>): Promise<ChainError> {
  const error = await call.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw new Error(`found ${String(error)}, expected a ChainError`)
}

describe('a build', () => {
  it('builds what is planned, and gives the results', async () => {
    const { ports, exec } = machine()
    const { results, packer } = await build(chainOf([app]), request, ports)
    expect(results).toMatchObject([{ status: 'built', tags: ['acme/app:1'] }])
    expect(packer).toBeUndefined()
    expect(exec.calls.map(({ command }) => command.tool)).toEqual(['docker'])
    expect(exec.calls[0]?.options.env).toMatchObject({ WHO: 'builders' })
  })

  it('tells the warnings of its plan first', async () => {
    const { ports, log } = machine()
    const { plan, ...chain } = chainOf([app])
    const warnings = [{ message: 'careful' }]
    await build({ ...chain, plan: { ...plan, warnings } }, request, ports)
    expect(log.events[0]).toEqual({ type: 'warning', warning: { message: 'careful' } })
  })

  it('of an empty plan is well', async () => {
    expect((await build(chainOf([]), request, machine().ports)).results).toEqual([])
  })

  it('asks for a folder of builders where one is started, and for none where nothing is built', async () => {
    const { ports } = machine()
    let asked = 0
    const temporary = () => {
      asked += 1
      return '/tmp/of-the-run'
    }
    const own = { ...ports, site: { ...ports.site, temporary } }
    const unchanged = aPlannedImage({ image: anImage({ tags: ['acme/app:1'] }), action: 'reuse' })
    await build(chainOf([unchanged]), request, own)
    expect(asked).toBe(0)
    await build(chainOf([app]), request, own)
    expect(asked).toBeGreaterThan(0)
  })

  it('gives a failed image as a result, not as an error', async () => {
    const { ports } = machine([])
    const { results } = await build(chainOf([app]), request, ports)
    expect(results).toMatchObject([{ status: 'failed' }])
  })

  it('that is interrupted while Packer is looked for tells that no image was begun', async () => {
    const { ports } = machine()
    const interrupt = new AbortController()
    const packer = async () => {
      interrupt.abort()
      throw new Error('packer was ended')
    }
    const built = aPlannedImage({ image: anImage({ builder: 'packer', tags: ['acme/base:1'] }) })
    const own = { ...ports, packer, signal: interrupt.signal }
    const { results } = await build(chainOf([built, app]), request, own)
    expect(results.map(({ status, reason }) => [status, reason])).toEqual([
      ['skipped', 'interrupted'],
      ['skipped', 'interrupted']
    ])
  })
})

describe('a build that cannot start', () => {
  it('tells that no daemon answers before any builder does', async () => {
    const { ports, exec, engine, askedForPacker } = machine()
    const gone = new ChainError('ENGINE_UNAVAILABLE', 'the Docker daemon does not answer', {
      hint: 'Start it.'
    })
    engine.ping = () => Promise.reject(gone)
    expect(await failureOf(build(chainOf([base, app]), request, ports))).toBe(gone)
    expect([exec.calls, askedForPacker]).toEqual([[], []])
  })

  it('tells that there is no Packer before any builder runs', async () => {
    const { ports, exec } = machine()
    const none = new ChainError('TOOL_MISSING', 'packer is not on PATH', { hint: 'Install it.' })
    const packer = () => Promise.reject(none)
    expect(await failureOf(build(chainOf([app, base]), request, { ...ports, packer }))).toBe(none)
    expect(exec.calls).toEqual([])
  })
})

describe('Packer', () => {
  it('is asked for once where an image needs it, and told', async () => {
    const { ports, exec, packer, askedForPacker } = machine()
    const outcome = await build(chainOf([base, app]), request, ports)
    expect(outcome.packer).toBe(packer)
    expect(askedForPacker).toHaveLength(1)
    const call = exec.calls.find(({ command }) => command.tool === '/tools/packer')
    expect(call?.options.env).toMatchObject({
      PATH: '/shim/bin:/bin',
      PACKER_PLUGIN_PATH: '/plugins'
    })
  })

  it('is not asked for where the images that need it are reused', async () => {
    const { ports, askedForPacker, site } = machine()
    const kept: PlannedImage = { ...base, action: 'reuse', imageId: 'sha256:1' }
    await build(chainOf([kept, app]), request, ports)
    expect([askedForPacker, site.shims]).toEqual([[], []])
  })

  it('gets a docker that pulls no image of the chain, however its name is written', async () => {
    const { ports, site } = machine()
    await build(chainOf([base, app]), request, ports)
    const [bases = []] = site.shims
    for (const name of ['acme/base:1', 'docker.io/acme/base:1', 'acme/app:1']) {
      expect(bases).toContain(name)
    }
  })

  it('gets a docker that pulls no base which the daemon has already', async () => {
    const { ports, site } = machine(['acme/base:1', 'acme/skipped:1'])
    const basesOf = (id: string) =>
      id === base.image.id ? ['docker.io/acme/skipped:1', 'docker.io/library/debian:12'] : []
    await build(chainOf([base], { basesOf }), request, ports)
    const [bases = []] = site.shims
    expect(bases).toContain('acme/skipped:1')
    expect(bases).not.toContain('debian:12')
  })
})

describe('--squash', () => {
  const squashed = (planned: PlannedImage) => ({
    ...planned,
    command: {
      ...planned.command,
      args: ['build', '--squash', ...planned.command.args.slice(1)]
    }
  })

  it('is used where the daemon can', async () => {
    const { ports, exec, engine, log } = machine()
    engine.canSquash = async () => true
    await build(chainOf([squashed(app)]), request, ports)
    expect(exec.calls[0]?.command.args).toContain('--squash')
    expect(warningsOf(log)).toEqual([])
  })

  it('is left out where the daemon cannot, and a warning says why', async () => {
    const { ports, exec, log } = machine()
    await build(chainOf([squashed(app)]), request, ports)
    expect(exec.calls[0]?.command.args).not.toContain('--squash')
    expect(warningsOf(log)).toEqual([expect.stringContaining('images are not squashed')])
  })

  it('is left out where BuildKit would ignore it, and a warning says so', async () => {
    const { ports, engine, log } = machine()
    engine.canSquash = async () => true
    const env = { ...request.env, DOCKER_BUILDKIT: '1' }
    await build(chainOf([squashed(app)]), { ...request, env }, ports)
    expect(warningsOf(log)).toEqual([expect.stringContaining('BuildKit')])
  })

  it.each([
    ['left out where BuildKit is the default', '28.2.2', 0, 1],
    ['used where the client lacks BuildKit', '28.2.2', 1, 0],
    ['used where the daemon is older than that default', '20.10.24', 0, 0]
  ])('is %s', async (_, version, status, warnings) => {
    const { ports, exec, engine, log } = machine()
    engine.canSquash = async () => true
    engine.version = async () => version
    exec.capture = async () => ({ status, stdout: '', stderr: '' })
    await build(chainOf([squashed(app)]), request, ports)
    expect(exec.calls[0]?.command.args.includes('--squash')).toBe(warnings === 0)
    expect(warningsOf(log)).toHaveLength(warnings)
  })
})

describe('what is built', () => {
  it('is remembered as it ends, with the ids of what it stands on', async () => {
    const { ports } = machine()
    const kept: unknown[] = []
    const evidence = {
      parts: new Map([['files', '']]),
      files: { rows: () => [], count: 0, digest: '', stamps: '' },
      triggers: new Map(),
      bases: [],
      parents: new Map()
    }
    const inputs = { parts: new Map(), files: evidence.files, untracked: [], triggers: new Map() }
    const child: PlannedImage = {
      ...app,
      dependsOn: [base.image.id],
      evidence,
      fingerprint: 'sha256:f0'
    }
    await build(chainOf([base, child], { lookAgain: async () => inputs }), request, {
      ...ports,
      keeper: { keep: record => kept.push(record) }
    })
    expect(kept).toMatchObject([
      {
        image: 'dockerfile__acme/app:1',
        fingerprint: 'sha256:f0',
        imageId: 'sha256:0',
        tags: ['acme/app:1'],
        parents: { [base.image.id]: 'sha256:1' }
      }
    ])
  })
})
