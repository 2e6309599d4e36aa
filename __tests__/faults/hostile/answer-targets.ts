import { createServer } from 'node:net'
import fc from 'fast-check'
import { commandEngine } from '../../../src/adapters/engine-command.js'
import { parseEngineImage, parseTriggers } from '../../../src/adapters/engine-image.js'
import { socketEngine } from '../../../src/adapters/engine-socket.js'
import { backoff, parseRetryAfter } from '../../../src/adapters/http-retry.js'
import { isInContainer, parseMounts, possibleIds } from '../../../src/adapters/own-container.js'
import { commandRegistry } from '../../../src/adapters/registry-command.js'
import { openService } from '../../../src/adapters/stores/github-service.js'
import { registryFailure } from '../../../src/adapters/stores/registry-answers.js'
import { openRecords, sealRecords } from '../../../src/adapters/stores/sealed-records.js'
import { reasonOf } from '../../../src/adapters/stores/store-calls.js'
import { viewOf } from '../../../src/chain/decide.js'
import { addressBelow, parseBase } from '../../../src/packer/address.js'
import { parsePackerVersion } from '../../../src/packer/path-packer.js'
import { platformOf } from '../../../src/packer/platform.js'
import { parseConstraint } from '../../../src/packer/plugin-constraint.js'
import { parseInstalled } from '../../../src/packer/plugin-file.js'
import { parseVerdict } from '../../../src/packer/plugin-question.js'
import { isPluginSource, parsePluginMode } from '../../../src/packer/plugin-source.js'
import { parseKeyBlocks } from '../../../src/packer/release-key.js'
import { chooseReleases, loadReleases } from '../../../src/packer/releases.js'
import { verifySignature } from '../../../src/packer/signature.js'
import { expectedHash, parseSums } from '../../../src/packer/verify.js'
import type { Exec } from '../../../src/ports.js'
import { evilTexts, evilValues, mutated } from '../../fixtures/hostile-text.js'
import { scratch } from './scratch.js'
import { must, type Target, target } from './target.js'

const JSON_WORDS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  'null',
  '"Id"',
  '"RepoTags"',
  '"Descriptor"',
  '"digest"',
  '"versions"',
  '"__proto__"',
  '1',
  'true'
]

const IMAGES = JSON.stringify([
  {
    Id: 'sha256:0a',
    RepoTags: ['acme/app:1', '<none>:<none>'],
    RepoDigests: ['a@sha256:0b'],
    Size: 1,
    Created: 2
  },
  {
    Id: 'sha256:0c',
    RepoTags: null,
    Created: '2024-01-01T00:00:00Z',
    Config: { OnBuild: ['RUN x'] }
  }
])

const json = fc.oneof(
  mutated([IMAGES, '{"message": "no"}', '{"Version": "1", "ExperimentalBuild": true}'], JSON_WORDS),
  evilValues.map(value => JSON.stringify(value) ?? ''),
  fc.array(evilValues, { maxLength: 3 }).map(value => JSON.stringify(value))
)

/** An Exec whose commands print what a case says, and end as it says. */
const printing = (stdout: string, status = 0): Exec => ({
  capture: async () => ({ status, stdout, stderr: status === 0 ? '' : stdout }),
  stream: async (_, { onOutput }) => {
    onOutput(Buffer.from(stdout))
    return { status }
  },
  which: tool => `/usr/bin/${tool}`
})

const signal = new AbortController().signal
const statuses = fc.constantFrom(0, 1, 125)

let answer: Buffer | undefined
const asked: string[] = []
const socket = scratch('daemon.sock')
let listening: Promise<void> | undefined

/** A daemon that answers whatever it is asked with the bytes of the case. */
function listen(): Promise<void> {
  listening ??= new Promise(resolve => {
    const server = createServer(connection => {
      connection.on('error', () => {})
      connection.once('data', asking => {
        asked.push(asking.toString('latin1'))
        connection.end(answer ?? '')
      })
    })
    server.listen(socket, resolve)
    server.unref()
  })
  return listening
}

/** All that is asked of a daemon; each may only fail in words. */
async function askAll(engine: ReturnType<typeof socketEngine>): Promise<void> {
  const calls = [
    engine.ping(),
    engine.images().then(viewOf),
    engine.inspect('acme/app:1'),
    engine.platforms(['sha256:0a']),
    engine.triggers('sha256:0a'),
    engine.version(),
    engine.canSquash(),
    engine.storage(),
    engine.tag('sha256:0a', 'acme/app:2'),
    engine.removeContainers('run=1')
  ]
  const ended = await Promise.allSettled(calls)
  for (const each of ended) {
    const isKnown = each.status === 'fulfilled' || each.reason?.name === 'ChainError'
    if (!isKnown) throw (each as PromiseRejectedResult).reason
  }
}

