import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, it } from 'vitest'
import {
  buildFrom,
  type Call,
  filesBelow,
  type Machine,
  openYard,
  type Yard
} from '../fixtures/modern-machine.js'
import { startTlsFront, startTunnel } from '../fixtures/modern-proxy.js'
import {
  arch,
  NEEDS_PACKER,
  NEEDS_PLUGIN,
  os,
  standInPlugin,
  standInRelease
} from '../fixtures/modern-stand-in.js'
import type { Finished } from '../fixtures/program.js'
import {
  corrupting,
  createSigner,
  cutting,
  endless,
  failing,
  hiding,
  type ReceivedRequest,
  type ReleaseServerOptions,
  redirecting,
  resetting,
  type SignerOptions,
  stalling,
  startReleaseServer,
  type Tamper,
  type ZipEntry
} from '../fixtures/release-server.js'

const ARCHIVE = /\.zip$/
const SUMS = /SHA256SUMS$/
const SIGNATURE = /\.sig$/
const DAY = 24 * 60 * 60
const NO_ZIP = 'not a zip'
const NO_ZIP_HASH = createHash('sha256').update(NO_ZIP).digest('hex')

let yard: Yard
beforeAll(() => {
  yard = openYard('bc-tampering')
})
afterAll(() => yard?.remove())

interface Attempt extends Finished {
  readonly machine: Machine
  readonly requests: readonly ReceivedRequest[]
  /** What the error says, less what is told before it. */
  readonly error: string
}

interface Surroundings extends Pick<Call, 'args' | 'env' | 'started'> {
  readonly project?: Readonly<Record<string, string>>
  /** What the program takes for the server's address and key. */
  readonly taken?: (server: Call['server']) => Call['server']
}

/** A run on a new machine with a server of its own. */
async function attempt(
  options: Partial<ReleaseServerOptions>,
  { project = NEEDS_PACKER, taken = server => server, ...call }: Surroundings = {}
): Promise<Attempt> {
  const server = await startReleaseServer({ releases: [standInRelease()], ...options })
  const machine = yard.machine()
  try {
    const finished = await buildFrom({
      ...call,
      machine,
      project: yard.project(project),
      server: taken(server)
    })
    const [, error = ''] = finished.stderr.split('build-chain: ')
    return { ...finished, machine, requests: server.requests, error }
  } finally {
    await server.close()
  }
}

const signed = async (options: SignerOptions) => ({ signer: await createSigner(options) })
const holding = (...extra: ZipEntry[]) => {
  const release = standInRelease()
  return { releases: [{ ...release, builds: release.builds.map(build => ({ ...build, extra })) }] }
}
const entry = (name: string, mode?: number): ZipEntry => ({
  name,
  bytes: Buffer.from('/etc/passwd'),
  ...(mode === undefined ? {} : { mode })
})
const announcing: Tamper = (path, body, response) => {
  if (!ARCHIVE.test(path)) return body
  response.writeHead(200, { 'content-length': 600_000_000 })
  response.write(body)
  return undefined
}
const replacing =
  (files: RegExp, text: (body: Buffer) => string): Tamper =>
  (path, body) =>
    files.test(path) ? Buffer.from(text(body)) : body

type Options = Partial<ReleaseServerOptions>

interface Refusal {
  readonly name: string
  readonly options: () => Options | Promise<Options>
  readonly told: RegExp
}

