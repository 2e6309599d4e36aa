import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { pause } from '../../../src/run/pause.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('pause', () => {
  it('lasts so many milliseconds', async () => {
    const over = vi.fn()
    const paused = pause(1_000, new AbortController().signal).then(over)
    await vi.advanceTimersByTimeAsync(999)
    expect(over).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    await paused
  })

  it('ends with the signal', async () => {
    const { signal, abort } = controller()
    const paused = pause(1_000, signal)
    abort()
    await paused
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not begin after the signal', async () => {
    await pause(1_000, AbortSignal.abort())
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no listener behind', async () => {
    const { signal } = controller()
    const paused = pause(1, signal)
    await vi.advanceTimersByTimeAsync(1)
    await paused
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })
})

function controller() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}
