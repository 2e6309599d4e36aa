import { createMessage, generateKey, reformatKey, sign } from 'openpgp'
import { describe, expect, it } from 'vitest'
import { hashicorpKey, type ReleaseKey } from '../../../src/packer/release-key.js'
import { verifySignature } from '../../../src/packer/signature.js'
import { createSigner, type SignerOptions } from '../../fixtures/release-server.js'
import { PUBLISHED_SIGNATURE, PUBLISHED_SUMS } from './published-sums.js'
import { failureOf } from './support.js'

const sums = Buffer.from(`${'0'.repeat(64)}  packer_1.15.0_linux_amd64.zip\n`)
const DAY = 86_400

async function signed(options: SignerOptions = {}) {
  const signer = await createSigner(options)
  const key: ReleaseKey = { armoured: signer.publicKey, owner: 'the key of the tests' }
  return { key, signer, file: { name: 'SUMS', sums, signature: await signer.sign(sums) } }
}

describe('the signature of a sums file', () => {
  it('is good by the key it was made with', async () => {
    const { file, key } = await signed()
    await verifySignature(file, key)
  })

  it('is good in armour too', async () => {
    const { file, key } = await signed()
    const { readSignature } = await import('openpgp')
    const text = (await readSignature({ binarySignature: file.signature })).armor()
    await verifySignature({ ...file, signature: Buffer.from(text) }, key)
  })

  it('is good by any of several keys', async () => {
    const { file, key } = await signed()
    const other = await createSigner()
    await verifySignature(file, { ...key, armoured: other.publicKey + key.armoured })
  })

  it('is bad when one bit of the sums was changed', async () => {
    const { file, key } = await signed()
    const changed = Buffer.from(sums)
    changed[3] = (changed[3] ?? 0) ^ 1
    const failure = await failureOf(verifySignature({ ...file, sums: changed }, key))
    expect(failure.code).toBe('VERIFICATION_FAILED')
    expect(failure.message).toBe('The signature of SUMS does not match it')
    expect(failure.cause).toBeInstanceOf(Error)
  })

  it('by another key is refused, and both keys are named', async () => {
    const { file, signer } = await signed()
    const failure = await failureOf(verifySignature(file, hashicorpKey))
    expect(failure.message).toContain('signed by the wrong key')
    expect(failure.message).toContain(signer.fingerprint.slice(-16))
    expect(failure.message).toContain('C874 011F 0AB4 0511 0D02 1055 3436 5D94 72D7 468F')
  })

  it('by a key that is not the pinned one is refused even where its text is given', async () => {
    const { file, key } = await signed()
    const pinned = { ...key, fingerprint: hashicorpKey.fingerprint }
    expect((await failureOf(verifySignature(file, pinned))).message).toContain('the wrong key')
  })

  it('by an expired key is refused, though it was made in time', async () => {
    const { file, key } = await signed({ madeAgo: 10 * DAY, keyLife: 5 * DAY })
    const failure = await failureOf(verifySignature(file, key))
    expect(failure.message).toMatch(/^the key of the tests has expired on \d{4}-\d\d-\d\d$/)
    expect(failure.hint).toContain('packer-releases-key')
  })

  it('that has itself expired is refused', async () => {
    const { file, key } = await signed({
      madeAgo: 10 * DAY,
      signedAgo: 9 * DAY,
      signatureLife: DAY
    })
    const failure = await failureOf(verifySignature(file, key))
    expect(failure.message).toMatch(/^The signature of SUMS has expired on \d{4}-\d\d-\d\d$/)
  })

  it('from before an expired time is good at that time', async () => {
    const { file, key } = await signed({ madeAgo: 10 * DAY, keyLife: 5 * DAY })
    await verifySignature(file, key, new Date(Date.now() - 6000 * DAY))
  })

  it('is good by a key that was prolonged after it was made', async () => {
    const { privateKey } = await generateKey({
      userIDs: { name: 'x' },
      date: new Date(Date.now() - 9000 * DAY),
      keyExpirationTime: 5 * DAY,
      format: 'object'
    })
    const made = { message: await createMessage({ binary: sums }), detached: true as const }
    const signature = await sign({
      ...made,
      signingKeys: privateKey,
      date: new Date(Date.now() - 8000 * DAY),
      format: 'binary'
    })
    const file = { name: 'SUMS', sums, signature }
    const { publicKey } = await reformatKey({
      privateKey,
      userIDs: { name: 'x' },
      format: 'object'
    })
    await verifySignature(file, { armoured: publicKey.armor(), owner: 'mine' })
    const first = { armoured: privateKey.toPublic().armor(), owner: 'mine' }
    expect((await failureOf(verifySignature(file, first))).message).toContain('mine has expired on')
    await verifySignature(file, { ...first, armoured: first.armoured + publicKey.armor() })
  })

  it('that HashiCorp published is good by its key, though a later subkey signs now', async () => {
    const signature = PUBLISHED_SIGNATURE
    const published = { name: 'SUMS', sums: Buffer.from(PUBLISHED_SUMS), signature }
    await verifySignature(published, hashicorpKey, new Date('2026-11-22'))
    const changed = Buffer.from(PUBLISHED_SUMS.replace('fea4', 'fea5'))
    const failure = await failureOf(
      verifySignature({ ...published, sums: changed }, hashicorpKey, new Date('2026-11-22'))
    )
    expect(failure.message).toBe('The signature of SUMS does not match it')
    const late = await failureOf(verifySignature(published, hashicorpKey, new Date('2030-03-02')))
    expect(late.message).toBe("HashiCorp's key has expired on 2030-03-01")
  })

  it('that is none is refused', async () => {
    const { key } = await signed()
    for (const text of ['<html>not found</html>', '', '-----BEGIN PGP SIGNATURE-----\n\nAAAA\n']) {
      const signature = Buffer.from(text)
      const failure = await failureOf(verifySignature({ name: 'SUMS', sums, signature }, key))
      expect(failure.code).toBe('VERIFICATION_FAILED')
    }
  })

  it('cannot be checked by a text that is no key', async () => {
    const { file, key } = await signed()
    const armoured = key.armoured.replace(/[A-Za-z]{20}/, 'A'.repeat(20))
    const failure = await failureOf(verifySignature(file, { ...key, armoured }))
    expect(['OPTIONS_INVALID', 'VERIFICATION_FAILED']).toContain(failure.code)
  })
})
