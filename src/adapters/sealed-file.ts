import { readFileSync } from 'node:fs'
import { sha256 } from '../chain/node-crypto.js'
import { files } from './files.js'

/** Characters of a first line at most. */
const LONGEST_HEAD = 200

const headOf = (name: string, body: string | Uint8Array) => `build-chain ${name} ${sha256(body)}\n`

/**
 * What a file holds after its first line, which has a checksum of it.
 * @param name of what it holds, with the version of its format
 * @returns an empty text where it is missing, damaged, or of another name
 */
export function readSealed(file: string | undefined, name: string): string {
  if (file === undefined) return ''
  try {
    const bytes = readFileSync(file)
    const head = bytes.toString('latin1', 0, LONGEST_HEAD).split('\n', 1)[0] ?? ''
    const body = bytes.subarray(head.length + 1)
    return headOf(name, body) === `${head}\n` ? body.toString() : ''
  } catch {
    return ''
  }
}

/** Writes such a file anew. */
export const writeSealed = (file: string, name: string, body: string): Promise<void> =>
  files.write(file, headOf(name, body) + body)
