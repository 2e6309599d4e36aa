import { describe, expect, it } from 'vitest'
import { openSecretHash } from '../../../src/chain/secret-hash.js'
import { processorTime } from '../../fixtures/processor-time.js'

const hashesOf = (values: readonly string[]) => values.map(openSecretHash())

const secrets = Array.from({ length: 200 }, (_, at) => `secret ${at}`)

describe("the hash of an image's secrets", () => {
  it('is the same in each run, and of each secret another', () => {
    const hashes = hashesOf(secrets)
    expect(hashesOf(secrets)).toEqual(hashes)
    expect(new Set(hashes).size).toBe(secrets.length)
  })

  it('is that of a secret alone for the first of them, whatever else there is', () => {
    expect(hashesOf(secrets).slice(0, 8)).toEqual(
      secrets.slice(0, 8).map(each => openSecretHash()(each))
    )
  })

  it('cannot be made of a later secret by who does not know the first', () => {
    const others = hashesOf(['another', ...secrets.slice(1)])
    const hashes = hashesOf(secrets)
    expect(others.slice(1, 8)).toEqual(hashes.slice(1, 8))
    expect(others.slice(8).filter((hash, at) => hash === hashes[at + 8])).toEqual([])
  })

  it('takes hardly longer for many than for the first of them', () => {
    // Once each, since the slow ones are kept.
    const timeOf = (values: readonly string[]) => processorTime(() => hashesOf(values), 1)
    const fresh = (count: number, name: string) =>
      Array.from({ length: count }, (_, at) => `${name} ${at}`)
    const few = timeOf(fresh(8, 'few'))
    expect(timeOf(fresh(300, 'many'))).toBeLessThan(6 * few)
  })
})
