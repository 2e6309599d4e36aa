import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  reasonOf,
  storeCalls,
  waitFor,
  withLimit
} from '../../../../src/adapters/stores/store-calls.js'

const never = () => new Promise<never>(() => {})

function open(timeout?: number, signal?: AbortSignal) {
  const warnings: string[] = []
  const warn = (message: string) => void warnings.push(message)
  return { warnings, calls: storeCalls({ name: 'github', warn, timeout, signal }) }
}

describe('the calls of a store', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('give what the work gives', async () => {
    const { calls, warnings } = open()
    expect(
      await calls.run(
        async () => 1,
        () => 0
      )
    ).toBe(1)
    expect(warnings).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('end with the first failure, of which they warn once', async () => {
    const { calls, warnings } = open()
    let asked = 0
    const work = async () => {
      asked += 1
      throw new Error('no\nthe reason')
    }
    expect(await calls.run(work, () => 0)).toBe(0)
    expect(await calls.run(work, () => 0)).toBe(0)
    expect(asked).toBe(1)
    expect(warnings).toEqual(['reuse: github is left out for the rest of this run: the reason'])
  })

  it('tell the work to stop when the run is interrupted, and begin no other, without a word', async () => {
    const interrupt = new AbortController()
    const { calls, warnings } = open(1_000, interrupt.signal)
    let asked = 0
    const work = (signal: AbortSignal) =>
      new Promise<number>((_, reject) => {
        asked += 1
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const done = calls.run(work, () => 0)
    interrupt.abort()
    expect(await done).toBe(0)
    expect(await calls.run(work, () => 0)).toBe(0)
    expect(asked).toBe(1)
    expect(warnings).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leave work alone that does not stop when the run is interrupted', async () => {
    const interrupt = new AbortController()
    const { calls } = open(600_000, interrupt.signal)
    const done = calls.run(never, () => 0)
    interrupt.abort()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await done).toBe(0)
  })

  it('tell the work to stop when its time is over', async () => {
    const { calls, warnings } = open(1_000)
    const work = (signal: AbortSignal) =>
      new Promise<number>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason))
      )
    const done = calls.run(work, () => 0)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await done).toBe(0)
    expect(warnings).toEqual([expect.stringContaining('it did not end within 1 s')])
  })

  it('do not wait for work that does not stop', async () => {
    const { calls, warnings } = open(1_000)
    const done = calls.run(never, () => 0)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(await done).toBe(0)
    expect(warnings).toHaveLength(1)
  })

  it('have a time limit where none is given', async () => {
    const { calls } = open()
    const done = calls.run(never, () => 0)
    await vi.advanceTimersByTimeAsync(15 * 60_000)
    expect(await done).toBe(0)
  })
})

describe('waiting for what cannot be stopped', () => {
  it('ends with the work or the signal', async () => {
    const end = new AbortController()
    expect(await waitFor(Promise.resolve(1), end.signal)).toBe(1)
    const waiting = waitFor(never(), end.signal)
    end.abort(new Error('over'))
    await expect(waiting).rejects.toThrow('over')
    await expect(waitFor(never(), end.signal)).rejects.toThrow('over')
  })
})

describe('a limit', () => {
  const untilStopped = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      const fail = () => reject(signal.reason)
      signal.addEventListener('abort', fail)
      if (signal.aborted) fail()
    })

  it('ends work when its time is over, or with another signal', async () => {
    expect(await withLimit(1_000, undefined, async () => 1)).toBe(1)
    await expect(withLimit(5, undefined, untilStopped)).rejects.toThrow('within 0.005 s')
    const end = new AbortController()
    const working = withLimit(60_000, end.signal, untilStopped)
    end.abort(new Error('over'))
    await expect(working).rejects.toThrow('over')
    await expect(withLimit(60_000, end.signal, untilStopped)).rejects.toThrow('over')
  })
})

describe('the reason of a failure', () => {
  it('is its last line, without the signature of an address', () => {
    const text = 'pulling\nGet "https://blob.example/x?sig=secret&se=1": EOF\n'
    expect(reasonOf(new Error(text))).toBe('Get "https://blob.example/x": EOF')
    expect(reasonOf('text')).toBe('text')
    expect(reasonOf('x'.repeat(2_000))).toHaveLength(500)
  })

  it('is that of the first address where all of several failed, or at least a name', () => {
    const failures = ['::1', '127.0.0.1'].map(address => new Error(`connect ${address}`))
    expect(reasonOf(new AggregateError(failures))).toBe('connect ::1')
    expect(reasonOf(new AggregateError([]))).toBe('AggregateError')
    expect(reasonOf(new TypeError(''))).toBe('TypeError')
  })
})
