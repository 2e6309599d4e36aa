import { createReadStream, createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/** GitHub's cache service as far as its client needs it, with what is saved in files. */
export interface CacheService {
  /** What a step of a workflow has in its environment to find it. */
  readonly variables: Readonly<Record<string, string>>
  /** Forgets all that was saved. */
  readonly empty: () => Promise<void>
  readonly close: () => void
}

interface Entry {
  readonly key: string
  readonly version: string
  /** What the files of its blocks begin with. */
  readonly file: string
  /** Each block by its id. */
  readonly blocks: Map<string, Block>
  /** The blocks that it is made of, in their order. */
  parts: readonly Block[]
}

interface Block {
  readonly file: string
  /** Bytes. */
  readonly size: number
}

interface Asked {
  readonly key: string
  readonly version: string
  readonly restore_keys?: readonly string[]
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

async function takeBlock(file: string, request: IncomingMessage): Promise<Block> {
  const target = createWriteStream(file)
  await pipeline(request, target)
  return { file, size: target.bytesWritten }
}

/**
 * A blob, a block of one, or the list of its blocks, which copies nothing:
 * https://learn.microsoft.com/rest/api/storageservices/put-block and put-block-list
 */
async function put(entry: Entry, query: URLSearchParams, request: IncomingMessage): Promise<void> {
  if (query.get('comp') === 'blocklist') {
    const ids = [...(await textOf(request)).matchAll(/<Latest>(.*?)<\/Latest>/g)]
    entry.parts = ids.flatMap(([, id = '']) => entry.blocks.get(id) ?? [])
    return
  }
  const id = query.get('comp') === 'block' ? (query.get('blockid') ?? '') : ''
  const block = await takeBlock(`${entry.file}-${Buffer.from(id).toString('hex')}`, request)
  if (id === '') entry.parts = [block]
  else entry.blocks.set(id, block)
}

/** All of a blob, or the part that is asked for by `Range: bytes=FROM-TO`. */
async function get(entry: Entry, request: IncomingMessage, response: ServerResponse) {
  const size = entry.parts.reduce((sum, part) => sum + part.size, 0)
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const end = to ? Math.min(Number(to), size - 1) : size - 1
  response.writeHead(from === undefined ? 200 : 206, {
    'content-length': end - start + 1,
    'accept-ranges': 'bytes',
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${size}` })
  })
  let before = 0
  for (const part of request.method === 'HEAD' ? [] : entry.parts) {
    const range = { start: Math.max(start - before, 0), end: Math.min(end - before, part.size - 1) }
    before += part.size
    if (range.start > range.end) continue
    await pipeline(createReadStream(part.file, range), response, { end: false })
  }
  response.end()
}

/**
 * Starts the service: Twirp calls in JSON
 * (https://github.com/actions/toolkit/tree/main/packages/cache/src/generated), and block blobs.
 * @param folder for what is saved
 */
export async function startCacheService(folder: string): Promise<CacheService> {
  const entries: Entry[] = []
  const find = ({ key, version, restore_keys = [] }: Asked) => {
    const fit = entries.filter(each => each.version === version).reverse()
    const byPrefix = restore_keys.map(prefix => fit.find(each => each.key.startsWith(prefix)))
    return [fit.find(each => each.key === key), ...byPrefix].find(Boolean)
  }
  const address = (entry: Entry) => `${url}/blob/${entries.indexOf(entry)}?sig=x`
  const answers: Readonly<Record<string, (asked: Asked) => object>> = {
    CreateCacheEntry: ({ key, version }) => {
      const file = join(folder, `entry-${entries.length}-${Date.now()}`)
      const entry: Entry = { key, version, file, blocks: new Map(), parts: [] }
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
    empty: async () => {
      for (const { parts, blocks } of entries.splice(0)) {
        for (const { file } of [...parts, ...blocks.values()]) await rm(file, { force: true })
      }
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    }
  }
}
