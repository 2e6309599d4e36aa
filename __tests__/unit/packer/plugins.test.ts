import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ensurePlugins, type PluginOptions } from '../../../src/packer/plugins.js'
import { type TemplateNeeds, wantedPlugins } from '../../../src/packer/wanted-plugins.js'
import { corrupting, hiding, type ReleaseServerOptions } from '../../fixtures/release-server.js'
import { writeStandIn } from './stand-in-packer.js'
import {
  asked,
  failureOf,
  filesIn,
  processExec,
  quickDownloader,
  serve,
  temporary
} from './support.js'

const DOCKER = 'github.com/hashicorp/docker'
const program = (version: string) => Buffer.from(`docker plugin ${version}`)
const release = (version: string, name = 'docker') => ({
  product: `packer-plugin-${name}`,
  version,
  builds: [{ os: 'linux', arch: 'amd64', program: program(version) }]
})
const fileOf = (version: string, source = DOCKER) =>
  `${source}/packer-plugin-${source.split('/').at(-1)}_v${version}_x5.0_linux_amd64`
const file = 'packer/app.json'
const none = { builders: [], provisioners: [], postProcessors: [], dataSources: [] }
const wantedFor = (components: Partial<TemplateNeeds['components']>) =>
  wantedPlugins([{ file, components: { ...none, ...components }, requiredPlugins: [] }])
const docker = wantedFor({ builders: ['docker'] })

type Given = Parameters<typeof writeStandIn>[1] &
  Partial<ReleaseServerOptions> & {
    /** Plugins in the user's folder, by version. */
    readonly own?: readonly (readonly [source: string, version: string])[]
  }

async function putPlugin(folder: string, source: string, version: string): Promise<void> {
  const path = join(folder, fileOf(version, source))
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `own ${version}`, { mode: 0o755 })
  const sum = createHash('sha256').update(`own ${version}`).digest('hex')
  await writeFile(`${path}_SHA256SUM`, sum)
}

async function open({ own = [], releases, tamper, ...standIn }: Given = {}) {
  const folder = await temporary()
  const path = await writeStandIn(folder, standIn)
  const server = await serve({
    releases: releases ?? [release('1.0.8'), release('1.1.2')],
    ...(tamper ? { tamper } : {})
  })
  const ownFolder = join(folder, 'own')
  await mkdir(ownFolder)
  for (const [source, version] of own) await putPlugin(ownFolder, source, version)
  const lines: string[] = []
  const warnings: string[] = []
  const options: PluginOptions = {
    packer: { path, version: standIn.version ?? '1.15.0' },
    wanted: docker,
    mode: 'auto',
    exec: processExec(''),
    env: { PATH: '/usr/bin:/bin', PACKER_PLUGIN_PATH: ownFolder },
    releases: server.url,
    key: server.publicKey,
    processEnv: { RUNNER_TOOL_CACHE: join(folder, 'tools') },
    log: line => lines.push(line),
    warn: line => warnings.push(line),
    system: 'linux',
    arch: 'x64',
    override: { download: quickDownloader().download, wait: async () => undefined }
  }
  const calls = async (): Promise<string> =>
    await readFile(join(folder, 'calls'), 'utf8').catch(() => '')
  return { options, server, lines, warnings, calls, tools: join(folder, 'tools'), ownFolder }
}

