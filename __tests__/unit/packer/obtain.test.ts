import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  ensureArchive,
  type VerifiedArchive,
  type WantedArchive
} from '../../../src/packer/obtain.js'
import { hashicorpKey } from '../../../src/packer/release-key.js'
import type { ReleaseSite } from '../../../src/packer/release-site.js'
import {
  type Build,
  corrupting,
  createSigner,
  cutting,
  endless,
  hiding,
  type ReleaseServerOptions,
  redirecting,
  type SignerOptions
} from '../../fixtures/release-server.js'
import { asked, failureOf, filesIn, quickDownloader, serve, siteOf } from './support.js'

const program = Buffer.alloc(50_000, 'packer')
const build: Build = { os: 'linux', arch: 'amd64', program }
const release = (version = '1.15.0', more: Partial<Build> = {}) => ({
  product: 'packer',
  version,
  builds: [{ ...build, ...more }]
})
const ARCHIVE = 'packer_1.15.0_linux_amd64.zip'
const SUMS = 'packer_1.15.0_SHA256SUMS'
const DAY = 86_400
const accepting = (accepts: (version: string) => boolean): WantedArchive => ({
  product: 'packer',
  accepts
})
const any = accepting(() => true)

async function open(
  options: Partial<ReleaseServerOptions> = {},
  overrides: Partial<ReleaseSite> = {}
) {
  const server = await serve({ releases: [release()], ...options })
  return { server, ...(await siteOf(server, overrides)) }
}

async function got(site: ReleaseSite, wanted = any): Promise<VerifiedArchive> {
  const archive = await ensureArchive(wanted, site)
  if ('reason' in archive) throw new Error(archive.reason)
  return archive
}

describe('an archive', () => {
  it('is downloaded, verified and kept with its sums and signature in the layout of the tool cache', async () => {
    const { server, site } = await open()
    const archive = await got(site)
    expect(archive).toEqual({
      product: 'packer',
      version: '1.15.0',
      source: 'download',
      folder: join(site.toolFolder, 'packer/1.15.0/x64'),
      path: join(site.toolFolder, 'packer/1.15.0/x64', ARCHIVE),
      name: ARCHIVE
    })
    expect(await filesIn(site.toolFolder)).toEqual(
      [ARCHIVE, SUMS, `${SUMS}.sig`]
        .map(name => `packer/1.15.0/x64/${name}`)
        .concat('packer/1.15.0/x64.complete')
        .sort()
    )
    expect(asked(server)).toEqual(['index.json', SUMS, `${SUMS}.sig`, ARCHIVE])
  })

  it('is taken from the tool cache the second time, and nothing is asked for', async () => {
    const { server, site, warnings } = await open()
    await got(site)
    const before = server.requests.length
    expect((await got(site)).source).toBe('tool-cache')
    expect(server.requests).toHaveLength(before)
    expect(warnings).toEqual([])
  })

  it('is the newest that is accepted, of the cache before that of the server', async () => {
    const releases = ['1.9.5', '1.14.0', '1.15.0'].map(version => release(version))
    const { site } = await open({ releases })
    expect(
      (
        await got(
          site,
          accepting(v => v !== '1.15.0')
        )
      ).version
    ).toBe('1.14.0')
    expect(
      (
        await got(
          site,
          accepting(v => v === '1.9.5')
        )
      ).version
    ).toBe('1.9.5')
    expect(await got(site)).toMatchObject({ version: '1.14.0', source: 'tool-cache' })
  })

  it('is one that a closer look finds good', async () => {
    const { site } = await open({ releases: [release('1.14.0'), release('1.15.0')] })
    const isUsable = async ({ version }: { version: string }) => version === '1.14.0'
    expect((await got(site, { ...any, isUsable })).version).toBe('1.14.0')
  })

  it('is got by two runs at once, of which neither breaks the other', async () => {
    const { site } = await open()
    const both = await Promise.all([got(site), got(site), got(site)])
    expect(new Set(both.map(archive => archive.path)).size).toBe(1)
    expect(await filesIn(site.toolFolder)).toHaveLength(4)
  })

  it('that the server does not have comes with the reason', async () => {
    const { site } = await open()
    const host = site.base.host
    expect(await ensureArchive({ ...any, product: 'packer-plugin-x' }, site)).toEqual({
      reason: `${host} does not have packer-plugin-x`
    })
    expect(await ensureArchive({ ...any, accepts: () => false }, site)).toEqual({
      reason: `${host} has no such version of packer`
    })
    const arm = { ...site, platform: { ...site.platform, arch: 'arm' } }
    expect(await ensureArchive(any, arm)).toEqual({
      reason: `${host} has no such version for linux on arm of packer`
    })
  })

  it('is got from a mirror below a folder, whose index still names the first server', async () => {
    const { site } = await open({ prefix: '/a/mirror', advertised: 'http://127.0.0.1:1' })
    expect((await got(site)).source).toBe('download')
  })

  it('is verified by the signature that bears the name of the pinned key', async () => {
    const signer = await createSigner()
    const key = { armoured: signer.publicKey, fingerprint: signer.fingerprint, owner: 'mine' }
    const { server, site } = await open({ signer }, { key })
    await got(site)
    expect(asked(server)).toContain(`${SUMS}.${signer.keyId}.sig`)
    expect(asked(server)).not.toContain(`${SUMS}.sig`)
  })
})

