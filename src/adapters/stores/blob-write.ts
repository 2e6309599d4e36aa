import { type HttpCall, type HttpCalls, RefusedCall } from './http-calls.js'

/** Bytes of a block, and how many are on their way at once; a blob may have 50,000. */
const BLOCK = 1 << 23
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
 * @returns its bytes
 */
export async function writeBlob(
  calls: HttpCalls,
  url: URL,
  input: AsyncIterable<Buffer>
): Promise<number> {
  const put = async (to: URL, body: HttpCall['body'], headers: HttpCall['headers']) => {
    const { status } = await calls.ask({ method: 'PUT', url: to, body, headers })
    if (status !== 201) throw new RefusedCall(`the archive was answered by ${status}`)
  }
  const sending = new Set<Promise<void>>()
  let [blocks, bytes] = [0, 0]
  for await (const block of blocksOf(input)) {
    bytes += block.size
    const length = { 'content-length': String(block.size) }
    if (blocks === 0 && block.size < BLOCK) {
      await put(url, block.pieces, { 'x-ms-blob-type': 'BlockBlob', ...length })
      return bytes
    }
    const blockUrl = withQuery(url, { comp: 'block', blockid: idOf(blocks) })
    const sent = put(blockUrl, block.pieces, length)
    blocks += 1
    sending.add(sent)
    // A failure is met where it is waited for.
    sent.then(() => sending.delete(sent)).catch(() => {})
    if (sending.size === AT_ONCE) await Promise.race(sending)
  }
  await Promise.all(sending)
  const list = Array.from({ length: blocks }, (_, block) => `<Latest>${idOf(block)}</Latest>`)
  const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list.join('')}</BlockList>`
  await put(withQuery(url, { comp: 'blocklist' }), body, { 'content-type': 'application/xml' })
  return bytes
}
