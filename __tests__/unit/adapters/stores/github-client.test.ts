import { describe, expect, it, vi } from 'vitest'
import type { CacheCall } from '../../../../src/adapters/stores/github-call.js'
import { githubClient } from '../../../../src/adapters/stores/github-client.js'

const { signal } = new AbortController()

/** A client that says these lines and gives these answers. */
function clientThat(answers: readonly unknown[], ...lines: readonly string[]) {
  const asked: CacheCall[] = []
  const github = githubClient(async call => {
    asked.push(call)
    return { values: answers, output: lines.join('\n') }
  }, '/folder')
  return { asked, github }
}

const NOTHING = [undefined]
const UNKEPT = [-1]

const SKIPPED = "the effective cache-mode 'read' does not permit"

describe('GitHub’s cache', () => {
  it('is asked for the newest entry under prefixes', async () => {
    const { github, asked } = clientThat(['a-1', 'a-1'])
    expect(await github.fetch(['a-b-', 'a-'], signal)).toEqual({ key: 'a-1', came: true })
    expect(asked).toEqual([
      { name: 'fetch', folder: '/folder', key: 'a-b-newest', prefixes: ['a-b-', 'a-'] }
    ])
  })

  it('is told from one that has nothing when it fails', async () => {
    const empty = clientThat(NOTHING, '::debug::Cache not found')
    expect(await empty.github.fetch(['a'], signal)).toBeUndefined()
    const failing = clientThat(NOTHING, '::warning::Failed to restore: out of order%0Asee: x')
    await expect(failing.github.fetch(['a'], signal)).rejects.toThrow(/^out of order$/)
  })

  it('that may not be read has nothing', async () => {
    const denied = clientThat(
      NOTHING,
      '::warning::Failed to restore: x: cache read denied: no scope'
    )
    expect(await denied.github.fetch(['a'], signal)).toBeUndefined()
    const skipped = clientThat(NOTHING, `Cache restore skipped: ${SKIPPED} reads.`)
    expect(await skipped.github.fetch(['a'], signal)).toBeUndefined()
  })

  it.each([
    ['is gone', ['a', undefined], '', false],
    ['fails', ['a', undefined], '::error::Failed to restore: Bad Gateway', 'Bad Gateway'],
    ['ends its client', ['a'], 'before\nEACCES: permission denied', 'EACCES: permission denied'],
    ['ends its client without a word', ['a'], '', 'its client came to no end']
  ])('tells of an entry that %s after it was found', async (_, answers, line, came) => {
    const { github } = clientThat(answers, line)
    expect(await github.fetch(['a'], signal)).toEqual({ key: 'a', came })
  })

  it.each([
    ['::warning::Failed to save: Unable to reserve. More details: cache write denied: fork'],
    [`Cache save skipped: ${SKIPPED} writes.`],
    ['::debug::Failed to reserve cache: Error: Response was not ok\nFailed to save: Unable'],
    ['::debug::Failed to reserve cache: Error: Failed request: (409) Conflict: already exists'],
    ['::debug::Failed to reserve cache: Error: Failed request: (403) Forbidden']
  ])('that takes nothing is no failure: %s', async line => {
    expect(await clientThat(UNKEPT, line).github.upload('a', signal)).toBeTypeOf('string')
  })

  it.each([
    ['::debug::Failed to reserve cache: Error: Failed to make request', 'Failed to make request'],
    ['::warning::Failed to save: EPIPE', 'EPIPE'],
    ['::warning::another run is finalizing', 'another run is finalizing'],
    ['', 'does not say why']
  ])('that fails is a failure: %s', async (line, problem) => {
    await expect(clientThat(UNKEPT, line).github.upload('a', signal)).rejects.toThrow(problem)
  })

  it('is not waited for as long as an entry takes until one is found', async () => {
    vi.useFakeTimers()
    const endless = (end: AbortSignal) =>
      new Promise<never>((_, reject) => end.addEventListener('abort', () => reject(end.reason)))
    const silent = githubClient((_, end) => endless(end), '/folder')
    const asked = expect(silent.fetch(['a'], signal)).rejects.toThrow('within 45 s')
    await vi.advanceTimersByTimeAsync(45_000)
    await asked
    const over = new AbortController()
    const slow = githubClient((_, end, onAnswer) => {
      onAnswer?.()
      return endless(end)
    }, '/folder')
    const fetched = expect(slow.fetch(['a'], over.signal)).rejects.toThrow('over')
    await vi.advanceTimersByTimeAsync(100_000)
    over.abort(new Error('over'))
    await fetched
    vi.useRealTimers()
  })

  it('takes an entry', async () => {
    expect(await clientThat([7]).github.upload('a', signal)).toBeUndefined()
  })
})
