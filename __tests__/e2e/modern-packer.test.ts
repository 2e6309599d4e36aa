import { execFile, execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readMarkdown } from '../fixtures/markdown.js'
import {
  buildFrom,
  filesBelow,
  type Machine,
  openYard,
  type Yard
} from '../fixtures/modern-machine.js'
import { findModernPacker, modernCatalogue } from '../fixtures/modern-packer.js'
import { exampleIn } from '../fixtures/modern-projects.js'
import { serveFolder } from '../fixtures/modern-proxy.js'
import { arch, NEEDS_PACKER, os } from '../fixtures/modern-stand-in.js'
import { type FinishedStep, runAction } from '../fixtures/program.js'
import { type ReleaseServer, startReleaseServer } from '../fixtures/release-server.js'

const { folder = '' } = findModernPacker()

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()

const canMirror = `${os} ${arch}` === 'linux amd64' && spawnSync('curl', ['--version']).status === 0
if (!canMirror)
  console.log('The mirror of docs/packer.md is not tried: no curl, or no Linux on amd64')

describe.skipIf(folder === '')('on a machine with Docker and no Packer', () => {
  let yard: Yard
  let server: ReleaseServer
  let warm: Machine

  beforeAll(async () => {
    yard = openYard('bc-modern')
    server = await startReleaseServer({ releases: await modernCatalogue(folder) })
    warm = yard.machine()
  })
  afterAll(async () => {
    await server?.close()
    yard?.remove()
  })

  /** Paths that the server was asked for since `from`. */
  const asked = (from = 0) => server.requests.slice(from).map(({ path }) => path)

  const step = (machine: Machine, inputs: Record<string, string> = {}): Promise<FinishedStep> =>
    runAction({
      workspace: exampleIn(yard, 'quickstart'),
      inputs: {
        reuse: 'off',
        'packer-releases': server.url,
        'packer-releases-key': server.publicKey,
        ...inputs
      },
      env: { ...machine.env, RUNNER_TOOL_CACHE: machine.tools }
    })

  /** The one folder of plugins that a machine's runs have made for Packer. */
  const pluginFolder = ({ tools }: Machine) => {
    const [place = ''] = filesBelow(tools).filter(path => path.includes('build-chain-plugins/'))
    return join(tools, /^.*build-chain-plugins\/[^/]*/.exec(place)?.[0] ?? '')
  }

  /** Builds the quickstart's image that Packer makes. */
  const quickstart = (machine: Machine, env = {}, ...args: string[]) =>
    buildFrom({
      machine,
      project: exampleIn(yard, 'quickstart'),
      server,
      env,
      args: ['--images', 'app-base', ...args]
    })

  it('images that need no Packer look nothing up', async () => {
    const machine = yard.machine()
    const { status, outputs } = await step(machine, { images: 'base' })
    expect(status).toBe(0)
    expect(outputs.tags).toBe(`${yard.prefix}/base:1.0`)
    expect(outputs['packer-path']).toBe('')
    expect(asked()).toEqual([])
    expect(filesBelow(machine.tools)).toEqual([])
  })

  it('one step builds the quickstart with the newest Packer and a plugin that nobody named', async () => {
    const { status, stdout, outputs } = await step(warm)
    expect(stdout).toContain(`${yard.prefix}/app:1.0 built`)
    expect(status).toBe(0)
    const [place = ''] = filesBelow(warm.tools).filter(name => name.endsWith('/packer'))
    const path = join(warm.tools, place)
    expect(place).toContain(`packer/1.15.0/${process.arch}/packer`)
    expect(stdout.match(/^Packer .*/gm)).toEqual([
      `Packer 1.15.0 (${path}) downloaded and verified: the newest; PATH has none`
    ])
    expect(stdout.match(/^Plugin .*/gm)).toEqual([
      'Plugin github.com/hashicorp/docker 1.1.2 downloaded and verified: for builder docker in app-base-1.0.json'
    ])
    expect(outputs['packer-version']).toBe('1.15.0')
    expect(outputs['packer-path']).toBe(path)
    expect(execFileSync(path, ['version'], { encoding: 'utf8' })).toContain('Packer v1.15.0')
    expect(docker('run', '--rm', `${yard.prefix}/app:1.0`)).toContain('run by app in /opt/app')
    expect(asked()).toContain('/packer/index.json')
    expect(asked().filter(name => name.endsWith('.zip'))).toHaveLength(2)
  })

  it('the next run downloads nothing, and verifies what it finds', async () => {
    const before = server.requests.length
    const { status, stdout, outputs } = await step(warm)
    expect(status).toBe(0)
    expect(asked(before)).toEqual([])
    expect(stdout).toMatch(/^Packer 1\.15\.0 \(.*\) in the tool cache, verified again: the newest/m)
    expect(stdout).toMatch(/^Plugin github.com\/hashicorp\/docker 1\.1\.2 in the tool cache, veri/m)
    expect(outputs['packer-version']).toBe('1.15.0')
  })

  it('a plugin that was changed is replaced, and one that nobody asked for removed, before Packer runs', async () => {
    const folder = pluginFolder(warm)
    const [plugin = ''] = filesBelow(folder)
    const evil = `#!/bin/sh\ntouch ${warm.home}/owned\n`
    const changed = join(folder, plugin)
    writeFileSync(changed, evil)
    writeFileSync(`${changed}_SHA256SUM`, createHash('sha256').update(evil).digest('hex'))
    const before = server.requests.length
    const { status, stderr } = await quickstart(warm)
    expect(stderr).toContain(`warning: ${changed} was refused and replaced: it is not the program`)
    expect(status).toBe(0)

    const stranger = plugin.replaceAll('docker', 'evil')
    mkdirSync(dirname(join(folder, stranger)), { recursive: true })
    writeFileSync(join(folder, stranger), evil, { mode: 0o755 })
    const again = await quickstart(warm)
    expect(again.stderr).toContain(`${folder} was refused and removed: ${stranger} is not of this`)
    expect(again.status).toBe(0)
    expect(filesBelow(folder).filter(path => path.includes('evil'))).toEqual([])

    expect(asked(before)).toEqual([])
    expect(readdirSync(warm.home)).not.toContain('owned')
  })

  it('three runs at once share one cold cache, and leave it whole', async () => {
    const machine = yard.machine()
    const before = server.requests.length
    const runs = await Promise.all([1, 2, 3].map(() => quickstart(machine)))
    for (const { status, stderr } of runs) {
      expect(stderr).not.toContain('warning:')
      expect(status).toBe(0)
    }
    const files = filesBelow(machine.tools)
    expect(files.filter(path => path.includes('/.build-chain-') || path.startsWith('.'))).toEqual(
      []
    )
    expect(files.filter(path => path.endsWith('.zip'))).toHaveLength(2)
    expect(files.filter(path => /packer-plugin-docker_v[^/]*(?<!SUM)$/.test(path))).toHaveLength(1)
    expect(asked(before).filter(path => path.endsWith('/index.json')).length).toBeGreaterThan(0)
    const downloads = server.requests.length
    const after = await quickstart(machine)
    expect(after.stderr).not.toContain('warning:')
    expect(server.requests.length).toBe(downloads)
    expect(readdirSync(machine.temporary)).toEqual([])
  })

  describe('with a Packer on PATH', () => {
    const withPacker = (machine: Machine) => ({ PATH: `${folder}:${machine.env.PATH}` })

    it('nothing is looked up where that Packer has its plugin', async () => {
      const machine = yard.machine()
      cpSync(join(folder, 'plugins'), join(machine.home, '.config/packer/plugins'), {
        recursive: true
      })
      const before = server.requests.length
      const { status, stderr } = await quickstart(machine, withPacker(machine))
      expect(status).toBe(0)
      expect(stderr).toContain(`Packer 1.15.0 (${folder}/packer) on PATH: no version asked for`)
      expect(asked(before)).toEqual([])
      expect(filesBelow(machine.tools).filter(path => !path.includes('answers'))).toEqual([])
    })

    it('only the plugin is got where that Packer has none, as on a hosted runner', async () => {
      const machine = yard.machine()
      const before = server.requests.length
      const { status, stderr } = await quickstart(machine, withPacker(machine))
      expect(status).toBe(0)
      expect(stderr).toContain('on PATH: no version asked for')
      expect(asked(before).filter(path => path.startsWith('/packer/'))).toEqual([])
      expect(asked(before)).toContain('/packer-plugin-docker/index.json')
    })
  })

  /** A build that needs Packer and no daemon. */
  const alone = (machine: Machine, args: readonly string[], env = {}) =>
    buildFrom({ machine, project: yard.project(NEEDS_PACKER), server, args, env })

  it.each([
    ['>=1.99.0-beta1 <1.99.1', 0, /^Packer 1\.99\.0-beta1 \(.*downloaded and verified/m],
    ['>=3', 3, /No Packer: .* has no such version of packer \(wanted: the newest that satisf/],
    ['1.99.1', 3, /No Packer: .* has no such version for \w+ on \w+ of packer/],
    ['newest', 2, /packer-version: newest is not a semver range/]
  ])('packer-version %s ends with %i', async (range, status, told) => {
    const machine = yard.machine()
    const finished = await alone(machine, ['--packer-version', range])
    expect(finished.stderr).toMatch(told)
    expect(finished.status).toBe(status)
    if (status !== 0) expect(filesBelow(machine.tools)).toEqual([])
  })

  it('another Packer is got where the one on PATH is not in the range', async () => {
    const machine = yard.machine()
    const env = { PATH: `${folder}:${machine.env.PATH}` }
    const { status, stderr } = await alone(machine, ['--packer-version', '~1.14'], env)
    expect(stderr).toMatch(
      /^Packer 1\.14\.2 \(.*\) downloaded and verified: the newest that satisfies ~1\.14; PATH has 1\.15\.0$/m
    )
    expect(status).toBe(0)
  })

  it('plugins in the list are got whatever the templates say', async () => {
    const list = 'github.com/hashicorp/docker@>=1.1,<2, github.com/hashicorp/ansible'
    const { status, stderr } = await alone(warm, ['--packer-plugins', list])
    expect(stderr).toMatch(/^Plugin github.com\/hashicorp\/docker 1\.1\.2 .*: for packer-plugins$/m)
    expect(stderr).toMatch(
      /^Plugin github.com\/hashicorp\/ansible 1\.1\.2 .*: for packer-plugins$/m
    )
    expect(status).toBe(0)
  })

  it.skipIf(!canMirror)('the mirror that docs/packer.md makes serves as well', async () => {
    const { blocks } = readMarkdown('docs/packer.md')
    const recipe = blocks.find(({ words }) => words.includes('file=mirror.sh'))?.text ?? ''
    const place = yard.project({
      'mirror.sh': recipe.replace('https://releases.hashicorp.com', server.url)
    })
    await promisify(execFile)('sh', ['mirror.sh'], { cwd: place })
    const mirror = await serveFolder(join(place, 'mirror'))
    const before = server.requests.length
    const { status, stderr } = await buildFrom({
      machine: yard.machine(),
      project: yard.project(NEEDS_PACKER),
      server: { url: `http://127.0.0.1:${mirror.port}`, publicKey: server.publicKey },
      args: ['--packer-plugins', 'github.com/hashicorp/docker']
    })
    mirror.close()
    expect(stderr).toMatch(/^Packer 1\.15\.0 \(.*downloaded and verified/m)
    expect(stderr).toMatch(/^Plugin github.com\/hashicorp\/docker 1\.1\.2 downloaded and verif/m)
    expect(status).toBe(0)
    expect(asked(before)).toEqual([])
    const shown = blocks.find(({ text }) => text.startsWith('packer/index.json\n'))?.text ?? ''
    const listed = shown.trim().split('\n')
    const fetched = mirror.asked.map(path => path.slice(1))
    expect(listed).toEqual(
      expect.arrayContaining(fetched.filter(path => !/[0-9A-F]{8}\.sig$/.test(path)))
    )
  })

  it('no plugin is got where none are wanted, and Packer says what it lacks', async () => {
    const machine = yard.machine()
    const before = server.requests.length
    const { status, stderr } = await quickstart(machine, {}, '--packer-plugins', 'none')
    expect(status).toBe(1)
    expect(stderr.replace(/\s+/g, ' ')).toMatch(
      /unknown builder "?docker|builder docker is unknown/i
    )
    expect(asked(before).filter(path => path.includes('plugin'))).toEqual([])
  })
})
