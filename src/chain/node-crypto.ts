import { createRequire } from 'node:module'

type Crypto = typeof import('node:crypto')

let loaded: Crypto | undefined

/** `node:crypto`, loaded when it is first used: it takes longer to load than many a plan to make. */
export function nodeCrypto(): Crypto {
  loaded ??= createRequire(import.meta.url)('node:crypto') as Crypto
  return loaded
}

/** SHA-256 in hexadecimal digits, of bytes or of a text as UTF-8. */
export function sha256(content: string | Uint8Array): string {
  const { createHash, hash } = nodeCrypto()
  // From Node 20.12 on; making an object takes several times as long as what most are made for.
  return hash?.('sha256', content, 'hex') ?? createHash('sha256').update(content).digest('hex')
}
