import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readKey } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { HASHICORP_FINGERPRINT, HASHICORP_KEY } from '../../../src/packer/hashicorp-key.js'
import { hashicorpKey, loadReleaseKey, parseKeyBlocks } from '../../../src/packer/release-key.js'
import { createSigner } from '../../fixtures/release-server.js'
import { failureOf, temporary } from './support.js'

describe("HashiCorp's key", () => {
  const forms = () =>
    Promise.all(parseKeyBlocks(HASHICORP_KEY).map(block => readKey({ armoredKey: block })))

  it('is in two forms of the fingerprint that HashiCorp names', async () => {
    const fingerprints = (await forms()).map(key => key.getFingerprint().toUpperCase())
    expect(fingerprints).toEqual([HASHICORP_FINGERPRINT, HASHICORP_FINGERPRINT])
    expect(HASHICORP_FINGERPRINT).toBe('C874011F0AB405110D02105534365D9472D7468F')
  })

  it('was first valid until April 2026, and is refreshed until March 2030', async () => {
    const [first, refreshed] = await forms()
    expect(await first?.getExpirationTime()).toEqual(new Date('2026-04-18T21:50:17Z'))
    expect(await refreshed?.getExpirationTime()).toEqual(new Date('2030-03-01T23:14:24Z'))
    const signing = await refreshed?.getSigningKey(undefined, new Date('2030-02-28'))
    expect(signing?.getFingerprint()).toBe('374ec75b485913604a831cc7c820c6d5cd27ab87')
  })
})

describe('packer-releases-key', () => {
  it('is HashiCorp’s where nothing is given', async () => {
    expect(await loadReleaseKey('  ')).toBe(hashicorpKey)
    expect(hashicorpKey.fingerprint).toBe(HASHICORP_FINGERPRINT)
  })

  it('is armoured text, or a file of it', async () => {
    const { publicKey } = await createSigner()
    const file = join(await temporary(), 'key.asc')
    await writeFile(file, publicKey)
    expect((await loadReleaseKey(publicKey)).armoured).toBe(publicKey.trim())
    expect((await loadReleaseKey(file)).armoured).toBe(publicKey)
  })

  it('is refused where it is neither', async () => {
    const missing = await failureOf(loadReleaseKey('/no/such/file.asc'))
    expect(missing.code).toBe('OPTIONS_INVALID')
    expect(missing.message).toContain('cannot read /no/such/file.asc')
    const wrong = await failureOf(loadReleaseKey('-----BEGIN PGP PRIVATE KEY BLOCK-----'))
    expect(wrong.message).toContain('no armoured public key')
  })

  it('may hold several blocks', () => {
    expect(parseKeyBlocks(`${HASHICORP_KEY}\nbetween\n${HASHICORP_KEY}`)).toHaveLength(4)
  })
})
