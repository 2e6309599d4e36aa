import { spawnSync } from 'node:child_process'
import { afterAll, describe, expect, it } from 'vitest'
import { startCacheServer } from '../../fixtures/cache-server.js'
import { runAction, runCli } from '../../fixtures/program.js'
import { manifest, temporaryProject, writeTree } from '../../fixtures/project.js'
import { startRegistry } from '../../fixtures/registry.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { docker } from './daemon.js'

const PREFIX = `build-chain-stores-${process.pid}`
const TAGS = ['base', 'app'].map(name => `${PREFIX}/${name}:1`)

/** What another machine has not: the images, and the layers that a rebuild would take. */
function forgetImages(): void {
  spawnSync('docker', ['rmi', '--force', ...TAGS])
}

afterAll(forgetImages)

const idsOf = () => TAGS.map(tag => docker(['inspect', '--format', '{{.Id}}', tag]))

function project(): string {
  const root = temporaryProject()
  const image = (name: string) => ({ tag: `${PREFIX}/${name}:1`, dockerfile: `Dockerfile.${name}` })
  writeTree(root, {
    'docker/IMAGES.json': manifest(image('app'), image('base')),
    'Dockerfile.base': 'FROM scratch\nCOPY base.txt /\n',
    'base.txt': `the base of ${PREFIX}`,
    'Dockerfile.app': `FROM ${PREFIX}/base:1\nCOPY app.txt /\n`,
    'app.txt': 'the app'
  })
  return root
}

/** A machine that remembers nothing. */
const machine = () => ({ XDG_STATE_HOME: temporaryFolder() })

const told = (stderr: string) =>
  [...stderr.matchAll(/^(?:<== \S+ (built)|--- \S+ (reused):)/gm)].map(
    ([, built, reused]) => built ?? reused
  )

describe('what one machine has built', () => {
  it('comes to another by a registry, and is changed by its edits alone', async () => {
    const root = project()
    const registry = await startRegistry(temporaryFolder())
    const build = (env: Readonly<Record<string, string>>) => {
      const store = ['--reuse', 'local,registry', '--reuse-registry', `${registry.host}/acme/cache`]
      return runCli(['build', ...store], { cwd: root, env })
    }
    const first = await build(machine())
    expect(told(first.stderr)).toEqual(['built', 'built'])
    const ids = idsOf()
    forgetImages()
    const other = machine()
    const second = await build(other)
    expect(second.status).toBe(0)
    expect(second.stderr).toContain('2 images come from registry')
    expect(told(second.stderr)).toEqual(['reused', 'reused'])
    expect(idsOf()).toEqual(ids)
    const calls = registry.calls.length
    expect(told((await build(other)).stderr)).toEqual(['reused', 'reused'])
    const methods = new Set(registry.calls.slice(calls).map(({ method }) => method))
    expect([...methods].filter(method => !['GET', 'HEAD'].includes(method))).toEqual([])
    writeTree(root, { 'app.txt': 'the app, edited' })
    expect(told((await build(other)).stderr)).toEqual(['reused', 'built'])
  })

  it("comes to another job by GitHub's cache", async () => {
    const root = project()
    const server = await startCacheServer({ workspace: root, temporary: temporaryFolder() })
    const build = () =>
      runAction({
        workspace: root,
        inputs: { reuse: 'github' },
        env: { ...server.variables, ...machine() }
      })
    const statuses = (outputs: Readonly<Record<string, string>>) =>
      (JSON.parse(outputs.images ?? '') as { status: string }[]).map(({ status }) => status)
    const first = await build()
    expect(statuses(first.outputs)).toEqual(['built', 'built'])
    const ids = idsOf()
    forgetImages()
    const second = await build()
    expect(second.status).toBe(0)
    expect(statuses(second.outputs)).toEqual(['reused', 'reused'])
    expect(second.outputs.tags?.split('\n')).toEqual([...TAGS])
    expect(second.outputs.built).toBe('')
    expect(idsOf()).toEqual(ids)
  })
})
