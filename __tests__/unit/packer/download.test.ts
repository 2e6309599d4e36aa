import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { addressBelow, parseBase } from '../../../src/packer/address.js'
import { isAbsent } from '../../../src/packer/download.js'
import {
  cutting,
  endless,
  failing,
  hiding,
  redirecting,
  resetting,
  stalling,
  type Tamper
} from '../../fixtures/release-server.js'
import { asked, failureOf, filesIn, quickDownloader, serve, temporary } from './support.js'

const program = Buffer.alloc(300_000, 'packer')
const release = {
  product: 'packer',
  version: '1.15.0',
  builds: [{ os: 'linux', arch: 'amd64', program }]
}
const ARCHIVE = 'packer_1.15.0_linux_amd64.zip'
const LIMIT = 1_000_000

async function serveArchive(tamper?: Tamper) {
  const server = await serve({ releases: [release], ...(tamper ? { tamper } : {}) })
  return { server, url: addressBelow(parseBase(server.url), 'packer', '1.15.0', ARCHIVE) }
}

describe('a download', () => {
  it('arrives whole with its hash', async () => {
    const { server, url } = await serveArchive()
    const file = join(await temporary(), 'archive.zip')
    const { download, lines } = quickDownloader()
    const { bytes, sha256 } = await download.file(url, file, LIMIT)
    const sums = await download.bytes(
      addressBelow(parseBase(server.url), 'packer', '1.15.0', 'packer_1.15.0_SHA256SUMS'),
      LIMIT
    )
    expect(sums.toString()).toContain(`${sha256}  ${ARCHIVE}`)
    expect((await readFile(file)).length).toBe(bytes)
    expect(lines).toEqual([])
  })

  it.each([
    [
      '429 with Retry-After',
      failing(/zip/, { status: 429, times: 2, headers: { 'retry-after': '7' } }),
      [7000, 7000]
    ],
    ['503', failing(/zip/, { status: 503, times: 3 }), [500, 1000, 2000]],
    ['a reset connection', resetting(/zip/, 2), [500, 1000]]
  ])('is tried again after %s, later and later', async (_what, tamper, expected) => {
    const { url, server } = await serveArchive(tamper)
    const { download, waits, lines } = quickDownloader()
    await download.file(url, join(await temporary(), 'archive.zip'), LIMIT)
    expect(waits).toEqual(expected)
    expect(asked(server)).toHaveLength(expected.length + 1)
    expect(lines[0]).toMatch(
      /^packer_1.15.0_linux_amd64.zip: .*; trying again in .* \(attempt 2 of 5\)$/
    )
  })

  it('is given up after five attempts, with the last answer', async () => {
    const { url, server } = await serveArchive(failing(/zip/, { status: 502, times: 99 }))
    const folder = await temporary()
    const failure = await failureOf(
      quickDownloader().download.file(url, join(folder, 'archive.zip'), LIMIT)
    )
    expect(failure.code).toBe('DOWNLOAD_FAILED')
    expect(failure.message).toBe(`${url.href} answered 502`)
    expect(asked(server)).toHaveLength(5)
    expect(await filesIn(folder)).toEqual([])
  })

  it('is not tried again where the server has no such file, and says so', async () => {
    const { url, server } = await serveArchive(hiding(/zip/))
    const failure = await failureOf(quickDownloader().download.bytes(url, LIMIT))
    expect(isAbsent(failure)).toBe(true)
    expect(asked(server)).toHaveLength(1)
  })

  it('that is cut off is truncated, and leaves no file', async () => {
    const { url } = await serveArchive(cutting(/zip/, 100))
    const folder = await temporary()
    const failure = await failureOf(
      quickDownloader().download.file(url, join(folder, 'archive.zip'), LIMIT)
    )
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toMatch(
      /was truncated: the connection ended after \d+ bytes of [\d.]+ kB/
    )
    expect(await filesIn(folder)).toEqual([])
  })

  it('that announces more than expected is refused before it is read', async () => {
    const { url } = await serveArchive()
    const folder = await temporary()
    const failure = await failureOf(quickDownloader().download.file(url, join(folder, 'a'), 100))
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toMatch(
      /is oversized: [\d.]+ (bytes|kB), at most 100 bytes are expected/
    )
    expect(await filesIn(folder)).toEqual([])
  })

  it('that never ends is cut at the limit', async () => {
    const { url } = await serveArchive(endless(/zip/))
    const folder = await temporary()
    const failure = await failureOf(quickDownloader().download.file(url, join(folder, 'a'), LIMIT))
    expect(failure.message).toBe(`${ARCHIVE} is oversized: more, at most 1.0 MB are expected`)
    expect(await filesIn(folder)).toEqual([])
  })

  it('that stalls is ended, tried again, and given up', async () => {
    const { url, server } = await serveArchive(stalling(/zip/, 10))
    const { download } = quickDownloader({ stallMs: 400, attempts: 2 })
    const failure = await failureOf(download.bytes(url, LIMIT))
    expect(failure.message).toContain('sent nothing for 0.4 s')
    expect(asked(server)).toHaveLength(2)
  })

  it('has a time limit over all its attempts', async () => {
    const { url } = await serveArchive(stalling(/zip/, 10))
    const { download } = quickDownloader({ totalMs: 400 })
    const failure = await failureOf(download.bytes(url, LIMIT))
    expect(failure.code).toBe('DOWNLOAD_FAILED')
    expect(failure.message).toContain('did not arrive within the time limit')
  })

  it('that takes long tells how far it is', async () => {
    const { url } = await serveArchive(stalling(/zip/, 10))
    const { download, lines } = quickDownloader({ stallMs: 600, attempts: 1, progressMs: 20 })
    await failureOf(download.bytes(url, LIMIT))
    expect(lines).toContainEqual(
      expect.stringMatching(/^Downloading packer_1.15.0_linux_amd64.zip: 10 bytes of [\d.]+ kB$/)
    )
  })

  it('from where nobody listens names the address and the reason', async () => {
    const { server, url } = await serveArchive()
    await server.close()
    const failure = await failureOf(quickDownloader().download.bytes(url, LIMIT))
    expect(failure.message).toContain(`${url.href} cannot be got`)
    expect(failure.message).toContain('ECONNREFUSED')
  })

  it('speaks of no name, password or query in an address', async () => {
    const { url } = await serveArchive(hiding(/zip/))
    url.username = 'me'
    url.password = 'hunter2'
    url.search = '?sig=hunter3'
    const failure = await failureOf(quickDownloader().download.bytes(url, LIMIT))
    expect(`${failure.message} ${failure.hint}`).not.toMatch(/hunter/)
  })

  it('gives the name and password of the address to the server', async () => {
    const { url, server } = await serveArchive()
    url.username = 'me'
    url.password = 'p@ss'
    await quickDownloader().download.bytes(url, LIMIT)
    const expected = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
    expect(server.requests[0]?.headers.authorization).toBe(expected)
  })
})