const heads = mutated(
  [
    'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n',
    'HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
  ],
  ['\r\n', '\n', ':', ' ', 'HTTP/1.1', '200', '404', 'Content-Length: 999999999999', '\r\n\r\n']
)

const SUMS = `${'a'.repeat(64)}  packer_1.0.0_linux_amd64.zip\n${'b'.repeat(64)} *packer_1.0.0_darwin_arm64.zip\n`
const INDEX = JSON.stringify({
  name: 'packer',
  versions: {
    '1.0.0': {
      version: '1.0.0',
      shasums_signature: 'x.sig',
      shasums_signatures: ['y.sig'],
      builds: [{ os: 'linux', arch: 'amd64' }]
    }
  }
})

const linux = platformOf('linux', 'x64')
const record = {
  image: 'a',
  fingerprint: `sha256:${'a'.repeat(64)}`,
  imageId: `sha256:${'b'.repeat(64)}`,
  tags: ['a:1'],
  parents: {},
  parts: { x: 'y' },
  triggers: {},
  builtAt: 1,
  seconds: 2
}

export const ANSWER_TARGETS: readonly Target[] = [
  target('images of the daemon', evilValues, value => {
    parseTriggers(value)
    const image = parseEngineImage(value)
    must(
      typeof image.id === 'string' && Number.isFinite(image.bytes + image.created),
      'an odd image'
    )
  }),
  target('answers of the daemon', fc.tuple(heads, json), async ([head, body]) => {
    await listen()
    asked.length = 0
    answer = Buffer.from(head + body)
    await askAll(socketEngine(socket, async () => undefined))
    for (const asking of asked)
      must(
        /^[A-Z]+ \/\S* HTTP\/1\.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n$/.test(asking),
        `it asked ${asking}`
      )
  }),
  target('answers of the docker command', fc.tuple(json, statuses), ([text, status]) =>
    askAll(commandEngine(printing(text, status), {}))
  ),
  target(
    'manifests of registries',
    fc.tuple(
      fc.oneof(
        json,
        mutated(
          [
            '[{"Descriptor": {"digest": "sha256:a"}}]',
            '{"Descriptor": {"digest": "sha256:a"}, "SchemaV2Manifest": {"config": {"digest": "sha256:b"}}}'
          ],
          JSON_WORDS
        )
      ),
      statuses
    ),
    async ([text, status]) => {
      const found = await commandRegistry(printing(text, status), {}).find(
        '127.0.0.1:5000/acme/app:1',
        {
          candidates: ['sha256:a'],
          signal
        }
      )
      must(
        typeof found === 'string' || found.digest === undefined || typeof found.digest === 'string',
        'an odd digest'
      )
    }
  ),
  target(
    'failures of registries',
    mutated(
      ['denied: x https://y/z?sig=w', 'manifest unknown', ': not found \n'],
      ['https://', '?', 'denied', '\n', ' ']
    ),
    text => {
      registryFailure(text)
      must(!/:\/\/\S*\?sig=w/.test(reasonOf(new Error(text))), 'the query of an address is shown')
    }
  ),
  target(
    "answers of GitHub's cache",
    fc.record({
      status: fc.constantFrom(200, 403, 404, 409),
      body: fc.oneof(
        evilValues.map(value => JSON.stringify(value) ?? ''),
        evilValues.map(value =>
          JSON.stringify({ ok: true, matched_key: value, signed_download_url: value, msg: value })
        ),
        mutated(
          ['{"ok":true,"matched_key":"a","signed_download_url":"https://x.test/?sig=w"}'],
          ['https://', 'file:///', '\n', ':', '"', 'cache write denied:', '\\u0000']
        )
      )
    }),
    async ({ status, body }) => {
      const ask = async () => ({ status, headers: {}, body: Buffer.from(body) })
      const env = { ACTIONS_RESULTS_URL: 'https://x.test/', ACTIONS_RUNTIME_TOKEN: 'x' }
      const service = openService({ ask }, env, 'zstd')
      const ended = await Promise.allSettled([service.find(['a']), service.finish('a', 1)])
      const [found] = ended
      for (const each of ended) {
        must(each.status === 'fulfilled' || each.reason instanceof Error, 'no failure in words')
      }
      if (found?.status !== 'fulfilled' || !found.value) return
      must(/^https?:$/.test(found.value.url.protocol), 'an address of another kind')
    }
  ),
  target(
    'records of a store',
    fc.oneof(
      mutated([sealRecords([{ record, platform: 'linux/amd64' }])], JSON_WORDS),
      evilValues.map(images => sealRecords(images as never))
    ),
    text => {
      const opened = openRecords(text)
      if (typeof opened === 'string') return
      for (const each of opened)
        must(/^sha256:[0-9a-f]{64}$/.test(each.record.imageId), 'an odd id')
    }
  ),
  target(
    'the index of releases',
    fc.oneof(
      mutated([INDEX], JSON_WORDS),
      evilValues.map(versions => JSON.stringify({ versions }))
    ),
    async text => {
      const base = parseBase('https://mirror.test/x')
      const download = { bytes: async () => Buffer.from(text) } as never
      const releases = (await loadReleases('packer', base, download)) ?? []
      for (const { version, signatures } of await chooseReleases(releases, () => true, linux)) {
        for (const name of signatures) {
          const { pathname, host } = addressBelow(base, 'packer', version, name)
          must(
            host === 'mirror.test' && pathname.startsWith('/x/packer/'),
            `the address ${pathname}`
          )
        }
      }
    }
  ),
  target(
    'sums of releases',
    mutated(
      [SUMS],
      ['a'.repeat(64), '  ', ' *', '\n', '\r\n', 'packer_1.0.0_linux_amd64.zip', '__proto__']
    ),
    text => {
      for (const hash of parseSums(text).values()) must(/^[0-9a-f]{64}$/.test(hash), hash)
      must(
        /^[0-9a-f]{64}$/.test(expectedHash(text, 'x', 'packer_1.0.0_linux_amd64.zip')),
        'no hash'
      )
    }
  ),
  target(
    'signatures and keys',
    fc.tuple(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        mutated(
          [
            '-----BEGIN PGP SIGNATURE-----\n\nwsBzBAABCgAnBQJ=\n=aaaa\n-----END PGP SIGNATURE-----\n'
          ],
          ['-----BEGIN PGP', '=', '\n', 'wsBz']
        ).map(text => Buffer.from(text))
      ),
      fc.boolean()
    ),
    async ([signature, own]) => {
      const text = Buffer.from(signature).toString('latin1')
      parseKeyBlocks(text)
      const key = own
        ? {
            armoured: `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${text}\n-----END PGP PUBLIC KEY BLOCK-----`,
            owner: 'it'
          }
        : (await import('../../../src/packer/release-key.js')).hashicorpKey
      await verifySignature({ name: 'SHA256SUMS', sums: Buffer.from(SUMS), signature }, key)
      throw new Error('it was taken for signed')
    }
  ),
  target(
    'what Packer says of itself',
    mutated(
      [
        'Packer v1.14.2\n',
        '/root/.packer.d/plugins/github.com/hashicorp/docker/packer-plugin-docker_v1.1.2_x5.0_linux_amd64\n',
        'Unknown builder x',
        'the configuration is valid'
      ],
      ['\n', '/', '_v1.1.2', '_x5.0', 'Packer v', '..']
    ),
    text => {
      const version = parsePackerVersion(text)
      must(version === undefined || /^[\w.-]+$/.test(version), `the version ${version}`)
      for (const { source } of parseInstalled(text)) must(source.split('/').length === 3, source)
      parseVerdict({ status: 1, stdout: text, stderr: '' })
    }
  ),
  target(
    'plugins that are asked for',
    fc.array(
      mutated(
        ['github.com/hashicorp/docker@>=1.1.2', '~> 1.1', 'auto'],
        ['@', '/', '..', '>=', ',', '1.1']
      ),
      { maxLength: 4 }
    ),
    items => {
      const mode = parsePluginMode(items)
      if (typeof mode === 'string') return
      for (const { source, constraint } of mode) {
        must(isPluginSource(source) && !source.includes('..') && !source.startsWith('-'), source)
        parseConstraint(constraint)('1.2.3')
      }
    }
  ),
  target(
    'headers of servers',
    fc.tuple(
      fc.oneof(
        evilTexts,
        fc.integer().map(String),
        fc.date({ noInvalidDate: true }).map(date => date.toUTCString())
      ),
      fc.nat(50)
    ),
    ([header, failures]) => {
      const wait = parseRetryAfter(header, Date.now())
      must(wait === undefined || (Number.isFinite(wait) && wait >= 0), `it waits ${wait}`)
      must(backoff(failures, () => 1) <= 600_000, 'it waits for long')
    }
  ),
  target(
    'mounts and groups of the kernel',
    mutated(
      [
        '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n',
        '30 22 0:5 /docker/containers/abc/hostname /etc/hostname rw - ext4 x rw\n'
      ],
      [' ', '\n', '\\040', ' - ', '/', 'a'.repeat(64)]
    ),
    text => {
      const around = { mountinfo: text, cgroup: text, hostname: 'abc' } as never
      isInContainer(around)
      parseMounts(text)
      for (const id of possibleIds(around)) must(!id.startsWith('-'), id)
    }
  )
]
