import type { PublicKey, Signature } from 'openpgp'
import { ChainError } from '../errors.js'
import { parseKeyBlocks, type ReleaseKey } from './release-key.js'

/** A sums file as it came, with its detached signature, binary or armoured. */
export interface SignedSums {
  /** For messages. */
  readonly name: string
  readonly sums: Uint8Array
  readonly signature: Uint8Array
}

const refused = (message: string, hint: string, cause?: unknown): ChainError =>
  new ChainError('VERIFICATION_FAILED', message, { hint, cause })

const spaced = (fingerprint: string): string =>
  (fingerprint.toUpperCase().match(/.{1,4}/g) ?? []).join(' ')

const day = (date: Date): string => date.toISOString().slice(0, 10)

/** Forms of the same key become one, so that each date finds the form that held at that date. */
async function mergeForms(keys: readonly PublicKey[]): Promise<readonly PublicKey[]> {
  const merged = new Map<string, PublicKey>()
  for (const key of keys) {
    const known = merged.get(key.getFingerprint())
    merged.set(key.getFingerprint(), known ? await known.update(key) : key)
  }
  return [...merged.values()]
}

async function readPublicKeys(key: ReleaseKey): Promise<readonly PublicKey[]> {
  const { readKeys } = await import('openpgp')
  try {
    const blocks = parseKeyBlocks(key.armoured)
    const read = await Promise.all(blocks.map(block => readKeys({ armoredKeys: block })))
    const keys = await mergeForms(read.flat().map(each => each.toPublic()))
    const wanted = key.fingerprint?.toLowerCase()
    return wanted === undefined ? keys : keys.filter(found => found.getFingerprint() === wanted)
  } catch (cause) {
    const message = `${key.owner} is not readable as an OpenPGP public key`
    throw new ChainError('OPTIONS_INVALID', message, {
      hint: 'Give the whole of it, from its BEGIN line to its END line, as packer-releases-key.',
      cause
    })
  }
}

async function readDetached(signed: SignedSums): Promise<Signature> {
  const { readSignature } = await import('openpgp')
  const text = Buffer.from(signed.signature).toString('latin1')
  try {
    return text.includes('-----BEGIN PGP')
      ? await readSignature({ armoredSignature: text })
      : await readSignature({ binarySignature: signed.signature })
  } catch (cause) {
    throw refused(
      `The signature of ${signed.name} is not readable as an OpenPGP signature`,
      'The server sent something else in its place.',
      cause
    )
  }
}

function signerOf(
  signature: Signature,
  keys: readonly PublicKey[],
  about: { name: string; owner: string }
) {
  for (const id of signature.getSigningKeyIDs()) {
    const signer = keys.find(candidate => candidate.getKeys(id).length > 0)
    if (signer) return signer
  }
  const ids = signature.getSigningKeyIDs().map(id => id.toHex().toUpperCase())
  const expected = keys.map(candidate => spaced(candidate.getFingerprint())).join(', ')
  throw refused(
    `${about.name} is signed by the wrong key: ${ids.join(', ') || 'none'}, not by ${about.owner} (${expected})`,
    'A mirror that signs with a key of its own needs that key as packer-releases-key.'
  )
}

/**
 * The key as a whole has to be valid now. A subkey that another one has followed may have expired: what
 * it signed in its time holds, which openpgp sees to.
 */
async function refuseExpiredKey(signer: PublicKey, owner: string, now: Date): Promise<void> {
  const hint =
    'Take a newer release of this program, or give the refreshed key as packer-releases-key.'
  const expires = await signer.getExpirationTime()
  if (expires instanceof Date && expires <= now) {
    throw refused(`${owner} has expired on ${day(expires)}`, hint)
  }
  try {
    await signer.verifyPrimaryKey(now)
  } catch (cause) {
    throw refused(`${owner} is not valid (${(cause as Error).message})`, hint, cause)
  }
}

function refuseExpiredSignature(signature: Signature, name: string, now: Date): void {
  for (const packet of signature.packets) {
    const { created, signatureExpirationTime: seconds } = packet
    if (!created || !seconds) continue
    const expires = new Date(created.getTime() + seconds * 1000)
    if (expires > now) continue
    throw refused(
      `The signature of ${name} has expired on ${day(expires)}`,
      'The release server serves an old release: take another version or mirror.'
    )
  }
}

/**
 * Returns when the detached signature is one of these very bytes by the key, and key and signature
 * are valid at `now`; a VERIFICATION_FAILED says which of this is not so.
 */
export async function verifySignature(
  signed: SignedSums,
  key: ReleaseKey,
  now = new Date()
): Promise<void> {
  const { createMessage, verify } = await import('openpgp')
  const keys = await readPublicKeys(key)
  const signature = await readDetached(signed)
  const signer = signerOf(signature, keys, { name: signed.name, owner: key.owner })
  await refuseExpiredKey(signer, key.owner, now)
  refuseExpiredSignature(signature, signed.name, now)
  const message = await createMessage({ binary: signed.sums })
  const result = await verify({
    message,
    signature,
    verificationKeys: [signer],
    format: 'binary',
    date: now,
    // A key whose term was prolonged is dated later than what it has signed before: it then has to be valid now.
    config: { allowInsecureVerificationWithReformattedKeys: true }
  })
  // The promise is the verdict: the result lists a signature before it was checked.
  const verdicts = await Promise.allSettled(result.signatures.map(each => each.verified))
  if (verdicts.some(verdict => verdict.status === 'fulfilled')) return
  throw refused(
    `The signature of ${signed.name} does not match it`,
    'The sums were changed after they were signed. Do not use this server.',
    verdicts.find(verdict => verdict.status === 'rejected')?.reason
  )
}
