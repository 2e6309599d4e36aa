import { isUtf8 } from 'node:buffer'
import { ChainError, type Position } from '../errors.js'
import { createLineIndex } from './positions.js'

/** https://www.unicode.org/faq/utf_bom.html#bom4 */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

const hasMark = (bytes: Uint8Array) => BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte)

/** Of what is UTF-8: a decoder, which would tell what is not, takes longer to load than a manifest to read. */
const utf8Text = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength).toString()

/** Text of a manifest's bytes: UTF-8, less a byte-order mark. MANIFEST_INVALID names the place of what is not. */
export function decodeManifest(bytes: Uint8Array, path: string): string {
  refuseUtf16(bytes, path)
  if (!isUtf8(bytes)) throw notUtf8(bytes, path)
  const text = utf8Text(hasMark(bytes) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes)
  const nul = text.indexOf('\0')
  if (nul === -1) return text
  throw unreadable(path, createLineIndex(text)(nul), 'found a NUL character, expected text', {
    hint: 'Is it a binary file, or UTF-16? Save it as UTF-8.'
  })
}

function refuseUtf16(bytes: Uint8Array, path: string): void {
  const mark = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)
  if (mark !== 0xfffe && mark !== 0xfeff) return
  throw unreadable(path, { line: 1, column: 1 }, 'found UTF-16, expected UTF-8', {
    hint: 'Save the file as UTF-8.'
  })
}

function notUtf8(bytes: Uint8Array, path: string): ChainError {
  const before = validPrefix(bytes)
  const offset = Buffer.byteLength(before) + (hasMark(bytes) ? BYTE_ORDER_MARK.length : 0)
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0')
  const position = createLineIndex(before)(before.length)
  const message = `found the byte 0x${byte}, which is not UTF-8 there, expected UTF-8`
  return unreadable(path, position, message, { hint: 'Save the file as UTF-8.' })
}

/** Text of the longest start of the bytes that is UTF-8, found by halving. */
function validPrefix(bytes: Uint8Array): string {
  let text = ''
  let low = 0
  let high = bytes.length
  while (low <= high) {
    const middle = (low + high) >> 1
    const decoded = decodeStart(bytes.subarray(0, middle))
    if (decoded === undefined) high = middle - 1
    else {
      text = decoded
      low = middle + 1
    }
  }
  return text
}

/** `stream` lets a character that the end cuts in two pass, and leaves it out. */
function decodeStart(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}

function unreadable(
  file: string,
  position: Position,
  message: string,
  options: { readonly hint: string }
): ChainError {
  const where = { file, position }
  return new ChainError('MANIFEST_INVALID', `${file} is not text: ${message}`, {
    ...options,
    where,
    problems: [{ place: where, message }]
  })
}
