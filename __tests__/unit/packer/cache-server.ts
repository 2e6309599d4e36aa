import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished, vi } from 'vitest'
import { temporary } from './support.js'

interface Entry {
  readonly key: string
  readonly version: string
  readonly blocks: Map<string, Buffer>
  content: Buffer | undefined
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces)
}

const newestFirst = (entries: readonly Entry[]) => [...entries].reverse()

/**
 * GitHub's cache service, as far as @actions/cache needs it: Twirp calls in JSON, block blobs for what is
 * saved. Sets the variables by which the client finds it, until the test ends.
 */
export async function startCacheServer() {
  const entries: Entry[] = []
  let failing = false

  function create({ key, version }: { key: string; version: string }) {
    if (entries.some(entry => entry.key === key && entry.version === version)) return { ok: false }
    entries.push({ key, version, blocks: new Map(), content: undefined })
    return { ok: true, signed_upload_url: `${url}/blob/${entries.length - 1}` }
  }

  function find(wanted: { key: string; restore_keys?: string[]; version: string }) {
    const whole = newestFirst(entries).filter(e => e.version === wanted.version && e.content)
    const prefixes = wanted.restore_keys ?? []
    const hit =
      whole.find(entry => entry.key === wanted.key) ??
      whole.find(entry => prefixes.some(prefix => entry.key.startsWith(prefix)))
    if (!hit) return { ok: false }
    const address = `${url}/blob/${entries.indexOf(hit)}`
    return { ok: true, matched_key: hit.key, signed_download_url: address }
  }

  function put(entry: Entry, query: URLSearchParams, body: Buffer): void {
    if (query.get('comp') === 'block') entry.blocks.set(query.get('blockid') ?? '', body)
    else if (query.get('comp') === 'blocklist') {
      const ids = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(match => match[1])
      entry.content = Buffer.concat(ids.map(id => entry.blocks.get(id ?? '') ?? Buffer.alloc(0)))
    } else entry.content = body
  }

  function answerBlob(entry: Entry, url: URL, body: Buffer, request: IncomingMessage): Answer {
    if (request.method === 'PUT') {
      put(entry, url.searchParams, body)
      return { status: 201, headers: { etag: '"1"' }, body: '' }
    }
    const headers = { 'content-length': String(entry.content?.length ?? 0) }
    const content = request.method === 'HEAD' ? '' : (entry.content ?? '')
    return { status: 200, headers, body: content }
  }

  function answerCall(name: string, body: Buffer): Answer {
    const asked = JSON.parse(body.toString())
    const answers: Record<string, () => object> = {
      CreateCacheEntry: () => create(asked),
      FinalizeCacheEntryUpload: () => ({ ok: true, entry_id: '1' }),
      GetCacheEntryDownloadURL: () => find(asked)
    }
    const headers = { 'content-type': 'application/json' }
    return { status: 200, headers, body: JSON.stringify(answers[name]?.() ?? {}) }
  }

  const server = createServer(async (request, response) => {
    const address = new URL(request.url ?? '/', 'http://x')
    const body = await bodyOf(request)
    const name = address.pathname.split('/').at(-1) ?? ''
    const entry = entries[Number(name)]
    const missing = { status: 404, headers: {}, body: '{}' }
    const blob = () => (entry ? answerBlob(entry, address, body, request) : answerCall(name, body))
    const answer = failing ? missing : blob()
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const runnerTemp = await temporary()
  const variables = {
    ACTIONS_RESULTS_URL: `${url}/`,
    ACTIONS_CACHE_SERVICE_V2: '1',
    ACTIONS_RUNTIME_TOKEN: `${btoa('{}')}.${btoa('{"ac":"[]"}')}.x`,
    GITHUB_WORKSPACE: await temporary(),
    RUNNER_TEMP: runnerTemp
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return {
    variables,
    keys: () => entries.map(entry => entry.key),
    fail: () => {
      failing = true
    }
  }
}
