import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { ChainError } from '../errors.js'

const SUM_LINE = /^([0-9a-f]{64}) [ *](.+)$/i

/**
 * A SHA256SUMS file: `HASH`, two spaces (or a space and `*`), `NAME` on each line, as sha256sum writes it.
 * Other lines are ignored; a name that stands twice with different hashes is left out.
 *
 * @returns lower-case hashes by file name.
 */
export function parseSums(text: string): ReadonlyMap<string, string> {
  const sums = new Map<string, string>()
  const ambiguous = new Set<string>()
  for (const line of text.split(/\r?\n/)) {
    const [, hash, name] = SUM_LINE.exec(line) ?? []
    if (hash === undefined || name === undefined) continue
    const known = sums.get(name)
    if (known !== undefined && known !== hash.toLowerCase()) ambiguous.add(name)
    sums.set(name, hash.toLowerCase())
  }
  for (const name of ambiguous) sums.delete(name)
  return sums
}

/** The hash that a verified sums file gives for a file; VERIFICATION_FAILED where it names none. */
export function expectedHash(sums: string, sumsName: string, file: string): string {
  const hash = parseSums(sums).get(file)
  if (hash !== undefined) return hash
  throw new ChainError('VERIFICATION_FAILED', `${sumsName} does not name ${file}`, {
    hint: 'The release is incomplete, or the server sends the sums of another one.'
  })
}

/** Hexadecimal SHA-256 of a file. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece)
  return hash.digest('hex')
}

/** VERIFICATION_FAILED unless the two hashes are the same. */
export function compareHashes(file: string, found: string, expected: string): void {
  if (found === expected) return
  throw new ChainError(
    'VERIFICATION_FAILED',
    `${file} has the wrong hash: sha256 ${found}, its signed sums say ${expected}`,
    { hint: 'Do not use it: it is not what was released. Another mirror may have the right one.' }
  )
}