describe('plugins', () => {
  it('are none of our business with none, or when no template wants one', async () => {
    const { options, calls, server } = await open()
    const nothing = { pluginPath: undefined, installed: [] }
    expect(await ensurePlugins({ ...options, mode: 'none' })).toEqual(nothing)
    expect(await ensurePlugins({ ...options, wanted: [] })).toEqual(nothing)
    expect(await calls()).toBe('')
    expect(server.requests).toEqual([])
  })

  it('that Packer has in itself are not looked for', async () => {
    const { options, server } = await open({ builtIn: ['docker'], takesPlugins: false })
    expect(await ensurePlugins(options)).toEqual({
      pluginPath: undefined,
      installed: [
        { source: DOCKER, version: undefined, from: 'packer', because: `builder docker in ${file}` }
      ]
    })
    expect(server.requests).toEqual([])
  })

  it('that are installed are used where they are', async () => {
    const { options, server } = await open({ own: [[DOCKER, '1.0.8']] })
    expect((await ensurePlugins(options)).pluginPath).toBeUndefined()
    const wanted = docker.map(each => ({ ...each, constraint: '~> 1.0' }))
    const result = await ensurePlugins({ ...options, wanted })
    expect(result.pluginPath).toBeUndefined()
    expect(result.installed[0]).toMatchObject({ from: 'packer', version: '1.0.8' })
    expect(server.requests).toEqual([])
  })

  it('that are missing come from the release server, laid out as Packer expects', async () => {
    const { options, server, lines, tools } = await open()
    const { pluginPath = '', installed } = await ensurePlugins(options)
    expect(installed).toEqual([
      { source: DOCKER, version: '1.1.2', from: 'download', because: `builder docker in ${file}` }
    ])
    expect(dirname(dirname(dirname(pluginPath)))).toBe(tools)
    expect(await filesIn(pluginPath)).toEqual([fileOf('1.1.2'), `${fileOf('1.1.2')}_SHA256SUM`])
    expect(await readFile(join(pluginPath, fileOf('1.1.2')))).toEqual(program('1.1.2'))
    expect(await readFile(join(pluginPath, `${fileOf('1.1.2')}_SHA256SUM`), 'utf8')).toBe(
      createHash('sha256').update(program('1.1.2')).digest('hex')
    )
    expect(asked(server)).toContain('packer-plugin-docker_1.1.2_manifest.json')
    expect(asked(server).filter(name => name.endsWith('.sig'))).toHaveLength(1)
    expect(lines.at(-1)).toBe(
      `Plugin ${DOCKER} 1.1.2 downloaded and verified: for builder docker in ${file}`
    )
  })

  it('are there the second time: nothing is downloaded', async () => {
    const { options, server } = await open()
    const first = await ensurePlugins(options)
    const before = asked(server).length
    const second = await ensurePlugins(options)
    expect(second.pluginPath).toBe(first.pluginPath)
    expect(second.installed[0]?.from).toBe('tool-cache')
    expect(asked(server)).toHaveLength(before)
  })

  it('satisfy their constraint', async () => {
    const { options } = await open()
    const wanted = docker.map(each => ({ ...each, constraint: '< 1.1' }))
    expect((await ensurePlugins({ ...options, wanted })).installed[0]?.version).toBe('1.0.8')
  })

  it('speak a protocol that Packer does', async () => {
    const manifest = (path: string, body: Buffer) =>
      path.endsWith('packer-plugin-docker_1.1.2_manifest.json')
        ? Buffer.from(body.toString().replace('5.0', '6.0'))
        : body
    const { options } = await open({ tamper: manifest })
    const failure = await failureOf(ensurePlugins(options))
    // The manifest is held to its hash as all else is.
    expect(failure.message).toContain('packer-plugin-docker_1.1.2_manifest.json has the wrong hash')
  })

  it('that were tampered with are refused, and nothing is left', async () => {
    const { options, tools } = await open({ tamper: corrupting(/\.zip$/) })
    expect((await failureOf(ensurePlugins(options))).code).toBe('VERIFICATION_FAILED')
    expect((await filesIn(tools)).filter(name => !name.startsWith('build-chain-answers'))).toEqual(
      []
    )
  })

  it('for runs at once are in one whole folder', async () => {
    const { options } = await open()
    const all = await Promise.all([1, 2, 3].map(() => ensurePlugins(options)))
    expect(new Set(all.map(each => each.pluginPath)).size).toBe(1)
    expect(await filesIn(all[0]?.pluginPath ?? '')).toHaveLength(2)
  })

  it('stand beside those that the user has installed', async () => {
    const own = [
      ['github.com/acme/cloud', '2.0.0'],
      [DOCKER, '1.0.8']
    ] as const
    const { options } = await open({ own })
    const wanted = docker.map(each => ({ ...each, constraint: '>= 1.1' }))
    const { pluginPath = '' } = await ensurePlugins({ ...options, wanted })
    const files = (await filesIn(pluginPath)).filter(name => !name.endsWith('SUM'))
    expect(files).toEqual([
      fileOf('2.0.0', 'github.com/acme/cloud'),
      fileOf('1.0.8'),
      fileOf('1.1.2')
    ])
  })

  it('that Packer still does not know are told so', async () => {
    const { options } = await open({ takesPlugins: false })
    const failure = await failureOf(ensurePlugins(options))
    expect(failure.code).toBe('PLUGIN_FAILED')
    expect(failure.message).toContain('it still has no builder docker')
    expect(failure.hint).toContain('packer-version')
  })

  it('whose name was only guessed, and that nobody has, are left to Packer', async () => {
    const { options, warnings } = await open()
    const wanted = wantedFor({ builders: ['acme-cloud'] })
    expect((await ensurePlugins({ ...options, wanted })).installed).toEqual([])
    expect(warnings[0]).toContain(`No plugin is known for builder acme-cloud in ${file}`)
  })
})

