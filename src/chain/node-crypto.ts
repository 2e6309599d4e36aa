import { createRequire } from 'node:module'

type Crypto = typeof import('node:crypto')

let loaded: Crypto | undefined

/** `node:crypto`, loaded when it is first used: it takes longer to load than many a plan to make. */
export function nodeCrypto(): Crypto {
  loaded ??= createRequire(import.meta.url)('node:crypto') as Crypto
  return loaded
}
