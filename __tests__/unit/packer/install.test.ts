import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensurePacker, type PackerOptions } from '../../../src/packer/install.js'
import { parsePackerVersion } from '../../../src/packer/path-packer.js'
import { toolFolderOf } from '../../../src/packer/tool-cache.js'
import { corrupting, type ReleaseServerOptions } from '../../fixtures/release-server.js'
import {
  asked,
  failureOf,
  filesIn,
  processExec,
  quickDownloader,
  serve,
  temporary,
  writeProgram
} from './support.js'

const script = (version: string) => Buffer.from(`#!/bin/sh\necho "Packer v${version}"\n`)
const release = (version: string) => ({
  product: 'packer',
  version,
  builds: [{ os: 'linux', arch: 'amd64', program: script(version) }]
})
const RELEASES = ['1.9.5', '1.14.3', '1.15.0', '1.16.0-beta1'].map(release)

interface Given extends Partial<ReleaseServerOptions> {
  /** What `packer version` on PATH prints; none when left out. */
  readonly onPath?: string
}

async function open({ onPath, ...server }: Given = {}) {
  const folder = await temporary()
  const bin = join(folder, 'bin')
  if (onPath !== undefined) await writeProgram(join(bin, 'packer'), `echo '${onPath}'`)
  const exec = processExec(bin)
  const releases = await serve({ releases: RELEASES, ...server })
  const lines: string[] = []
  const warnings: string[] = []
  const options: PackerOptions = {
    range: '',
    exec: onPath === undefined ? { ...exec, which: () => undefined } : exec,
    env: { PATH: '/usr/bin:/bin' },
    releases: releases.url,
    key: releases.publicKey,
    processEnv: { RUNNER_TOOL_CACHE: join(folder, 'tools') },
    log: line => lines.push(line),
    warn: line => warnings.push(line),
    system: 'linux',
    arch: 'x64',
    override: { download: quickDownloader().download }
  }
  return { bin, exec, lines, warnings, options, server: releases, tools: join(folder, 'tools') }
}

describe('the Packer to use', () => {
  it('is the one on PATH when no version is asked for, without any request', async () => {
    const { options, bin, server, lines, tools } = await open({ onPath: 'Packer v1.6.6' })
    const path = join(bin, 'packer')
    expect(await ensurePacker(options)).toEqual({
      path,
      version: '1.6.6',
      source: 'path',
      why: 'no version asked for'
    })
    expect(lines).toEqual([`Packer 1.6.6 (${path}) on PATH: no version asked for`])
    expect(server.requests).toEqual([])
    expect(await filesIn(tools)).toEqual([])
  })

  it('is the one on PATH when it satisfies the range', async () => {
    const { options } = await open({ onPath: 'Packer v1.14.1' })
    const packer = await ensurePacker({ ...options, range: '~1.14' })
    expect(packer).toMatchObject({ source: 'path', why: 'satisfies ~1.14' })
  })

  it('is asked for its version with no look at the network', async () => {
    const { options, bin, exec } = await open({ onPath: '' })
    await writeProgram(join(bin, 'packer'), '[ "$CHECKPOINT_DISABLE" = 1 ] && echo "Packer v1.2.3"')
    expect((await ensurePacker(options)).version).toBe('1.2.3')
    expect(exec.calls).toEqual([[join(bin, 'packer'), 'version']])
  })

  it('is the newest release when PATH has none, ready to run', async () => {
    const { options, lines, tools } = await open()
    const packer = await ensurePacker(options)
    expect(packer.path.startsWith(tools)).toBe(true)
    expect(packer).toEqual({
      path: expect.stringMatching(/\/build-chain-[0-9a-f]{8}\/packer\/1\.15\.0\/x64\/packer$/),
      version: '1.15.0',
      source: 'download',
      why: 'the newest; PATH has none'
    })
    const output = await processExec('').capture(packer.path, ['version'])
    expect(output.stdout).toBe('Packer v1.15.0\n')
    expect(lines.at(-1)).toBe(
      `Packer 1.15.0 (${packer.path}) downloaded and verified: the newest; PATH has none`
    )
  })

  it('is the newest that satisfies the range, when PATH has another', async () => {
    const { options } = await open({ onPath: 'Packer v1.6.6' })
    expect(await ensurePacker({ ...options, range: '1.9 - 1.14' })).toMatchObject({
      version: '1.14.3',
      why: 'the newest that satisfies 1.9 - 1.14; PATH has 1.6.6'
    })
  })

  it('is a prerelease only when one is asked for', async () => {
    const { options } = await open()
    expect((await ensurePacker({ ...options, range: '>=1.16.0-0' })).version).toBe('1.16.0-beta1')
  })

  it('is one of that name only when it is HashiCorp’s', async () => {
    const { options } = await open({ onPath: 'packer: cracklib dictionary' })
    expect((await ensurePacker(options)).source).toBe('download')
  })

  it('is in the tool cache the second time: nothing is asked for', async () => {
    const { options, server, lines } = await open()
    const first = await ensurePacker(options)
    const before = asked(server).length
    const second = await ensurePacker({ ...options, range: '^1' })
    expect(second).toMatchObject({ path: first.path, source: 'tool-cache' })
    expect(asked(server)).toHaveLength(before)
    expect(lines.at(-1)).toContain('in the tool cache, verified again')
  })

  it('is whole and the same for runs at once', async () => {
    const { options } = await open()
    const all = await Promise.all([1, 2, 3].map(() => ensurePacker(options)))
    expect(new Set(all.map(packer => packer.path)).size).toBe(1)
    expect(await readFile(all[0]?.path ?? '')).toEqual(script('1.15.0'))
  })

  it('is named packer.exe on Windows', async () => {
    const build = { os: 'windows', arch: '386', program: script('1.15.0') }
    const { options } = await open({ releases: [{ ...release('1.15.0'), builds: [build] }] })
    const packer = await ensurePacker({ ...options, system: 'win32', arch: 'ia32' })
    expect(packer.path).toMatch(/ia32.packer\.exe$/)
  })
})

