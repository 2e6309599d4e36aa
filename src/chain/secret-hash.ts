import { hashable, hashOfAll } from './fingerprint.js'
import { nodeCrypto } from './node-crypto.js'

/** Versions of how secrets are hashed: another one is another hash for each. */
const ALONE = 'build-chain 2'
const TOGETHER = 'build-chain 2 key'

/** Secrets of an image that are each hashed slowly. */
const MOST = 8

const slowHashes = new Map<string, string>()

function slowHash(value: string, salt: string): string {
  const key = `${salt}\0${value}`
  const hash =
    slowHashes.get(key) ?? nodeCrypto().scryptSync(hashable(value), salt, 32).toString('hex')
  slowHashes.set(key, hash)
  return hash
}

/**
 * Makes the hash of an image's secrets, which takes tens of milliseconds where another takes one thousandth of
 * one: a record that others can read is of little use to who tries out passwords. The same on every machine,
 * since what one builds another is to find.
 *
 * The first of them have a slow hash each. Those after them are hashed with a key that only who knows all of the
 * first can make, slowly and once.
 */
export function openSecretHash(): (value: string) => string {
  const first = new Set<string>()
  let key: string | undefined
  return value => {
    if (first.size < MOST) first.add(value)
    if (first.has(value)) return slowHash(value, ALONE)
    key ??= slowHash(JSON.stringify([...first]), TOGETHER)
    return hashOfAll([key, value])
  }
}