const REFUSALS: readonly Refusal[] = [
  {
    name: 'an archive with another hash',
    options: () => ({ tamper: corrupting(ARCHIVE) }),
    told: /^packer_1\.15\.0_\w+\.zip has the wrong hash: sha256 [0-9a-f]{64}, its signed sums say/
  },
  {
    name: 'sums that were changed after they were signed',
    options: () => ({ tamper: replacing(SUMS, body => `${body}${body}`) }),
    told: /^The signature of packer_1\.15\.0_SHA256SUMS does not match it/
  },
  {
    name: 'no signature',
    options: () => ({ tamper: hiding(SIGNATURE) }),
    told: /^packer_1\.15\.0_SHA256SUMS has no signature/
  },
  {
    name: 'no sums',
    options: () => ({ tamper: hiding(SUMS) }),
    told: /^packer_1\.15\.0_\w+\.zip has no packer_1\.15\.0_SHA256SUMS/
  },
  {
    name: 'something else as the signature',
    options: () => ({ tamper: replacing(SIGNATURE, () => '<html>not found</html>') }),
    told: /^The signature of packer_1\.15\.0_SHA256SUMS is not readable as an OpenPGP signature/
  },
  {
    name: 'a signature that has expired',
    options: () => signed({ signedAgo: 3 * DAY, signatureLife: DAY }),
    told: /^The signature of packer_1\.15\.0_SHA256SUMS has expired on \d{4}-\d\d-\d\d/
  },
  {
    name: 'a key that has expired',
    options: () => signed({ madeAgo: 3 * DAY, keyLife: DAY }),
    told: /^the key in packer-releases-key has expired on \d{4}-\d\d-\d\d/
  },
  {
    name: 'sums that do not name the archive',
    options: () => ({
      releases: [standInRelease({ sums: text => text.replaceAll(`${os}_${arch}`, 'plan9_mips') })]
    }),
    told: /^packer_1\.15\.0_SHA256SUMS does not name packer_1\.15\.0_\w+\.zip/
  },
  {
    name: 'an archive that is truncated each time',
    options: () => ({ tamper: cutting(ARCHIVE, 200) }),
    told: /^http:.*\.zip was truncated: the connection ended after \d+ bytes of/
  },
  {
    name: 'an archive larger than any',
    options: () => ({ tamper: announcing }),
    told: /^packer_1\.15\.0_\w+\.zip is oversized: 600\.0 MB, at most 500\.0 MB are expected/
  },
  {
    name: 'sums without an end',
    options: () => ({ tamper: endless(SUMS) }),
    told: /^packer_1\.15\.0_SHA256SUMS is oversized: more, at most 1\.0 MB are expected/
  },
  {
    name: 'a file outside of the archive',
    options: () => holding(entry('../evil')),
    told: /^packer_1\.15\.0_\w+\.zip holds a file outside its folder \(.*\.\.\/evil/
  },
  {
    name: 'an absolute path in the archive',
    options: () => holding(entry('/tmp/evil')),
    told: /^packer_1\.15\.0_\w+\.zip holds a file outside its folder \(absolute path/
  },
  {
    name: 'a symbolic link in the archive',
    options: () => holding(entry('evil', 0o120777)),
    told: /^packer_1\.15\.0_\w+\.zip holds a symbolic link or another special file: evil/
  },
  {
    name: 'two programs in the archive',
    options: () => holding(entry('packer', 0o100755)),
    told: /^packer_1\.15\.0_\w+\.zip holds more than once the program it is named for/
  },
  {
    name: 'an archive that is none, although its sum is right',
    options: () => ({
      releases: [
        standInRelease({ sums: () => `${NO_ZIP_HASH}  packer_1.15.0_${os}_${arch}.zip\n` })
      ],
      tamper: replacing(ARCHIVE, () => NO_ZIP)
    }),
    told: /^packer_1\.15\.0_\w+\.zip is a damaged archive/
  },
  {
    name: 'a redirect to https',
    options: () => ({ tamper: redirecting(ARCHIVE, 'https://example.org/packer.zip') }),
    told: /^http:.*\.zip redirects to another scheme: https:\/\/example\.org\/packer\.zip/
  },
  {
    name: 'a redirect to a file',
    options: () => ({ tamper: redirecting(SUMS, 'file:///etc/passwd') }),
    told: /^http:.*SHA256SUMS redirects to another scheme: file:\/\/\/etc\/passwd/
  },
  {
    name: 'redirects without an end',
    options: () => ({ tamper: redirecting(SUMS, '/packer/1.15.0/packer_1.15.0_SHA256SUMS') }),
    told: /^http:.*SHA256SUMS redirects more than 5 times/
  },
  {
    name: 'an index of something else',
    options: () => ({ tamper: replacing(/index\.json$/, () => '{"name": "npm"}') }),
    told: /^http:.*\/packer\/index\.json is not the index of a release server/
  },
  {
    name: 'a server that refuses',
    options: () => ({ tamper: failing(SUMS, { status: 403, times: 9 }) }),
    told: /^http:.*SHA256SUMS answered 403/
  },
  {
    name: 'a server that stays out of order',
    options: () => ({ tamper: failing(ARCHIVE, { status: 503, times: 9 }) }),
    told: /^http:.*\.zip answered 503/
  }
]

describe.concurrent('a Packer is refused', () => {
  it.for(REFUSALS.map(each => [each.name, each] as const))(
    'for %s',
    async ([name, each], { expect }) => {
      const { options, told } = each
      const { status, stdout, error, machine } = await attempt(await options())
      expect(error).toMatch(told)
      expect(REFUSALS.filter(other => other.told.test(error)).map(other => other.name)).toEqual([
        name
      ])
      expect(error.trim().split('\n')).toHaveLength(2)
      expect(status).toBe(3)
      expect(stdout).toBe('')
      expect(filesBelow(machine.tools)).toEqual([])
      expect(readdirSync(machine.temporary)).toEqual([])
    }
  )

  it('for a signature by another key', async ({ expect }) => {
    const other = await createSigner()
    const { status, error, machine } = await attempt(
      {},
      { taken: ({ url }) => ({ url, publicKey: other.publicKey }) }
    )
    expect(error).toMatch(
      /^packer_1\.15\.0_SHA256SUMS is signed by the wrong key: [0-9A-F]{16}, not by the key in packer-releases-key/
    )
    expect(status).toBe(3)
    expect(filesBelow(machine.tools)).toEqual([])
  })

  it("for a signature that is not HashiCorp's where no key is given", async ({ expect }) => {
    const { status, error, machine } = await attempt({}, { args: ['--packer-releases-key', ''] })
    expect(error).toMatch(/is signed by the wrong key: .*, not by HashiCorp's key \(C874 011F/)
    expect(status).toBe(3)
    expect(filesBelow(machine.tools)).toEqual([])
  })

  it.for([
    ['another hash', { tamper: corrupting(/plugin.*\.zip$/) }, /zip has the wrong hash/],
    ['no signature', { tamper: hiding(/plugin.*\.sig$/) }, /SHA256SUMS has no signature/]
  ] as const)('as a plugin with %s', async ([, options, told], { expect }) => {
    const releases = [standInRelease(), standInPlugin()]
    const { status, error, machine } = await attempt(
      { releases, ...options },
      { project: NEEDS_PLUGIN }
    )
    expect(error).toMatch(/^packer-plugin-docker_1\.1\.2_/)
    expect(error).toMatch(told)
    expect(status).toBe(3)
    expect(filesBelow(machine.tools).filter(path => path.includes('plugin'))).toEqual([])
  })
})

describe.concurrent('a download', () => {
  it('ends at once when the run is interrupted', async ({ expect }) => {
    let pid = 0
    const interrupting: Tamper = (path, body, response) => {
      if (!ARCHIVE.test(path)) return body
      process.kill(pid, 'SIGINT')
      return stalling(ARCHIVE, 200)(path, body, response)
    }
    const { status, error, stderr, machine } = await attempt(
      { tamper: interrupting },
      {
        started: child => {
          pid = child
        }
      }
    )
    expect(error).toBe(
      'interrupted\nWhat was built before is on the daemon: the next run builds the rest.\n'
    )
    expect(stderr).not.toContain('trying again')
    expect(status).toBe(130)
    expect(filesBelow(machine.tools)).toEqual([])
    expect(readdirSync(machine.temporary)).toEqual([])
  })
})

/** Fails the first time only. */
function once(files: RegExp, tamper: Tamper): Tamper {
  let left = 1
  return (path, body, response) => {
    if (!files.test(path) || left === 0) return body
    left -= 1
    return tamper(path, body, response)
  }
}

/** Asks for a longer pause than the program would make by itself. */
const limiting = failing(SUMS, { status: 429, times: 1, headers: { 'retry-after': '3' } })

describe.concurrent('a download goes on', () => {
  it.for([
    ['answered 429; trying again in 3.0 s', { tamper: limiting }],
    ['answered 500', { tamper: failing(/index\.json$/, { status: 500, times: 1 }) }],
    ['answered 502', { tamper: failing(SIGNATURE, { status: 502, times: 2 }) }],
    ['cannot be got', { tamper: resetting(ARCHIVE, 2) }],
    ['was truncated', { tamper: once(ARCHIVE, cutting(ARCHIVE, 200)) }],
    ['sent nothing for 30.0 s; trying again', { tamper: once(ARCHIVE, stalling(ARCHIVE, 200)) }]
  ] as const)('after a failure: %s', async ([told, options], { expect }) => {
    const { status, stderr, machine } = await attempt(options)
    expect(stderr).toMatch(new RegExp(`${told.replaceAll('.', '\\.')}.* \\(attempt 2 of 5\\)`))
    expect(stderr).toMatch(/^Packer 1\.15\.0 \(.*\) downloaded and verified/m)
    expect(status).toBe(0)
    expect(filesBelow(machine.tools).at(0)).toContain(`packer/1.15.0/${process.arch}`)
  })

  const HOST = 'releases.invalid'
  const named = ({ publicKey }: Call['server']) => ({ url: `http://${HOST}`, publicKey })

  it('through the proxy of HTTP_PROXY', async ({ expect }) => {
    const proxy = await startReleaseServer({ releases: [standInRelease()] })
    const { publicKey } = proxy
    const { status, stderr } = await attempt(
      {},
      {
        env: { HTTP_PROXY: proxy.url },
        taken: () => named({ url: '', publicKey })
      }
    )
    await proxy.close()
    expect(stderr).toContain('downloaded and verified')
    expect(status).toBe(0)
    expect(proxy.requests.map(({ target }) => target)).toContain(`http://${HOST}/packer/index.json`)
    expect(proxy.requests.every(({ target }) => target.startsWith(`http://${HOST}/`))).toBe(true)
  })

  it('past the proxy for what NO_PROXY names', async ({ expect }) => {
    const { status, error, requests } = await attempt(
      {},
      {
        env: { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: `example.org,${HOST}` },
        taken: named
      }
    )
    expect(error).toMatch(/index\.json cannot be got: .*releases\.invalid/)
    expect(status).toBe(3)
    expect(requests).toEqual([])
  })

  it('through a tunnel of HTTPS_PROXY, and not from there to http', async ({ expect }) => {
    const { machine, ...result } = await throughTunnel()
    expect(result.stderr).toContain('downloaded and verified')
    expect(result.status).toBe(0)
    expect(new Set(result.asked)).toEqual(new Set([`${HOST}:443`]))

    const astray = await throughTunnel(redirecting(ARCHIVE, `http://${HOST}/packer.zip`))
    expect(astray.error).toMatch(/^https:.*\.zip redirects to another scheme: http:/)
    expect(astray.status).toBe(3)
    expect(filesBelow(astray.machine.tools)).toEqual([])
    expect(filesBelow(machine.tools)).not.toEqual([])
  })

  async function throughTunnel(tamper?: Tamper) {
    const server = await startReleaseServer({
      releases: [standInRelease()],
      ...(tamper ? { tamper } : {})
    })
    const machine = yard.machine()
    const front = await startTlsFront(Number(new URL(server.url).port), HOST, machine.home)
    const tunnel = await startTunnel(front.port)
    const finished = await buildFrom({
      machine,
      project: yard.project(NEEDS_PACKER),
      server: { url: `https://${HOST}`, publicKey: server.publicKey },
      env: {
        HTTPS_PROXY: `http://127.0.0.1:${tunnel.port}`,
        NODE_EXTRA_CA_CERTS: front.authority
      }
    })
    for (const each of [tunnel, front, server]) await each.close()
    const [, error = ''] = finished.stderr.split('build-chain: ')
    return { ...finished, error, machine, asked: tunnel.asked }
  }
})
