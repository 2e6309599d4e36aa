import { describe, expect, it } from 'vitest'
import { endWithContainer } from '../../../src/run/end-with-container.js'

const aborted = (signal: AbortSignal) =>
  new Promise<string>(resolve => signal.addEventListener('abort', () => resolve('signal')))

describe('the end of a container that a docker command has started', () => {
  it('is not touched while no signal comes', async () => {
    const calls: string[] = []
    const remove = async () => calls.push('remove')
    const ended = await endWithContainer(new AbortController().signal, remove, async () => 'done')
    expect(ended).toBe('done')
    expect(calls).toEqual([])
  })

  it('comes by its removal, also where it is made only after the signal', async () => {
    const interrupt = new AbortController()
    let looks = 0
    let end = (_: string) => {}
    const remove = async () => {
      looks += 1
      if (looks === 3) end('removed')
      if (looks === 2) throw new Error('no answer')
    }
    const work = (last: AbortSignal) =>
      Promise.race([aborted(last), new Promise<string>(resolve => (end = resolve))])
    const ended = endWithContainer(interrupt.signal, remove, work)
    interrupt.abort()
    expect(await ended).toBe('removed')
    const seen = looks
    await new Promise(done => setImmediate(done))
    expect(looks).toBe(seen)
  })

  it('comes by a signal where its removal does not do', async () => {
    const never = () => new Promise<void>(() => {})
    expect(await endWithContainer(AbortSignal.abort(), never, aborted)).toBe('signal')
  })
})
