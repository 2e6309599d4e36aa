import { type HttpCalls, RefusedCall } from './http-calls.js'
import type { HttpCall } from './http-sender.js'

/** Bytes of a block, and how many are on their way at once; a blob may have 50,000. */
const BLOCK = 1 << 22
const AT_ONCE = 4

const idOf = (block: number) => Buffer.from(String(block).padStart(8, '0')).toString('base64')

const withQuery = (url: URL, query: Readonly<Record<string, string>>): URL => {
  const own = new URL(url)
  for (const [name, value] of Object.entries(query)) own.searchParams.set(name, value)
  return own
}

/** Pieces of a block, as they came: to put them together would cost as much as to send them. */
interface Block {
  readonly pieces: readonly Buffer[]
  readonly size: number
}

const lengthOf = ({ size }: Block) => ({ 'content-length': String(size) })

/** Cuts what comes into blocks, the last of which is what is left. */
async function* blocksOf(input: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let pieces: Buffer[] = []
  let size = 0
  for await (const whole of input) {
    let piece = whole
    while (size + piece.length >= BLOCK) {
      const rest = BLOCK - size
      yield { pieces: [...pieces, piece.subarray(0, rest)], size: BLOCK }
      piece = piece.subarray(rest)
      pieces = []
      size = 0
    }
    if (piece.length === 0) continue
    pieces.push(piece)
    size += piece.length
  }
  if (size > 0) yield { pieces, size }
}

/**
 * Makes a block blob of what comes, as it comes; in one call where that is less than a block.
 * https://learn.microsoft.com/rest/api/storageservices/put-block, put-block-list and put-blob, by an
 * address that is signed, whose version is that of the calls.
 * @param addressOf asked when the first block is there
 * @returns its bytes
 */
export async function writeBlob(
  calls: HttpCalls,
  addressOf: () => Promise<URL>,
  input: AsyncIterable<Buffer>
): Promise<number> {
  const end = new AbortController()
  try {
    return await new BlobWriter(calls.until(end.signal), addressOf).write(input)
  } finally {
    // Blocks of what has failed.
    end.abort(new Error('it is over'))
  }
}

class BlobWriter {
  readonly #calls: HttpCalls
  readonly #addressOf: () => Promise<URL>
  readonly #sending = new Set<Promise<void>>()
  #failure: { readonly cause: unknown } | undefined

  constructor(calls: HttpCalls, addressOf: () => Promise<URL>) {
    this.#calls = calls
    this.#addressOf = addressOf
  }

  async write(input: AsyncIterable<Buffer>): Promise<number> {
    let url: URL | undefined
    const ids: string[] = []
    let bytes = 0
    for await (const block of blocksOf(input)) {
      url ??= await this.#addressOf()
      bytes += block.size
      if (ids.length === 0 && block.size < BLOCK) {
        await this.#put(url, block.pieces, { ...lengthOf(block), 'x-ms-blob-type': 'BlockBlob' })
        return bytes
      }
      ids.push(idOf(ids.length))
      await this.#send(withQuery(url, { comp: 'block', blockid: ids.at(-1) ?? '' }), block)
    }
    while (this.#sending.size > 0) await this.#one()
    await this.#commit(url ?? (await this.#addressOf()), ids)
    return bytes
  }

  /** Begins to send a block; waits where enough are on their way. */
  async #send(url: URL, block: Block): Promise<void> {
    const sent = this.#put(url, block.pieces, lengthOf(block))
      .catch(cause => {
        this.#failure ??= { cause }
      })
      .finally(() => this.#sending.delete(sent))
    this.#sending.add(sent)
    if (this.#sending.size === AT_ONCE) await this.#one()
    if (this.#failure) throw this.#failure.cause
  }

  /** Waits until one of the blocks on their way has come. */
  async #one(): Promise<void> {
    await Promise.race(this.#sending)
    if (this.#failure) throw this.#failure.cause
  }

  async #commit(url: URL, ids: readonly string[]): Promise<void> {
    const list = ids.map(id => `<Latest>${id}</Latest>`).join('')
    const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`
    await this.#put(withQuery(url, { comp: 'blocklist' }), body, {
      'content-type': 'application/xml'
    })
  }

  async #put(url: URL, body: HttpCall['body'], headers: HttpCall['headers']): Promise<void> {
    const { status } = await this.#calls.ask({ method: 'PUT', url, body, headers })
    if (status !== 201) throw new RefusedCall(`the archive was answered by ${status}`)
  }
}
