import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  pullReference,
  pullText,
  pushReference,
  type TransferPorts
} from '../../../../src/adapters/stores/registry-transfer.js'
import { MemoryEngine } from '../../../fixtures/fake-ports.js'

/** What a text is pulled by, where what comes has these labels; with the references that were taken away. */
function pulled(labels: Readonly<Record<string, string>>) {
  const dropped: string[] = []
  const engine: TransferPorts['engine'] = Object.assign(new MemoryEngine(), {
    details: async () => ({ labels }) as never,
    drop: async (reference: string) => void dropped.push(reference)
  })
  const docker = async () => ({ status: 0, text: '' })
  const ports: TransferPorts = { docker, engine, strays: new Set(), held: [] }
  return { ports, dropped }
}

const signal = new AbortController().signal

it('the first text that was pulled is held, and all others are taken away at once', async () => {
  const text = Buffer.from('a record').toString('base64url')
  const { ports, dropped } = pulled({ 'build-chain.record.0': text })
  for (const tag of ['y', 'z', 'w']) {
    expect(await pullText(ports, `r.example/x:${tag}.record`, signal)).toBe('a record')
  }
  expect(dropped).toEqual(['r.example/x:z.record', 'r.example/x:w.record'])
  expect(ports.held).toEqual(['r.example/x:y.record'])
  expect([...ports.strays]).toEqual([])
})

it('an image in the place of a text stays as long as it may be brought for itself', async () => {
  const { ports, dropped } = pulled({})
  expect(await pullText(ports, 'r.example/x:y.record', signal)).toBe('')
  expect(dropped).toEqual([])
  expect([...ports.strays]).toEqual(['r.example/x:y.record'])
})

describe('a registry', () => {
  /** A docker that answers with these texts in turn, the last of them for ever; empty is success. */
  function answering(...texts: readonly string[]) {
    const calls: (readonly string[])[] = []
    const docker = async (args: readonly string[]) => {
      const text = texts[Math.min(calls.length, texts.length - 1)] ?? ''
      calls.push(args)
      return { status: text === '' ? 0 : 1, text }
    }
    return { calls, ports: { docker, engine: new MemoryEngine() } }
  }

  const FAILS = 'received unexpected HTTP status: 500 Internal Server Error'
  const reference = 'r.example/x:y'

  const kinds: [string, (ports: Pick<TransferPorts, 'docker' | 'engine'>) => Promise<unknown>][] = [
    ['pull', ports => pullReference(ports, reference, signal)],
    ['push', ({ docker }) => pushReference(docker, reference, signal)]
  ]

  /** What comes of a call, without waiting for the pause in it. */
  async function ofCall(call: Promise<unknown>): Promise<unknown> {
    const ended = Promise.allSettled([call])
    await vi.advanceTimersByTimeAsync(1_000)
    const [{ status, ...rest }] = await ended
    if ('reason' in rest) throw rest.reason
    return status
  }

  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it.each(kinds)('that fails for a moment is asked once more: %s', async (_, call) => {
    const { calls, ports } = answering(FAILS, '')
    await ofCall(call(ports))
    expect(calls).toHaveLength(2)
  })

  it.each(kinds)('that goes on failing is not asked for ever: %s', async (_, call) => {
    const { calls, ports } = answering(FAILS)
    await expect(ofCall(call(ports))).rejects.toThrow('500 Internal Server Error')
    expect(calls).toHaveLength(2)
  })

  it.each(kinds)('that refuses is not asked again: %s', async (_, call) => {
    const { calls, ports } = answering('denied: requested access to the resource is denied')
    await expect(ofCall(call(ports))).rejects.toThrow('denied')
    expect(calls).toHaveLength(1)
  })

  it('is not asked again after the signal', async () => {
    const end = new AbortController()
    const { calls, ports } = answering(FAILS)
    const docker: TransferPorts['docker'] = async (args, stop) => {
      stop.throwIfAborted()
      const answer = await ports.docker(args)
      end.abort(new Error('over'))
      return answer
    }
    await expect(ofCall(pushReference(docker, reference, end.signal))).rejects.toThrow('over')
    expect(calls).toHaveLength(1)
  })
})