describe('a redirect', () => {
  it('within the scheme is followed, to another host too', async () => {
    const { url } = await serveArchive()
    const other = await serve({ releases: [release], tamper: redirecting(/zip/, url.href) })
    const from = addressBelow(parseBase(other.url), 'packer', '1.15.0', ARCHIVE)
    expect((await quickDownloader().download.bytes(from, LIMIT)).length).toBeGreaterThan(100)
  })

  it('to another scheme is refused', async () => {
    const { url } = await serveArchive(redirecting(/zip/, 'https://127.0.0.1:1/other.zip'))
    const failure = await failureOf(quickDownloader().download.bytes(url, LIMIT))
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toBe(
      `${url.href} redirects to another scheme: https://127.0.0.1:1/other.zip`
    )
  })

  it('in a circle is given up', async () => {
    const { url, server } = await serveArchive(redirecting(/zip/, ARCHIVE))
    const failure = await failureOf(quickDownloader().download.bytes(url, LIMIT))
    expect(failure.message).toBe(`${url.href} redirects more than 5 times`)
    expect(asked(server)).toHaveLength(6)
  })
})

describe('a proxy', () => {
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']
  const before = new Map(names.map(name => [name, process.env[name]]))
  beforeEach(() => {
    for (const name of names) delete process.env[name]
  })
  afterEach(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  })

  /** Connects every tunnel to the same port, whatever host is asked for. */
  async function startProxy(port: number) {
    const tunnels: string[] = []
    const proxy: Server = createServer()
    proxy.on('connect', (request, socket) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim())
      const target = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.pipe(socket).pipe(target)
      })
      socket.on('error', () => target.destroy())
      target.on('error', () => socket.destroy())
    })
    await new Promise<void>(resolve => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(async () => {
      proxy.closeAllConnections()
      await new Promise(resolve => proxy.close(resolve))
    })
    return { tunnels, address: `127.0.0.1:${(proxy.address() as AddressInfo).port}` }
  }

  it('of HTTP_PROXY is gone through for http, with its name and password', async () => {
    const { url, server } = await serveArchive()
    process.env.HTTP_PROXY = `http://me:s%20ecret@${url.host}`
    url.host = 'releases.example.org:80'
    await quickDownloader().download.bytes(url, LIMIT)
    const [request] = server.requests
    expect(request?.target).toBe(url.href)
    const expected = Buffer.from('me:s ecret').toString('base64')
    expect(request?.headers['proxy-authorization']).toBe(`Basic ${expected}`)
  })

  it('of HTTPS_PROXY is gone through for https', async () => {
    const { url } = await serveArchive()
    const proxy = await startProxy(Number(url.port))
    process.env.HTTPS_PROXY = `http://me:s%20ecret@${proxy.address}`
    const secure = new URL(url.pathname, 'https://releases.example.org')
    const failure = await failureOf(quickDownloader({ attempts: 1 }).download.bytes(secure, LIMIT))
    const expected = Buffer.from('me:s ecret').toString('base64')
    expect(proxy.tunnels).toEqual([`releases.example.org:443 Basic ${expected}`])
    expect(failure.message).not.toContain('ecret')
    expect(failure.code).toBe('DOWNLOAD_FAILED')
  })

  it('is not gone through for hosts of NO_PROXY', async () => {
    const { url, server } = await serveArchive()
    process.env.HTTP_PROXY = `http://${url.host}`
    process.env.NO_PROXY = 'other.example, .invalid'
    url.hostname = 'releases.invalid'
    const failure = await failureOf(quickDownloader({ attempts: 1 }).download.bytes(url, LIMIT))
    expect(server.requests).toEqual([])
    expect(failure.message).toContain('releases.invalid')
  })

  it('that never answers is left when the time is over', async () => {
    const silent = createTcpServer()
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void silent.close())
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    process.env.HTTP_PROXY = address
    process.env.HTTPS_PROXY = address
    const { download } = quickDownloader({ stallMs: 40, attempts: 1 })
    for (const scheme of ['http', 'https']) {
      const url = new URL(`${scheme}://releases.example.org/packer/index.json`)
      expect((await failureOf(download.bytes(url, LIMIT))).message).toContain('sent nothing')
    }
  })
})

describe('packer-releases', () => {
  it('is an http or https address, with or without a folder', () => {
    const base = parseBase('https://mirror.example/hashicorp/')
    expect(addressBelow(base, 'packer', 'index.json').href).toBe(
      'https://mirror.example/hashicorp/packer/index.json'
    )
  })

  it.each(['ftp://example.org', 'releases.hashicorp.com', '/srv/mirror'])('refuses %s', text => {
    expect(() => parseBase(text)).toThrow('is no address of a web server')
  })
})
