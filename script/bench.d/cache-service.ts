import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

/** GitHub's cache service as far as its client needs it, with what is saved in memory: the disk is that of who saves. */
export interface CacheService {
  /** What a step of a workflow has in its environment to find it. */
  readonly variables: Readonly<Record<string, string>>
  /** Forgets all that was saved. */
  readonly empty: () => void
  readonly close: () => void
}

/** What came of a blob or of one block of it, as it came. */
type Pieces = readonly Buffer[]

interface Entry {
  readonly key: string
  readonly version: string
  /** Each block by its id. */
  readonly blocks: Map<string, Pieces>
  content: Pieces
}

interface Asked {
  readonly key: string
  readonly version: string
  readonly restore_keys?: readonly string[]
}

async function piecesOf(request: IncomingMessage): Promise<Pieces> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return pieces
}

const textOf = async (request: IncomingMessage) => Buffer.concat(await piecesOf(request)).toString()

/**
 * A blob, a block of one, or the list of its blocks:
 * https://learn.microsoft.com/rest/api/storageservices/put-block and put-block-list
 */
async function put(entry: Entry, query: URLSearchParams, request: IncomingMessage): Promise<void> {
  const kind = query.get('comp')
  if (kind === 'blocklist') {
    const ids = [...(await textOf(request)).matchAll(/<Latest>(.*?)<\/Latest>/g)]
    entry.content = ids.flatMap(([, id = '']) => entry.blocks.get(id) ?? [])
  } else if (kind === 'block') {
    entry.blocks.set(query.get('blockid') ?? '', await piecesOf(request))
  } else {
    entry.content = await piecesOf(request)
  }
}

/** All of a blob, or the part that is asked for by `Range: bytes=FROM-TO`. */
async function get(entry: Entry, request: IncomingMessage, response: ServerResponse) {
  const size = entry.content.reduce((sum, piece) => sum + piece.length, 0)
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const end = to ? Math.min(Number(to), size - 1) : size - 1
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` })
  })
  const asked = request.method === 'HEAD' ? [] : partOf(entry.content, start, end + 1)
  await pipeline(Readable.from(asked, { objectMode: false }), response)
}

function* partOf(pieces: Pieces, start: number, end: number) {
  let before = 0
  for (const piece of pieces) {
    const part = piece.subarray(Math.max(start - before, 0), Math.max(end - before, 0))
    before += piece.length
    if (part.length > 0) yield part
  }
}

/**
 * Starts the service: Twirp calls in JSON
 * (https://github.com/actions/toolkit/tree/main/packages/cache/src/generated), and block blobs.
 */
export async function startCacheService(): Promise<CacheService> {
  const entries: Entry[] = []
  const find = ({ key, version, restore_keys = [] }: Asked) => {
    const fit = entries.filter(each => each.version === version).reverse()
    const byPrefix = restore_keys.map(prefix => fit.find(each => each.key.startsWith(prefix)))
    return [fit.find(each => each.key === key), ...byPrefix].find(Boolean)
  }
  const address = (entry: Entry) => `${url}/blob/${entries.indexOf(entry)}?sig=x`
  const answers: Readonly<Record<string, (asked: Asked) => object>> = {
    CreateCacheEntry: ({ key, version }) => {
      const entry: Entry = { key, version, blocks: new Map(), content: [] }
      entries.push(entry)
      return { ok: true, signed_upload_url: address(entry) }
    },
    FinalizeCacheEntryUpload: () => ({ ok: true, entry_id: '1' }),
    GetCacheEntryDownloadURL: asked => {
      const hit = find(asked)
      if (!hit) return { ok: false }
      return { ok: true, matched_key: hit.key, signed_download_url: address(hit) }
    }
  }
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
    const name = pathname.split('/').at(-1) ?? ''
    if (!pathname.startsWith('/blob/')) {
      const body = answers[name]?.(JSON.parse(await textOf(request)) as Asked) ?? {}
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    const entry = entries[Number(name)]
    if (!entry) return void response.writeHead(404).end()
    if (request.method !== 'PUT') return get(entry, request, response)
    await put(entry, searchParams, request)
    response.writeHead(201, { etag: '"1"' }).end()
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    variables: {
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_CACHE_SERVICE_V2: '1',
      ACTIONS_RUNTIME_TOKEN: `${btoa('{}')}.${btoa('{"ac":"[]"}')}.x`
    },
    empty: () => {
      entries.length = 0
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
