import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runAction, runCli } from '../fixtures/program.js'
import { temporaryProject } from '../fixtures/project.js'

const EXAMPLES = resolve(import.meta.dirname ?? '.', '../../examples')

const QUICKSTART = ['base', 'app-base', 'app'].map(name => `build-chain-quickstart/${name}:1.0`)
const SYSTEMD = ['base:12', 'service:1.0'].map(name => `build-chain-systemd/${name}`)

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

/** A copy of an example with what its build needs besides. */
function example(name: string): string {
  const folder = join(EXAMPLES, name)
  execFileSync(join(folder, 'prepare'), { stdio: 'inherit' })
  const copy = temporaryProject(name)
  cpSync(folder, copy, { recursive: true })
  return copy
}

/** State and cache of a run that no other test has, and the plugins of the Packer that is tried. */
const privately = (): Record<string, string> => {
  const home = temporaryProject('home')
  const plugins = process.env.PACKER_PLUGIN_PATH
  return {
    ...(plugins ? { PACKER_PLUGIN_PATH: plugins } : {}),
    XDG_STATE_HOME: join(home, 'state'),
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '', '.cache')
  }
}

const labelled = () =>
  docker('ps', '--all', '--quiet', '--filter', 'label=io.github.corpusops.build-chain.run')

const others = new Set(labelled().split('\n'))

/** Containers of runs that have come since. */
const ours = () =>
  labelled()
    .split('\n')
    .filter(id => !others.has(id))
    .join('\n')

afterAll(() => {
  spawnSync('docker', ['rmi', '--force', ...QUICKSTART, ...SYSTEMD])
})

describe('the quickstart', () => {
  it.each([
    ['the classic builder', {}],
    ['BuildKit', { DOCKER_BUILDKIT: '1', PATH: `/usr/bin:${process.env.PATH}` }]
  ])('is built by the command line with %s, and its last image runs', async (_, settings) => {
    const root = example('quickstart')
    const { status, stdout, stderr } = await runCli(['build', '--reuse', 'off'], {
      cwd: root,
      env: { ...privately(), ...settings }
    })
    expect(stderr).toContain('build-chain-quickstart/app:1.0 built')
    expect(status).toBe(0)
    expect(stdout.trim().split('\n')).toEqual(QUICKSTART)
    expect(docker('run', '--rm', 'build-chain-quickstart/app:1.0')).toContain(
      'run by app in /opt/app'
    )
    const layers = docker('run', '--rm', 'build-chain-quickstart/app:1.0', 'cat', '/etc/chain')
    expect(layers.split('\n')).toHaveLength(3)
    expect(ours()).toBe('')
  })

  it('is built by the action, and its outputs name what is on the daemon', async () => {
    const workspace = example('quickstart')
    const step = await runAction({ workspace, inputs: { reuse: 'off' }, env: privately() })
    expect(step.status).toBe(0)
    expect(step.outputs.tags?.split('\n')).toEqual(QUICKSTART)
    for (const { tags, imageId } of JSON.parse(step.outputs.images ?? '') as {
      tags: string[]
      imageId: string
    }[]) {
      for (const tag of tags) expect(docker('inspect', '--format', '{{.Id}}', tag)).toBe(imageId)
    }
    expect(existsSync(step.outputs['packer-path'] ?? '')).toBe(true)
    const foreign = docker('create', QUICKSTART[1] ?? '')
    await runAction({ workspace, entry: 'post.js', state: step.state })
    expect(docker('inspect', '--format', '{{.Id}}', foreign)).toBe(foreign)
    docker('rm', foreign)
    expect(step.outputs['packer-version']).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('is left alone while nothing changes, and built from where something did', async () => {
    const root = example('quickstart')
    const env = privately()
    const build = () => runCli(['build'], { cwd: root, env })
    await build()
    const second = await build()
    expect(second.stderr.match(/reused: unchanged/g)).toHaveLength(3)
    execFileSync('sh', ['-c', 'echo changed >> config/greeting.txt'], { cwd: root })
    const plan = await runCli(['plan', '--format', 'json'], { cwd: root, env })
    const { images } = JSON.parse(plan.stdout) as { images: { action: string; reason: string }[] }
    expect(images.map(({ action, reason }) => `${action}: ${reason}`)).toEqual([
      'reuse: unchanged',
      'build: config/greeting.txt changed',
      'build: base packer__app-base-1.0.json is rebuilt'
    ])
    await build()
    expect(
      docker(
        'run',
        '--rm',
        '--entrypoint',
        'cat',
        'build-chain-quickstart/app:1.0',
        '/opt/app/greeting.txt'
      )
    ).toContain('changed')
  })
})

describe('the systemd example', () => {
  it('provisions under systemd as process 1, and its service is enabled', async () => {
    const root = example('systemd')
    const { status, stderr, stdout } = await runCli(['build', '--reuse', 'off'], {
      cwd: root,
      env: privately()
    })
    expect(stderr).toContain('build-chain-systemd/service:1.0 built')
    expect(status).toBe(0)
    expect(stdout).toContain('build-chain-systemd/service:1.0')
    const run = (...command: string[]) =>
      docker('run', '--rm', '--entrypoint', '', 'build-chain-systemd/service:1.0', ...command)
    expect(run('systemctl', 'is-enabled', 'demo.service')).toBe('enabled')
    expect(run('cat', '/var/lib/demo/started')).toContain('started by process 1, systemd')
    expect(ours()).toBe('')
  })
})
