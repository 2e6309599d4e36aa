import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { nodeCrypto } from '../chain/node-crypto.js'

/** Bytes of the kernel's own; undefined where it has no device for them. */
function kernelBytes(count: number): Buffer | undefined {
  let device: number | undefined
  try {
    device = openSync('/dev/urandom', 'r')
    const bytes = Buffer.alloc(count)
    const isWhole = fstatSync(device).isCharacterDevice() && readSync(device, bytes) === count
    return isWhole ? bytes : undefined
  } catch {
    return undefined
  } finally {
    if (device !== undefined) closeSync(device)
  }
}

/**
 * A word that nobody can guess, of as many random bytes in lower-case hexadecimal digits. It comes
 * from the kernel, as all of Node's do in the end: to load node:crypto takes a tenth of a short run.
 */
export const randomWord = (bytes: number): string =>
  (kernelBytes(bytes) ?? nodeCrypto().randomBytes(bytes)).toString('hex')
