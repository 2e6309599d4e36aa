import { readFile } from 'node:fs/promises'
import { ChainError } from '../errors.js'
import { HASHICORP_FINGERPRINT, HASHICORP_KEY } from './hashicorp-key.js'

/** The OpenPGP public key that a release server signs with. */
export interface ReleaseKey {
  /** One or several armoured blocks. */
  readonly armoured: string
  /** Primary key that `armoured` must be, where that is known beforehand. */
  readonly fingerprint?: string | undefined
  /** How messages call it. */
  readonly owner: string
}

const BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----'
const END = '-----END PGP PUBLIC KEY BLOCK-----'

/** HashiCorp's own. */
export const hashicorpKey: ReleaseKey = {
  armoured: HASHICORP_KEY,
  fingerprint: HASHICORP_FINGERPRINT,
  owner: "HashiCorp's key"
}

/** The armoured blocks in a text; others around them are ignored. */
export function parseKeyBlocks(text: string): readonly string[] {
  const blocks: string[] = []
  for (let at = text.indexOf(BEGIN); at >= 0; ) {
    const end = text.indexOf(END, at)
    if (end < 0) break
    blocks.push(text.slice(at, end + END.length))
    at = text.indexOf(BEGIN, end)
  }
  return blocks
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new ChainError('OPTIONS_INVALID', `packer-releases-key: cannot read ${file}`, {
      hint: 'Give an armoured OpenPGP public key, or the path of a file that holds one.',
      cause
    })
  }
}

/** @param value of `packer-releases-key`: armoured text or the path of a file of it; empty means HashiCorp's. */
export async function loadReleaseKey(value: string | undefined): Promise<ReleaseKey> {
  const given = value?.trim()
  if (!given) return hashicorpKey
  const armoured = given.includes('-----BEGIN') ? given : await readKeyFile(given)
  if (parseKeyBlocks(armoured).length === 0) {
    throw new ChainError('OPTIONS_INVALID', 'packer-releases-key holds no armoured public key', {
      hint: 'It begins with -----BEGIN PGP PUBLIC KEY BLOCK-----; a private key is of no use here.'
    })
  }
  return { armoured, owner: 'the key in packer-releases-key' }
}
