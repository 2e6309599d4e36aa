import { describe, expect, it } from 'vitest'
import { parseBase } from '../../../src/packer/address.js'
import { platformOf } from '../../../src/packer/platform.js'
import { chooseReleases, loadReleases, releaseFiles } from '../../../src/packer/releases.js'
import { failureOf, linux, quickDownloader, serve } from './support.js'

const program = Buffer.from('program')
const build = { os: 'linux', arch: 'amd64', program }
const release = (version: string, arch = 'amd64') => ({
  product: 'packer',
  version,
  builds: [{ ...build, arch }]
})

async function load(tamper?: (path: string, body: Buffer) => Buffer) {
  const releases = [
    release('1.9.5'),
    release('1.15.0'),
    release('1.16.0-beta1'),
    release('1.10.0', '386')
  ]
  const server = await serve({ releases, ...(tamper ? { tamper } : {}) })
  return await loadReleases('packer', parseBase(server.url), quickDownloader().download)
}

describe('the index of a release server', () => {
  it('names the versions of a product with their builds and signatures', async () => {
    const loaded = await load()
    expect(loaded?.map(each => each.version).sort()).toEqual([
      '1.10.0',
      '1.15.0',
      '1.16.0-beta1',
      '1.9.5'
    ])
    const newest = loaded?.find(each => each.version === '1.15.0')
    expect(newest?.builds).toEqual([{ os: 'linux', arch: 'amd64' }])
    expect(newest?.signatures).toContain('packer_1.15.0_SHA256SUMS.sig')
  })

  it('is absent for a product that the server does not have', async () => {
    const server = await serve({ releases: [release('1.15.0')] })
    const { download } = quickDownloader()
    expect(await loadReleases('packer-plugin-x', parseBase(server.url), download)).toBeUndefined()
  })

  it.each(['<html>', '[]', '{"versions":{"1":{}}}'])('is refused where it is %s', async text => {
    const failure = await failureOf(load(() => Buffer.from(text)))
    expect(failure.code).toBe('DOWNLOAD_FAILED')
    expect(failure.message).toContain('/packer/index.json is not the index of a release server')
  })

  it('may lack what only some servers write', async () => {
    const text =
      '{"versions":{"1.2.3":{"version":"1.2.3","builds":null,"shasums_signatures":null}}}'
    expect(await load(() => Buffer.from(text))).toEqual([
      { product: 'packer', version: '1.2.3', builds: [], signatures: [] }
    ])
  })
})

describe('the choice among releases', () => {
  const all = ['1.9.5', '1.15.0', '1.16.0-beta1', 'nonsense'].map(version => ({
    ...release(version),
    signatures: []
  }))

  it('is newest first, by the order of versions', async () => {
    const chosen = await chooseReleases(all, () => true, linux)
    expect(chosen.map(each => each.version)).toEqual(['1.16.0-beta1', '1.15.0', '1.9.5'])
  })

  it('leaves out what is not accepted, and what is not there for the platform', async () => {
    const accepts = (version: string) => version.startsWith('1.9')
    expect(await chooseReleases(all, accepts, linux)).toHaveLength(1)
    expect(await chooseReleases(all, () => true, platformOf('linux', 'arm64'))).toEqual([])
  })
})

describe('the files of a release', () => {
  it('have the names of releases.hashicorp.com', () => {
    expect(releaseFiles('packer', '1.15.0', platformOf('win32', 'ia32'))).toEqual({
      archive: 'packer_1.15.0_windows_386.zip',
      sums: 'packer_1.15.0_SHA256SUMS',
      signature: 'packer_1.15.0_SHA256SUMS.sig'
    })
  })
})
