import { describe, expect, it } from 'vitest'
import { engineUnavailable, parseEngineImage } from '../../../src/adapters/engine-image.js'

const row = { Id: 'sha256:a', Size: 1, Created: 5 }

describe('a row of the daemon', () => {
  it('may have no tags and digests, or null', () => {
    const bare = { id: 'sha256:a', tags: [], digests: [], bytes: 1, created: 5 }
    expect(parseEngineImage(row)).toEqual(bare)
    expect(parseEngineImage({ ...row, RepoTags: null, RepoDigests: null })).toEqual(bare)
  })

  it('has its date in seconds, whichever way it is written', () => {
    expect(parseEngineImage({ ...row, Created: 1_700_000_000 }).created).toBe(1_700_000_000)
    const Created = '2023-11-14T23:13:20.987654321+01:00'
    expect(parseEngineImage({ ...row, Created }).created).toBe(1_700_000_000)
  })

  it('that is none is refused', () => {
    expect(() => parseEngineImage({ message: 'hello' })).toThrow()
  })
})

describe('the error for a daemon that does not answer', () => {
  it('has what it said, and its cause', () => {
    const cause = new Error('connect ENOENT')
    expect(engineUnavailable(cause)).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: 'the Docker daemon does not answer: connect ENOENT',
      cause
    })
    expect(engineUnavailable('refused\n').message).toMatch(/: refused$/)
  })
})
