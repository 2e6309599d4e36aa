import { describe, expect, it } from 'vitest'
import { openService, versionOf } from '../../../../src/adapters/stores/github-service.js'
import { type CacheServer, startCacheServer } from '../../../fixtures/cache-server.js'
import { callsAtOnce } from '../../../fixtures/calls-at-once.js'
import { temporaryFolder } from '../../../fixtures/temporary-folder.js'

const start = () => startCacheServer({ workspace: temporaryFolder(), temporary: temporaryFolder() })

const openOf = ({ variables }: CacheServer, packing = 'zstd') =>
  openService(callsAtOnce(), variables, packing)

/** Keeps nothing under a key, as a run before. */
async function keep(cache: CacheServer, key: string, packing = 'zstd') {
  const service = openOf(cache, packing)
  const reserved = await service.reserve(key)
  if (!('url' in reserved)) throw new Error(reserved.unkept)
  const entry = cache.entries.at(-1)
  if (entry) entry.content = Buffer.from(key)
  await service.finish(key, 3)
}

/** Answers each call by a status and words. */
function answerBy(status: number, words: object) {
  return async (cache: CacheServer) => {
    cache.answer = () => ({ status, body: JSON.stringify(words) })
    return openOf(cache)
  }
}

describe('GitHub’s cache', () => {
  it('finds the newest entry under the first prefix that has one', async () => {
    const cache = await start()
    for (const key of ['a-b-1', 'a-c-1', 'a-b-2', 'a-c-2']) await keep(cache, key)
    const found = await openOf(cache).find(['a-b-', 'a-'])
    expect(found?.key).toBe('a-b-2')
    expect(found?.url.pathname).toBe('/blob/2')
    expect((await openOf(cache).find(['a-x-', 'a-']))?.key).toBe('a-c-2')
  })

  it('finds nothing where nothing is, or what others cannot unpack', async () => {
    const cache = await start()
    expect(await openOf(cache).find(['a-'])).toBeUndefined()
    await keep(cache, 'a-1', 'gzip')
    expect(await openOf(cache).find(['a-'])).toBeUndefined()
    expect(versionOf('gzip')).not.toBe(versionOf('zstd'))
  })

  it('finds nothing where the token may not read, or not keep', async () => {
    const denied = { code: 'permission_denied', msg: 'cache read denied: no scopes' }
    const service = await answerBy(403, denied)(await start())
    expect(await service.find(['a-'])).toBeUndefined()
    const writes = { ok: false, message: 'cache write denied: it only reads' }
    for (const status of [200, 403]) {
      const reading = await answerBy(status, writes)(await start())
      expect(await reading.reserve('a-1')).toEqual({ unkept: 'this run may only read it' })
    }
  })

  it('keeps nothing under a key that is taken', async () => {
    const cache = await start()
    await keep(cache, 'a-1')
    expect(await openOf(cache).reserve('a-1')).toEqual({ unkept: 'the key is taken' })
    const taken = { code: 'already_exists', msg: 'cache entry already exists' }
    const service = await answerBy(409, taken)(await start())
    const unkept = 'CreateCacheEntry was answered by 409: cache entry already exists'
    expect(await service.reserve('a-1')).toEqual({ unkept })
  })

  it('is not asked to begin an entry once more, where it may have done so', async () => {
    const cache = await start()
    cache.fault = () => 'reset'
    await expect(openOf(cache).reserve('a-1')).rejects.toThrow()
    expect(cache.calls).toEqual(['CreateCacheEntry'])
  })

  it.each([
    [500, { code: 'internal', msg: 'out of order' }, 'answered 500'],
    [404, { code: 'bad_route', msg: 'no such route' }, 'answered by 404: no such route'],
    [401, {}, 'answered by 401']
  ])('that answers by %i has failed', async (status, words, text) => {
    const service = await answerBy(status, words)(await start())
    await expect(service.find(['a-'])).rejects.toThrow(text)
    await expect(service.reserve('a-1')).rejects.toThrow(text)
    await expect(service.finish('a-1', 1)).rejects.toThrow(text)
  })

  it.each([{}, { signed_download_url: 'file:///etc/passwd' }, { signed_download_url: 7 }])(
    'that gives no address has failed: %o',
    async fields => {
      const answer = { ok: true, matched_key: 'a-1', signed_upload_url: 'x:', ...fields }
      const service = await answerBy(200, answer)(await start())
      await expect(service.find(['a-'])).rejects.toThrow('it gave no address')
      await expect(service.reserve('a-1')).rejects.toThrow('it gave no address')
    }
  )

  it.each(['', 'null', '[]', 'no JSON'])(
    'that answers by no fields finds nothing: %j',
    async body => {
      const cache = await start()
      cache.answer = () => ({ status: 200, body })
      expect(await openOf(cache).find(['a-'])).toBeUndefined()
      await expect(openOf(cache).finish('a-1', 1)).rejects.toThrow('it does not take the entry')
    }
  )

  it('is shown the token of the step, in the header that is for it', async () => {
    const cache = await start()
    const seen: (string | undefined)[] = []
    cache.answer = (_, headers) => {
      seen.push(headers.authorization)
      return undefined
    }
    await openOf(cache).find(['a-'])
    expect(seen).toEqual([`Bearer ${cache.variables.ACTIONS_RUNTIME_TOKEN}`])
  })
})
