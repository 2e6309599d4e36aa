import { describe, expect, it } from 'vitest'
import { severalAtOnce } from '../../../../src/adapters/stores/several-at-once.js'
import { gate } from '../../../fixtures/fake-ports.js'

describe('several at once', () => {
  it('are never more than the width, and all are done', async () => {
    let running = 0
    let most = 0
    const done: number[] = []
    await severalAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async item => {
      running += 1
      most = Math.max(most, running)
      await new Promise(resolve => setImmediate(resolve))
      running -= 1
      done.push(item)
    })
    expect(most).toBe(3)
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('start no more after a failure, and are waited for', async () => {
    const started: number[] = []
    const second = gate()
    const all = severalAtOnce([1, 2, 3, 4], 2, async item => {
      started.push(item)
      if (item === 1) throw new Error('the first')
      await second.promise
      throw new Error('the second')
    })
    let ended = false
    all.catch(() => {
      ended = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(ended).toBe(false)
    second.open()
    await expect(all).rejects.toThrow('the first')
    expect(started).toEqual([1, 2])
  })

  it('may be none', async () => {
    await severalAtOnce([], 4, () => Promise.reject(new Error('called')))
  })
})
