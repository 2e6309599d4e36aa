import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CacheClient,
  createGithubCache,
  hasGithubCache
} from '../../../src/packer/github-cache.js'
import { ensureArchive } from '../../../src/packer/obtain.js'
import { startCacheServer } from './cache-server.js'
import { asked, filesIn, serve, siteOf, temporary } from './support.js'

const release = {
  product: 'packer',
  version: '1.15.0',
  builds: [{ os: 'linux', arch: 'amd64', program: Buffer.alloc(50_000, 'packer') }]
}
const wanted = { product: 'packer', accepts: () => true }
const NAME = 'packer_1.15.0_linux_amd64'

async function open() {
  const service = await startCacheServer()
  const warnings: string[] = []
  const cache = createGithubCache({
    loadClient: () => import('@actions/cache'),
    temporary: service.variables.RUNNER_TEMP,
    trust: 'the key of the tests',
    warn: line => warnings.push(line)
  })
  return { service, warnings, cache }
}

async function folderWith(text: string): Promise<string> {
  const folder = join(await temporary(), 'kept')
  await mkdir(folder)
  await writeFile(join(folder, 'file'), text)
  return folder
}

describe('GitHub’s cache', () => {
  it('is there in a step of a workflow only', () => {
    expect(hasGithubCache({})).toBe(false)
    const all = {
      ACTIONS_RESULTS_URL: 'x',
      ACTIONS_RUNTIME_TOKEN: 'x',
      GITHUB_WORKSPACE: 'x',
      RUNNER_TEMP: 'x'
    }
    expect(hasGithubCache(all)).toBe(true)
    for (const name of Object.keys(all)) expect(hasGithubCache({ ...all, [name]: '' })).toBe(false)
  })

  it('gives back what was kept, and nothing under another name or trust', async () => {
    const { cache, service, warnings } = await open()
    const into = await temporary()
    expect(await cache.restore(NAME, join(into, 'none'))).toBe(false)
    await cache.keep(NAME, await folderWith('content'))
    expect(await cache.restore(NAME, join(into, 'a'))).toBe(true)
    expect(await readFile(join(into, 'a', 'file'), 'utf8')).toBe('content')
    expect(await cache.restore(`${NAME}-other`, join(into, 'b'))).toBe(false)
    const other = createGithubCache({
      loadClient: () => import('@actions/cache'),
      temporary: service.variables.RUNNER_TEMP,
      trust: 'another key',
      warn: line => warnings.push(line)
    })
    expect(await other.restore(NAME, join(into, 'c'))).toBe(false)
    expect(warnings).toEqual([])
    expect(await filesIn(join(service.variables.RUNNER_TEMP, 'build-chain-releases'))).toEqual([])
  })

  it('gives the newer copy after one was replaced', async () => {
    const { cache, service } = await open()
    const into = await temporary()
    await cache.keep(NAME, await folderWith('poisoned'))
    await cache.restore(NAME, join(into, 'a'))
    await cache.keep(NAME, await folderWith('good'))
    await cache.restore(NAME, join(into, 'b'))
    expect(await readFile(join(into, 'b', 'file'), 'utf8')).toBe('good')
    expect(service.keys().map(key => key.at(-1))).toEqual(['1', '2'])
  })

  it('that takes too long is left out with a warning', async () => {
    const warnings: string[] = []
    const never = new Promise<never>(() => undefined)
    const client: CacheClient = { restoreCache: () => never, saveCache: () => never }
    const cache = createGithubCache({
      loadClient: async () => client,
      temporary: await temporary(),
      trust: '',
      warn: line => warnings.push(line),
      timeout: 20
    })
    expect(await cache.restore(NAME, join(await temporary(), 'a'))).toBe(false)
    await cache.keep(NAME, await folderWith('x'))
    expect(warnings).toEqual([
      `GitHub's cache is left out for ${NAME}: no answer within 0.02 s`,
      `GitHub's cache is left out for ${NAME}: no answer within 0.02 s`
    ])
  })

  it('serves one of two programs at once, and does not mix them up', async () => {
    const { cache } = await open()
    await cache.keep(NAME, await folderWith('content'))
    const into = await temporary()
    const results = await Promise.all([
      cache.restore(NAME, join(into, 'a')),
      cache.restore(NAME, join(into, 'b'))
    ])
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await filesIn(into)).toHaveLength(1)
  })
})

describe('an archive in GitHub’s cache', () => {
  it('is kept there after the download, and taken from there on the next machine', async () => {
    const { cache } = await open()
    const server = await serve({ releases: [release] })
    const first = await siteOf(server, { githubCache: cache })
    await ensureArchive(wanted, first.site)
    const next = await siteOf(server, { githubCache: cache })
    expect(await ensureArchive(wanted, next.site)).toMatchObject({ source: 'github-cache' })
    expect(asked(server).filter(name => name.endsWith('.zip'))).toHaveLength(1)
    expect(next.warnings).toEqual([])
  })

  it('that was poisoned is refused, replaced and spoken of', async () => {
    const { cache } = await open()
    const folder = join(await temporary(), 'evil')
    await mkdir(folder)
    await writeFile(join(folder, `${NAME}.zip`), 'evil')
    await cache.keep(NAME, folder)
    const server = await serve({ releases: [release] })
    const first = await siteOf(server, { githubCache: cache })
    expect(await ensureArchive(wanted, first.site)).toMatchObject({ source: 'download' })
    expect(first.warnings[0]).toMatch(
      /in GitHub's cache was refused, and is replaced: .*not kept with it/
    )
    const next = await siteOf(server, { githubCache: cache })
    expect(await ensureArchive(wanted, next.site)).toMatchObject({ source: 'github-cache' })
    expect(next.warnings).toEqual([])
  })

  it('that fails does not fail the run', async () => {
    const { cache, service } = await open()
    service.fail()
    const server = await serve({ releases: [release] })
    const { site } = await siteOf(server, { githubCache: cache })
    expect(await ensureArchive(wanted, site)).toMatchObject({ source: 'download' })
  })
})