describe('a list of plugins', () => {
  it('is taken instead of what the templates want, the newest that is installed has to fit', async () => {
    const { options } = await open({ own: [[DOCKER, '1.2.0']] })
    const mode = [{ source: DOCKER, constraint: '<1.1' }]
    const { pluginPath = '', installed } = await ensurePlugins({ ...options, mode })
    expect(installed[0]).toMatchObject({ version: '1.0.8', because: 'packer-plugins' })
    expect(await filesIn(pluginPath)).toEqual([fileOf('1.0.8'), `${fileOf('1.0.8')}_SHA256SUM`])
  })

  it('counts what is installed only when no newer one hides it', async () => {
    const own = [
      [DOCKER, '1.2.0'],
      [DOCKER, '1.0.3']
    ] as const
    const { options } = await open({ own })
    const mode = [{ source: DOCKER, constraint: '<1.1' }]
    const { pluginPath = '' } = await ensurePlugins({ ...options, mode })
    const files = (await filesIn(pluginPath)).filter(name => !name.endsWith('SUM'))
    expect(files).toEqual([fileOf('1.0.3'), fileOf('1.0.8')])
  })

  it('has no effect on a Packer with the plugin built in, which says so', async () => {
    const { options, warnings } = await open({
      builtIn: ['docker'],
      takesPlugins: false,
      version: '1.6.6'
    })
    const mode = [{ source: DOCKER, constraint: '>=1.1' }]
    expect((await ensurePlugins({ ...options, mode })).pluginPath).toBeUndefined()
    expect(warnings).toEqual([`Packer 1.6.6 has ${DOCKER} built in: >=1.1 has no effect`])
  })
})