describe('a download that was tampered with', () => {
  const without = (name: string) => (text: string) =>
    text
      .split('\n')
      .filter(line => !line.endsWith(name))
      .join('\n')
  const hostile = (name: string, mode?: number) => ({
    releases: [
      release('1.15.0', {
        extra: [{ name, bytes: Buffer.from('/etc'), ...(mode ? { mode } : {}) }]
      })
    ]
  })
  const cases: readonly [string, Partial<ReleaseServerOptions>, string][] = [
    ['a wrong hash', { tamper: corrupting(/\.zip$/) }, `${ARCHIVE} has the wrong hash`],
    [
      'changed sums',
      { tamper: corrupting(/SHA256SUMS$/) },
      `The signature of ${SUMS} does not match it`
    ],
    ['no signature', { tamper: hiding(/\.sig$/) }, `${SUMS} has no signature`],
    ['no sums', { tamper: hiding(/SHA256SUMS$/) }, `${ARCHIVE} has no ${SUMS}`],
    ['a changed signature', { tamper: corrupting(/\.sig$/) }, 'ignature of'],
    [
      'sums that do not name it',
      { releases: [{ ...release(), sums: without(ARCHIVE) }] },
      `${SUMS} does not name ${ARCHIVE}`
    ],
    [
      'its end cut off',
      { tamper: cutting(/\.zip$/, 99) },
      'was truncated: the connection ended after'
    ],
    ['sums without an end', { tamper: endless(/SHA256SUMS$/) }, `${SUMS} is oversized`],
    ['a path outside', hostile('../../evil'), `${ARCHIVE} holds a file outside its folder`],
    ['an absolute path', hostile('/evil'), `${ARCHIVE} holds a file outside its folder`],
    ['a symbolic link', hostile('evil', 0o120777), `${ARCHIVE} holds a symbolic link`],
    [
      'a redirect to another scheme',
      { tamper: redirecting(/\.zip$/, 'https://127.0.0.1:1/x') },
      'redirects to another scheme'
    ]
  ]

  it.each(cases)(
    'by %s is refused with its own words, and leaves nothing',
    async (_what, options, message) => {
      const { site } = await open(options)
      const failure = await failureOf(got(site))
      expect(failure.code).toBe('VERIFICATION_FAILED')
      expect(failure.message).toContain(message)
      expect(failure.hint).toBeTruthy()
      expect(await filesIn(site.toolFolder)).toEqual([])
    }
  )

  it('has another message for each way', () => {
    const messages = cases.filter(([what]) => !what.startsWith('an absolute')).map(each => each[2])
    expect(new Set(messages).size).toBe(messages.length)
  })

  const signers: readonly [string, SignerOptions, string][] = [
    ['an expired key', { madeAgo: 9 * DAY, keyLife: DAY }, 'the key of the tests has expired on'],
    [
      'an expired signature',
      { signedAgo: 9 * DAY, signatureLife: DAY },
      `The signature of ${SUMS} has expired`
    ]
  ]
  it.each(signers)('by %s is refused, and leaves nothing', async (_what, options, message) => {
    const { site } = await open({ signer: await createSigner(options) })
    const failure = await failureOf(got(site))
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toContain(message)
    expect(await filesIn(site.toolFolder)).toEqual([])
  })

  it('by another signer is refused, and leaves nothing', async () => {
    const { site } = await open({}, { key: hashicorpKey })
    const failure = await failureOf(got(site))
    expect(failure.message).toContain('is signed by the wrong key: ')
    expect(failure.message).toContain("not by HashiCorp's key")
    expect(await filesIn(site.toolFolder)).toEqual([])
  })

  it('is not kept in GitHub’s cache', async () => {
    const kept: string[] = []
    const githubCache = {
      restore: async () => false,
      keep: async (name: string) => void kept.push(name)
    }
    const { site } = await open({ tamper: corrupting(/\.zip$/) }, { githubCache })
    await failureOf(got(site))
    expect(kept).toEqual([])
  })

  it('is refused when it has more bytes than any release', async () => {
    const download = quickDownloader().download
    const small = {
      ...download,
      file: (url: URL, path: string) => download.file(url, path, 100)
    }
    const { site } = await open({}, { download: small })
    expect((await failureOf(got(site))).message).toContain(`${ARCHIVE} is oversized`)
    expect(await filesIn(site.toolFolder)).toEqual([])
  })
})

