import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fits,
  openRecords,
  sealPlatforms,
  sealRecords
} from '../../../../src/adapters/stores/sealed-records.js'
import { anId, aRecord, aSealed } from './a-record.js'

describe('sealed records', () => {
  it('come back as they were', () => {
    const records = [aSealed(), { ...aSealed({ image: 'b' }), digest: anId('d') }]
    expect(openRecords(sealRecords(records))).toEqual(records)
    expect(openRecords(sealRecords([]))).toEqual([])
  })

  it('keep what is known of an image besides: since when its layers are fresh, its test', () => {
    const sealed = aSealed({ freshAt: 1, tested: 'that test', furtherTags: [] })
    expect(openRecords(sealRecords([sealed]))).toEqual([sealed])
  })

  it('leave out a template that made several images, and are not taken for one that did', () => {
    const record = aRecord({ furtherIds: { 'docker.io/acme/other:1': anId('c') } })
    expect(sealPlatforms([record], new Map([[record.imageId, 'linux/amd64']]))).toEqual([])
    const { image, fingerprint, tags } = record
    expect(fits({ record, platform: 'linux/amd64' }, { image, fingerprint, tags })).toBe(false)
  })

  it('with any one character altered are refused, or are the same', () => {
    const records = [aSealed(), aSealed({ image: 'b', tags: ['é:1'] })]
    const text = sealRecords(records)
    const places = fc.nat(text.length - 1)
    fc.assert(
      fc.property(places, fc.string({ minLength: 0, maxLength: 2 }), (at, piece) => {
        const opened = openRecords(text.slice(0, at) + piece + text.slice(at + 1))
        if (typeof opened !== 'string') expect(opened).toEqual(records)
      }),
      { numRuns: 3_000 }
    )
  })

  it.each([
    ['nothing', '', 'cannot be read'],
    ['no object', '[]', 'cannot be read'],
    ['another version', sealRecords([]).replace('"version":1', '"version":2'), 'cannot be read'],
    ['another sum', sealRecords([aSealed()]).replace('app:1', 'app:2'), 'were altered'],
    ['an id that is none', sealRecords([aSealed({ imageId: 'sha256:0' })]), 'not as this version'],
    ['two of one image', sealRecords([aSealed(), aSealed()]), 'two of its records'],
    [
      'a fingerprint of other parts',
      sealRecords([aSealed({ fingerprint: anId('0') })]),
      'not that of its parts'
    ]
  ])('that are %s are refused', (_, text, problem) => {
    expect(openRecords(text)).toContain(problem)
  })

  it('have the platforms of their images, and are in the order of their names', () => {
    const records = [
      aRecord({ image: 'b' }),
      aRecord({ image: 'a', imageId: anId('c') }),
      aRecord({ image: 'none', imageId: anId('d') })
    ]
    const platforms = new Map([
      [anId('a'), 'linux/amd64'],
      [anId('c'), 'linux/arm64']
    ])
    const sealed = sealPlatforms(records, platforms)
    expect(sealed.map(({ record, platform }) => [record.image, platform])).toEqual([
      ['a', 'linux/arm64'],
      ['b', 'linux/amd64']
    ])
  })
})

describe('a record', () => {
  const { image, fingerprint } = aRecord()
  const wanted = { image, fingerprint, tags: ['app:1', 'app:2'] }

  it('fits what is wanted with its tags or more, however they are written', () => {
    expect(fits(aSealed(), wanted)).toBe(true)
    expect(fits(aSealed({ tags: ['docker.io/library/app:1'] }), wanted)).toBe(true)
  })

  it('does not fit another image, another fingerprint or fewer tags', () => {
    expect(fits(aSealed({ image: 'other' }), wanted)).toBe(false)
    expect(fits(aSealed({ fingerprint: anId('0') }), wanted)).toBe(false)
    expect(fits(aSealed({ tags: ['app:1', 'app:3'] }), wanted)).toBe(false)
  })
})
