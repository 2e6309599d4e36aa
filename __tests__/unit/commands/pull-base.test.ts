import { describe, expect, it } from 'vitest'
import { type PullRequest, pullBase } from '../../../src/commands/pull-base.js'

/** A daemon that answers one pull after another so; `stall` lasts until it is ended. */
function pulling(answers: readonly (string | undefined)[], overrides: Partial<PullRequest> = {}) {
  const pulls: string[] = []
  const notes: string[] = []
  const pull = (name: string, signal?: AbortSignal) => {
    const answer = answers[pulls.push(name) - 1]
    if (answer !== 'stall') return Promise.resolve(answer)
    return new Promise<string>(done => signal?.addEventListener('abort', () => done('ended')))
  }
  const note = (message: string) => void notes.push(message)
  const request = { engine: { pull }, note, signal: new AbortController().signal, ...overrides }
  return { pulls, notes, why: () => pullBase('base:1', request) }
}

describe('the pull of a base', () => {
  it('that a registry stalls ends when its time is over', async () => {
    const { why } = pulling(['stall'], { timeoutMinutes: 0.001 })
    expect(await why()).toBe('it took longer than 0.001 minutes')
  })

  it('is tried again where the failure is known to pass, and as often as that is allowed', async () => {
    const reset = 'read: connection reset by peer'
    const made = pulling([reset, undefined], { retries: 1 })
    expect(await made.why()).toBeUndefined()
    expect(made.notes).toEqual(['attempt 1 to pull base:1 failed: a network connection was reset'])
    const never = pulling([reset, undefined], { retries: 0 })
    expect(await never.why()).toBe(reset)
    expect(never.pulls).toHaveLength(1)
  })

  it('is not tried again where it would fail again', async () => {
    const { why, pulls } = pulling(['manifest unknown', undefined], { retries: 3 })
    expect(await why()).toBe('manifest unknown')
    expect(pulls).toHaveLength(1)
  })
})