describe('a program in the tool cache', () => {
  it('that was changed is replaced from its verified archive before it can run', async () => {
    const { options, warnings, server } = await open()
    const { path } = await ensurePacker(options)
    await writeFile(path, '#!/bin/sh\necho evil\n')
    const before = asked(server).length
    expect(await ensurePacker(options)).toMatchObject({ path, source: 'tool-cache' })
    expect(await readFile(path)).toEqual(script('1.15.0'))
    expect((await stat(path)).mode & 0o100).toBe(0o100)
    expect(warnings).toEqual([
      `${path} was refused and replaced: it is not the program in packer_1.15.0_linux_amd64.zip`
    ])
    expect(asked(server)).toHaveLength(before)
  })

  it('that was changed together with its archive is refused and downloaded again', async () => {
    const { options, warnings } = await open()
    const { path } = await ensurePacker(options)
    await writeFile(path, 'evil')
    await writeFile(join(path, '../packer_1.15.0_linux_amd64.zip'), 'evil')
    expect(await ensurePacker(options)).toMatchObject({ path, source: 'download' })
    expect(await readFile(path)).toEqual(script('1.15.0'))
    expect(warnings[0]).toContain('packer 1.15.0 in the tool cache was refused and removed')
  })

  it('that is missing is unpacked again, silently', async () => {
    const { options, warnings } = await open()
    const { path } = await ensurePacker(options)
    await rm(path)
    expect((await ensurePacker(options)).source).toBe('tool-cache')
    expect(await readFile(path)).toEqual(script('1.15.0'))
    expect(warnings).toEqual([])
  })
})

describe('no Packer', () => {
  it('is told with what was wanted and what PATH has', async () => {
    const { options, server } = await open({ onPath: 'Packer v1.6.6' })
    const failure = await failureOf(ensurePacker({ ...options, range: '>=2' }))
    expect(failure.code).toBe('TOOL_MISSING')
    expect(failure.message).toBe(
      `No Packer: ${new URL(server.url).host} has no such version of packer (wanted: the newest that satisfies >=2; PATH has 1.6.6)`
    )
  })

  it('is what a range leads to that is none', async () => {
    const { options } = await open({ onPath: 'Packer v1.6.6' })
    const failure = await failureOf(ensurePacker({ ...options, range: 'latest' }))
    expect(failure.code).toBe('OPTIONS_INVALID')
    expect(failure.message).toBe('packer-version: latest is not a semver range')
  })

  it('is left behind by a download that was tampered with', async () => {
    const { options, tools } = await open({ tamper: corrupting(/\.zip$/) })
    expect((await failureOf(ensurePacker(options))).code).toBe('VERIFICATION_FAILED')
    expect(await filesIn(tools)).toEqual([])
  })
})

describe('the version that Packer prints', () => {
  it.each([
    ['Packer v1.6.6\n', '1.6.6'],
    ['Packer v1.15.0\n\nYour version of Packer is out of date! The latest is 1.16.0\n', '1.15.0'],
    ['Packer v1.11.0-dev (abc)\n', '1.11.0-dev'],
    ['1.6.6\n', undefined],
    ['', undefined]
  ])('%j is %s', (text, version) => {
    expect(parsePackerVersion(text)).toBe(version)
  })
})

describe('the folder of tools', () => {
  it('is the runner’s, else below the user’s cache', () => {
    expect(toolFolderOf({ RUNNER_TOOL_CACHE: '/opt/cache', HOME: '/h' })).toBe('/opt/cache')
    expect(toolFolderOf({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/build-chain/tools')
    expect(toolFolderOf({ HOME: '/h' })).toBe('/h/.cache/build-chain/tools')
  })
})
