import type { SealedRecord } from '../../../../src/adapters/stores/sealed-records.js'
import { fingerprintOf } from '../../../../src/chain/fingerprint.js'
import type { ImageRecord } from '../../../../src/chain/record.js'

/** An image's id made of one digit. */
export const anId = (digit: string) => `sha256:${digit.repeat(64)}`

/** A sound record; its fingerprint follows from its parts. */
export function aRecord(overrides: Partial<ImageRecord> = {}): ImageRecord {
  const parts = overrides.parts ?? { platform: 'linux/amd64', files: 'f' }
  return {
    image: 'dockerfile__app:1',
    fingerprint: fingerprintOf(new Map(Object.entries(parts))),
    imageId: anId('a'),
    tags: ['app:1'],
    parents: { base: anId('b') },
    parts,
    triggers: {},
    builtAt: 1_700_000_000.5,
    seconds: 2,
    ...overrides
  }
}

/** The same as it is sealed. */
export function aSealed(overrides: Partial<ImageRecord> = {}): SealedRecord {
  return { record: aRecord(overrides), platform: 'linux/amd64' }
}
