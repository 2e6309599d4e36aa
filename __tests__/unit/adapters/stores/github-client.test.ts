import { describe, expect, it, vi } from 'vitest'
import type { CacheCall } from '../../../../src/adapters/stores/github-call.js'
import { githubClient } from '../../../../src/adapters/stores/github-client.js'

const { signal } = new AbortController()

/** A client that says these lines and gives an answer. */
function clientThat(answer: { key?: string; id?: number }, ...lines: readonly string[]) {
  const asked: CacheCall[] = []
  const github = githubClient(async call => {
    asked.push(call)
    const value = call.name === 'save' ? (answer.id ?? -1) : answer.key
    return { value, output: lines.join('\n') }
  }, '/folder')
  return { asked, github }
}

const SKIPPED = "the effective cache-mode 'read' does not permit"

describe('GitHub’s cache', () => {
  it('is asked for the newest entry under prefixes, without fetching it', async () => {
    const { github, asked } = clientThat({ key: 'a-1' })
    expect(await github.find(['a-b-', 'a-'], signal)).toBe('a-1')
    expect(asked).toEqual([
      {
        name: 'restore',
        folder: '/folder',
        key: 'a-b-newest',
        prefixes: ['a-b-', 'a-'],
        lookupOnly: true
      }
    ])
  })

  it('is told from one that has nothing when it fails', async () => {
    expect(await clientThat({}, '::debug::Cache not found').github.find(['a'], signal)).toBe(
      undefined
    )
    const failing = clientThat({}, '::warning::Failed to restore: out of order%0Asee: x')
    await expect(failing.github.find(['a'], signal)).rejects.toThrow(/^out of order$/)
    const failed = clientThat({}, '::error::Failed to restore: Bad Gateway')
    await expect(failed.github.download('a', signal)).rejects.toThrow('Bad Gateway')
  })

  it('that may not be read has nothing', async () => {
    const denied = clientThat({}, '::warning::Failed to restore: x: cache read denied: no scope')
    expect(await denied.github.find(['a'], signal)).toBeUndefined()
    const skipped = clientThat({}, `Cache restore skipped: ${SKIPPED} reads.`)
    expect(await skipped.github.find(['a'], signal)).toBeUndefined()
  })

  it('fetches an entry, or says that it is gone', async () => {
    expect(await clientThat({ key: 'a' }).github.download('a', signal)).toBe(true)
    expect(await clientThat({}).github.download('a', signal)).toBe(false)
  })

  it.each([
    ['::warning::Failed to save: Unable to reserve. More details: cache write denied: fork'],
    [`Cache save skipped: ${SKIPPED} writes.`],
    ['::debug::Failed to reserve cache: Error: Response was not ok\nFailed to save: Unable'],
    ['::debug::Failed to reserve cache: Error: Failed request: (409) Conflict: already exists'],
    ['::debug::Failed to reserve cache: Error: Failed request: (403) Forbidden']
  ])('that takes nothing is no failure: %s', async line => {
    expect(await clientThat({}, line).github.upload('a', signal)).toBeTypeOf('string')
  })

  it.each([
    ['::debug::Failed to reserve cache: Error: Failed to make request', 'Failed to make request'],
    ['::warning::Failed to save: EPIPE', 'EPIPE'],
    ['::warning::another run is finalizing', 'another run is finalizing'],
    ['', 'does not say why']
  ])('that fails is a failure: %s', async (line, problem) => {
    await expect(clientThat({}, line).github.upload('a', signal)).rejects.toThrow(problem)
  })

  it('is not waited for as long as an entry takes when it is only asked', async () => {
    vi.useFakeTimers()
    const github = githubClient(
      (_, end) =>
        new Promise((_resolve, reject) => end.addEventListener('abort', () => reject(end.reason))),
      '/folder'
    )
    const asked = expect(github.find(['a'], signal)).rejects.toThrow('within 45 s')
    await vi.advanceTimersByTimeAsync(45_000)
    await asked
    vi.useRealTimers()
  })

  it('takes an entry', async () => {
    expect(await clientThat({ id: 7 }).github.upload('a', signal)).toBeUndefined()
  })
})
