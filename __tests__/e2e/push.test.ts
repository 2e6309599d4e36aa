import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exec } from '../../src/adapters/exec.js'
import { commandRegistry } from '../../src/adapters/registry-command.js'
import { type Finished, runAction, runCli } from '../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../fixtures/project.js'
import { type Registry, startRegistry, USER } from '../fixtures/registry.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'
import { env } from './stores/daemon.js'

/** A project of three images that stand on one another, whose tags name a registry. */
interface Chain {
  readonly root: string
  /** Path in the registry, as in `PREFIX/base:1`. */
  readonly prefix: string
  readonly tags: readonly string[]
  /** @param args further words of the command line */
  readonly push: (...args: string[]) => Promise<Finished>
  /** The environment of its runs. */
  readonly env: Readonly<Record<string, string>>
}

function openChain(registry: Registry): Chain {
  const root = temporaryProject()
  const prefix = `push-${randomBytes(4).toString('hex')}`
  const tagOf = (name: string) => `${registry.host}/${prefix}/${name}`
  const tags = ['base:1', 'mid:1', 'mid:stable', 'app:1'].map(tagOf)
  writeTree(root, {
    'docker/IMAGES.json': manifest(
      { tag: tagOf('base:1'), dockerfile: 'base.Dockerfile' },
      { tag: tagOf('mid:1'), tags: [tagOf('mid:stable')], dockerfile: 'mid.Dockerfile' },
      { tag: tagOf('app:1'), dockerfile: 'app.Dockerfile' }
    ),
    file: prefix,
    'base.Dockerfile': 'FROM scratch\nCOPY file /base\n',
    'mid.Dockerfile': `FROM ${tagOf('base:1')}\nCOPY file /mid\n`,
    'app.Dockerfile': `FROM ${tagOf('mid:1')}\nCOPY file /app\n`
  })
  const home = temporaryFolder()
  const own = { XDG_STATE_HOME: join(home, 'state'), DOCKER_CONFIG: join(home, 'docker') }
  onTestFinished(() => {
    spawnSync('docker', ['rmi', '--force', ...tags])
  })
  const push = (...args: string[]) => runCli(['build', '--push', ...args], { cwd: root, env: own })
  return { root, prefix, tags, push, env: own }
}

