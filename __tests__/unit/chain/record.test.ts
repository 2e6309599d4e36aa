import { describe, expect, it } from 'vitest'
import { type ImageRecord, isImageRecord } from '../../../src/chain/record.js'

const LEAST = {
  image: 'dockerfile__acme/a:1',
  fingerprint: 'sha256:1',
  imageId: 'sha256:2',
  tags: ['acme/a:1'],
  parents: { 'dockerfile__acme/b:1': 'sha256:3' },
  parts: { arguments: 'sha256:4' },
  triggers: { 'sha256:5': ['RUN true'] },
  builtAt: 1,
  seconds: 2
} satisfies ImageRecord

const WHOLE: ImageRecord = {
  ...LEAST,
  furtherTags: ['acme/a:2'],
  furtherIds: { 'docker.io/acme/a:3': 'sha256:6' },
  tested: 'sha256:7',
  freshAt: 1
}

/** For each field, a value that it cannot have. */
const WRONG: Readonly<Record<keyof ImageRecord, unknown>> = {
  image: 1,
  fingerprint: null,
  imageId: ['sha256:2'],
  tags: 'acme/a:1',
  furtherTags: [1],
  furtherIds: { 'docker.io/acme/a:3': 1 },
  parents: [],
  parts: { arguments: undefined },
  triggers: { 'sha256:5': 'RUN true' },
  tested: true,
  builtAt: '1',
  freshAt: '1',
  seconds: null
}

describe('a value is a record', () => {
  it('with all of its fields, and without those that it need not have', () => {
    expect(isImageRecord(WHOLE)).toBe(true)
    expect(isImageRecord(LEAST)).toBe(true)
  })

  it.each(Object.keys(LEAST))('but not without %s', field => {
    expect(isImageRecord({ ...LEAST, [field]: undefined })).toBe(false)
  })

  it.each(Object.entries(WRONG))('but not with another type of %s', (field, value) => {
    expect(isImageRecord({ ...WHOLE, [field]: value })).toBe(false)
  })

  it.each([null, undefined, 'text', 1, [LEAST]])('but not where it is %j', value => {
    expect(isImageRecord(value)).toBe(false)
  })
})