describe('the tool cache', () => {
  const poisons: readonly [string, (folder: string) => Promise<unknown>, string][] = [
    ['another archive', f => writeFile(join(f, ARCHIVE), 'evil'), 'has the wrong hash'],
    ['no archive', f => rm(join(f, ARCHIVE)), `${ARCHIVE} is not kept with it`],
    ['no sums', f => rm(join(f, SUMS)), `${SUMS} is not kept with it`],
    ['no signature', f => rm(join(f, `${SUMS}.sig`)), `${SUMS}.sig is not kept with it`],
    [
      'changed sums',
      f => writeFile(join(f, SUMS), `${'0'.repeat(64)}  ${ARCHIVE}\n`),
      'does not match'
    ]
  ]

  it.each(poisons)('with %s is refused, replaced and spoken of', async (_what, poison, message) => {
    const { site, warnings } = await open()
    const { folder, path } = await got(site)
    const good = await readFile(path)
    await poison(folder)
    const again = await got(site)
    expect(again.source).toBe('download')
    expect(await readFile(again.path)).toEqual(good)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain('packer 1.15.0 in the tool cache was refused and removed: ')
    expect(warnings[0]).toContain(message)
    expect(await filesIn(site.toolFolder)).toHaveLength(4)
  })

  it('that is poisoned with sums by another signer is refused', async () => {
    const evil = await serve({ releases: [release('1.15.0', { program: Buffer.from('evil') })] })
    const { site, warnings } = await open()
    await got({ ...(await siteOf(evil)).site, toolFolder: site.toolFolder })
    expect((await got(site)).source).toBe('download')
    expect(warnings[0]).toContain('is signed by the wrong key')
  })

  it('is gone past to an older version that is good, where the newest is not', async () => {
    const { site, warnings } = await open({ releases: [release('1.14.0'), release()] })
    await got(
      site,
      accepting(version => version === '1.14.0')
    )
    const { path } = await got(
      site,
      accepting(version => version === '1.15.0')
    )
    await writeFile(path, 'evil')
    expect(await got(site)).toMatchObject({ version: '1.14.0', source: 'tool-cache' })
    expect(warnings).toHaveLength(1)
  })

  it('stays empty of a refused version when there is nothing to replace it', async () => {
    const { site, server } = await open()
    const { path } = await got(site)
    await writeFile(path, 'evil')
    await server.close()
    expect((await failureOf(got(site))).code).toBe('DOWNLOAD_FAILED')
    expect(await filesIn(site.toolFolder)).toEqual([])
  })

  it('may hold other folders', async () => {
    const { site } = await open()
    await mkdir(join(site.toolFolder, 'packer/notes/x64'), { recursive: true })
    await mkdir(join(site.toolFolder, 'packer/1.15.0/arm64'), { recursive: true })
    expect((await got(site)).source).toBe('download')
  })

  it('that cannot be written says which folder', async () => {
    const { site } = await open()
    await writeFile(site.toolFolder, 'a file')
    await chmod(site.toolFolder, 0o400)
    const failure = await failureOf(got(site))
    expect(failure.code).toBe('OUTPUT_UNWRITABLE')
    expect(failure.message).toBe(`${site.toolFolder} cannot be written`)
  })
})