/** The digest and the configuration's digest that a registry has under a tag. */
async function read(registry: Registry, prefix: string, tag: string) {
  const [name = '', label = ''] = tag.split(':')
  const { text } = await registry.manifest(`${prefix}/${name}`, label)
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`
  return { digest, config: (JSON.parse(text) as { config: { digest: string } }).config.digest }
}

const WRITES = ['POST', 'PUT', 'PATCH']

/** The repositories that were written to, as their last names. */
const written = (registry: Registry) =>
  new Set(
    registry.calls
      .filter(({ method }) => WRITES.includes(method))
      .map(({ path }) => /\/([^/]+)\/(blobs|manifests)\//.exec(path)?.[1])
  )

/** Repositories whose manifests arrived, in order. */
const manifests = (registry: Registry) =>
  registry.calls
    .filter(({ method }) => method === 'PUT')
    .flatMap(({ path }) => /\/([^/]+\/manifests\/.+)$/.exec(path)?.[1] ?? [])

describe('a chain that is pushed', () => {
  it('is in the registry bases first, and its outputs have the digests that the registry has', async () => {
    const registry = await startRegistry()
    const { root, prefix, env: own } = openChain(registry)
    const step = await runAction({ workspace: root, inputs: { push: 'true' }, env: own })
    expect(step.stdout).not.toContain('::error')
    expect(step.status).toBe(0)
    const rows = JSON.parse(step.outputs.images ?? '') as { digest: string; imageId: string }[]
    const there = await Promise.all(
      ['base:1', 'mid:1', 'app:1'].map(tag => read(registry, prefix, tag))
    )
    expect(rows.map(({ digest, imageId }) => ({ digest, config: imageId }))).toEqual(there)
    expect(await read(registry, prefix, 'mid:stable')).toEqual(there[1])
    expect(manifests(registry)).toEqual([
      'base/manifests/1',
      'mid/manifests/1',
      'mid/manifests/stable',
      'app/manifests/1'
    ])
  })

  it('goes on after a failed push: builds nothing, sends nothing twice, pushes the rest', async () => {
    const registry = await startRegistry()
    const { prefix, push } = openChain(registry)
    registry.fault = ({ method, path }) =>
      method === 'PUT' && path.includes('/mid/manifests/') ? 'fail' : undefined
    const first = await push('--retries', '1')
    expect(first.stderr).toContain('attempt 1 to push failed: a server failed for now')
    expect(first.stderr).toContain('mid:1 failed: ended with exit status 1: received unexpected')
    expect(first.status).toBe(1)
    expect(await registry.tags(`${prefix}/app`)).toEqual([])
    registry.calls.length = 0
    registry.fault = () => undefined
    const second = await push()
    expect(second.status).toBe(0)
    expect(second.stderr.match(/reused: unchanged/g)).toHaveLength(3)
    expect(written(registry)).toEqual(new Set(['mid', 'app']))
    expect(manifests(registry)).toEqual([
      'mid/manifests/1',
      'mid/manifests/stable',
      'app/manifests/1'
    ])
    registry.calls.length = 0
    const third = await push()
    expect(third.stderr).toContain('app:1 pushed before: sha256:')
    expect(written(registry)).toEqual(new Set())
  })

  it('ends when it is interrupted in the middle, and the next run pushes the rest', async () => {
    const registry = await startRegistry()
    const { root, prefix, push, env: own } = openChain(registry)
    let pid = 0
    registry.fault = ({ method, path }) => {
      if (method !== 'POST' || !path.includes('/mid/blobs/')) return undefined
      process.kill(pid, 'SIGINT')
      return 'stall'
    }
    const first = await runCli(['build', '--push'], {
      cwd: root,
      env: own,
      started: id => {
        pid = id
      }
    })
    expect(first.status).toBe(130)
    expect(manifests(registry)).toEqual(['base/manifests/1'])
    registry.fault = () => undefined
    // The daemon goes on with an upload that nobody waits for, and another push of it would wait, too.
    registry.breakOff()
    const second = await push()
    expect(second.stderr.match(/reused: unchanged/g)).toHaveLength(3)
    expect(second.status).toBe(0)
    expect(await registry.tags(`${prefix}/app`)).toEqual(['1'])
  })
})

describe('a registry that wants a login', () => {
  it('refuses a push without, which says what to do, and takes one after docker login', async () => {
    const registry = await startRegistry(undefined, true)
    const { prefix, push, env: own } = openChain(registry)
    const refused = await push()
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain(`${registry.host} refused it: no basic auth credentials`)
    expect(refused.stderr).toContain(`\`docker login ${registry.host}\``)
    const login = ['login', '--username', USER.name, '--password-stdin', registry.host]
    const input = USER.password
    const loggedIn = await exec.capture('docker', login, { input, env: { ...env, ...own } })
    expect(loggedIn.status).toBe(0)
    const taken = await push()
    expect(taken.status).toBe(0)
    const { digest } = await read(registry, prefix, 'app:1')
    expect(taken.stderr).toContain(`app:1 pushed in `)
    expect(taken.stderr).toContain(`: ${digest}\n`)
    expect(taken.stderr).not.toContain(USER.password)
  })
})

describe('what a registry has', () => {
  it('is known of an index, too, by the digest that it may have', async () => {
    const registry = await startRegistry()
    const { prefix, tags, push } = openChain(registry)
    await push(tags[0] ?? '')
    const { type: mediaType, text } = await registry.manifest(`${prefix}/base`, '1')
    const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
    const digest = `sha256:${sha256(text)}`
    const index = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
      manifests: ['amd64', 'arm64'].map(architecture => ({
        mediaType,
        size: text.length,
        digest,
        platform: { os: 'linux', architecture }
      }))
    })
    const type = 'application/vnd.docker.distribution.manifest.list.v2+json'
    await registry.putManifest(`${prefix}/base`, 'many', { type, text: index })
    const { signal } = new AbortController()
    const find = (candidates: readonly string[]) =>
      commandRegistry(exec, env).find(`${registry.host}/${prefix}/base:many`, {
        candidates,
        signal
      })
    const own = `sha256:${sha256(index)}`
    expect(await find([digest, own])).toEqual({ digest: own, config: undefined })
    expect(await find([digest])).toEqual({ digest: undefined, config: undefined })
  })
})
