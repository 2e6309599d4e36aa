const FIRST_ESCAPE = 0xdc00

/** Bytes of the UTF-8 sequence that begins at a place; 0 where there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
  const sequence = bytes.subarray(at, at + length)
  return Buffer.from(sequence.toString()).equals(sequence) && sequence.length === length
    ? length
    : 0
}

function escaped(bytes: Buffer): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at)
    pieces.push(
      length === 0
        ? String.fromCharCode(FIRST_ESCAPE + (bytes[at] ?? 0))
        : bytes.toString('utf8', at, at + length)
    )
    at += length || 1
  }
  return pieces.join('')
}

/**
 * Text of bytes such as a file's name: a byte that is no UTF-8 becomes a lone surrogate, so that
 * other bytes are another text (https://peps.python.org/pep-0383/).
 */
export function textOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = buffer.toString()
  return text.includes('\ufffd') ? escaped(buffer) : text
}

/** Whether a text has bytes in it that are no UTF-8. */
export const hasLoneBytes = (text: string): boolean => !text.isWellFormed()

/** The bytes that `textOfBytes` made a text of. */
export function bytesOfText(text: string): Buffer {
  const pieces = [...text].map(character => {
    const code = character.length === 1 ? character.charCodeAt(0) - FIRST_ESCAPE : -1
    return code >= 0x80 && code <= 0xff ? Buffer.from([code]) : Buffer.from(character)
  })
  return Buffer.concat(pieces)
}
