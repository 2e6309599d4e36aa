import { describe, expect, it } from 'vitest'
import {
  checkRunner,
  keyDigest,
  keyPrefixes,
  mayNotRead,
  mayNotWrite
} from '../../../../src/adapters/stores/github-keys.js'
import { aSealed } from './a-record.js'

const identity = { project: 'docker/IMAGES.json', platform: 'linux/amd64', images: ['a', 'b'] }

describe('a key in GitHub’s cache', () => {
  it('begins with what the archive is of, the order of images aside', () => {
    const [own, chain] = keyPrefixes(identity, 'graph')
    expect(own).toMatch(/^build-chain-[0-9a-f]{16}-[0-9a-f]{16}-$/)
    expect(own.startsWith(chain)).toBe(true)
    expect(keyPrefixes({ ...identity, images: ['b', 'a'] }, 'graph')).toEqual([own, chain])
  })

  it('shares its beginning with other images of the project, and with nothing else', () => {
    const [own, chain] = keyPrefixes(identity, 'graph')
    const fewer = keyPrefixes({ ...identity, images: ['a'] }, 'graph')
    expect(fewer[1]).toBe(chain)
    expect(fewer[0]).not.toBe(own)
    for (const other of [
      keyPrefixes({ ...identity, platform: 'linux/arm64' }, 'graph'),
      keyPrefixes({ ...identity, project: 'other' }, 'graph'),
      keyPrefixes(identity, 'containerd')
    ]) {
      expect(other[1]).not.toBe(chain)
    }
  })

  it('ends with what the records say', () => {
    expect(keyDigest([aSealed()])).toBe(keyDigest([aSealed()]))
    expect(keyDigest([aSealed({ builtAt: 1 })])).not.toBe(keyDigest([aSealed()]))
  })
})

describe('a step of a workflow', () => {
  it('is known by its environment', () => {
    const runner = { ACTIONS_RESULTS_URL: 'x', ACTIONS_RUNTIME_TOKEN: 'x' }
    checkRunner(runner)
    for (const name of Object.keys(runner)) {
      expect(() => checkRunner({ ...runner, [name]: '' })).toThrow(name)
    }
  })

  it.each([
    [undefined, true, true],
    ['write', true, true],
    [' READ ', true, false],
    ['write-only', false, true],
    ['none', false, false],
    ['one of later runners', true, true]
  ])('whose cache mode is %s may read: %s, and write: %s', (mode, reads, writes) => {
    const runner = { ACTIONS_CACHE_MODE: mode }
    expect([!mayNotRead(runner), !mayNotWrite(runner)]).toEqual([reads, writes])
  })
})
