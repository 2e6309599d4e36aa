import { describe, expect, it } from 'vitest'
import { alternate } from '../../../script/bench.d/alternate.js'

/** Sides that write down who was measured, and give the number of the call. */
function sides() {
  const calls: string[] = []
  const side = (name: string) => () => Promise.resolve(calls.push(name))
  return { calls, sides: { a: side('a'), b: side('b'), c: side('c') } }
}

describe('sides', () => {
  it('are measured in turns, every other round in reverse', async () => {
    const { calls, sides: of } = sides()
    const measured = await alternate(of, { count: 2, warmUp: false })
    expect(calls.join('')).toBe('abccba')
    expect(measured).toEqual({ a: [1, 6], b: [2, 5], c: [3, 4] })
  })

  it('are warmed up by a round that does not count', async () => {
    const { calls, sides: of } = sides()
    const measured = await alternate(of, { count: 1, warmUp: true })
    expect(calls.join('')).toBe('abcabc')
    expect(measured).toEqual({ a: [4], b: [5], c: [6] })
  })
})