describe('the folder of plugins', () => {
  it('whose program was changed is put right, and spoken of', async () => {
    const { options, warnings } = await open()
    const { pluginPath = '' } = await ensurePlugins(options)
    await writeFile(join(pluginPath, fileOf('1.1.2')), 'evil')
    expect((await ensurePlugins(options)).pluginPath).toBe(pluginPath)
    expect(await readFile(join(pluginPath, fileOf('1.1.2')))).toEqual(program('1.1.2'))
    expect(warnings[0]).toContain('was refused and replaced')
  })

  it('whose sum was changed with the program is put right', async () => {
    const { options } = await open()
    const { pluginPath = '' } = await ensurePlugins(options)
    const path = join(pluginPath, fileOf('1.1.2'))
    await writeFile(path, 'evil')
    await writeFile(`${path}_SHA256SUM`, createHash('sha256').update('evil').digest('hex'))
    await ensurePlugins(options)
    expect(await readFile(path)).toEqual(program('1.1.2'))
    expect(await readFile(`${path}_SHA256SUM`, 'utf8')).toBe(
      createHash('sha256').update(program('1.1.2')).digest('hex')
    )
  })

  it('with a plugin that nobody asked for is refused, replaced and spoken of', async () => {
    const { options, warnings } = await open()
    const { pluginPath = '' } = await ensurePlugins(options)
    await putPlugin(pluginPath, 'github.com/evil/evil', '9.9.9')
    await ensurePlugins(options)
    expect(await filesIn(pluginPath)).toHaveLength(2)
    expect(warnings[0]).toContain('was refused and removed: github.com/evil/evil')
  })

  it('with a changed copy of the user’s plugin is put right', async () => {
    const own = [['github.com/acme/cloud', '2.0.0']] as const
    const { options, warnings, ownFolder } = await open({ own })
    const { pluginPath = '' } = await ensurePlugins(options)
    const name = fileOf('2.0.0', 'github.com/acme/cloud')
    await writeFile(join(pluginPath, name), 'evil')
    await ensurePlugins(options)
    expect(await readFile(join(pluginPath, name), 'utf8')).toBe('own 2.0.0')
    expect(await readFile(join(ownFolder, name), 'utf8')).toBe('own 2.0.0')
    expect(warnings[0]).toContain('was refused and replaced: it was changed')
  })
})

describe('a plugin that only GitHub has', () => {
  const GOSS = 'github.com/YaleUniversity/goss'
  const wanted = wantedFor({ provisioners: ['goss'] })
  const onGithub = [[GOSS, '3.2.1']] as const

  it('is installed by Packer, and kept', async () => {
    const { options, calls, server } = await open({ onGithub })
    const { pluginPath = '', installed } = await ensurePlugins({ ...options, wanted })
    expect(installed).toEqual([
      { source: GOSS, version: '3.2.1', from: 'github', because: `provisioner goss in ${file}` }
    ])
    expect(await filesIn(pluginPath)).toContain(fileOf('3.2.1', GOSS))
    await ensurePlugins({ ...options, wanted })
    expect((await calls()).match(/plugins install github/g)).toHaveLength(1)
    // A product of that name on the release server would be another owner's.
    expect(server.requests).toEqual([])
  })

  it('is one of HashiCorp’s that the release server does not have, too', async () => {
    const { options } = await open({
      releases: [release('1.0.0', 'other')],
      onGithub: [[DOCKER, '1.0.1']]
    })
    expect((await ensurePlugins(options)).installed[0]).toMatchObject({
      from: 'github',
      version: '1.0.1'
    })
  })

  it('is tried again, and its token is in no line', async () => {
    const { options, lines } = await open({ onGithub, failures: 1 })
    const githubToken = 'ghp_secret'
    const { installed } = await ensurePlugins({ ...options, wanted, githubToken })
    expect(installed[0]?.version).toBe('3.2.1')
    expect(lines.join('\n')).toContain('failed, trying again: rate limited, token ***')
    expect(lines.join('\n')).not.toContain(githubToken)
  })

  it('that is nowhere is told with all that was tried, and without the token', async () => {
    const { options, server } = await open({ tamper: hiding(/./) })
    const failure = await failureOf(ensurePlugins({ ...options, githubToken: 'ghp_secret' }))
    expect(failure.code).toBe('PLUGIN_FAILED')
    expect(failure.message).toBe(
      `No plugin for builder docker in ${file}: ${new URL(server.url).host} does not have packer-plugin-docker; ${DOCKER} cannot be installed: 404 not found`
    )
    expect(JSON.stringify(failure)).not.toContain('ghp_secret')
  })
})
