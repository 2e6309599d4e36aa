import { expect, it } from 'vitest'
import { pullText, type TransferPorts } from '../../../../src/adapters/stores/registry-transfer.js'
import { MemoryEngine } from '../../../fixtures/fake-ports.js'

/** What a text is pulled by, where what comes has these labels; with the references that were taken away. */
function pulled(labels: Readonly<Record<string, string>>) {
  const dropped: string[] = []
  const engine: TransferPorts['engine'] = Object.assign(new MemoryEngine(), {
    details: async () => ({ labels }) as never,
    drop: async (reference: string) => void dropped.push(reference)
  })
  const docker = async () => ({ status: 0, text: '' })
  const ports: TransferPorts = { docker, engine, strays: [] }
  return { ports, dropped }
}

const signal = new AbortController().signal

it('a text that was pulled is taken away at once', async () => {
  const text = Buffer.from('a record').toString('base64url')
  const { ports, dropped } = pulled({ 'build-chain.record.0': text })
  expect(await pullText(ports, 'r.example/x:y.record', signal)).toBe('a record')
  expect(dropped).toEqual(['r.example/x:y.record'])
  expect(ports.strays).toEqual([])
})

it('an image in the place of a text stays as long as it may be brought for itself', async () => {
  const { ports, dropped } = pulled({})
  expect(await pullText(ports, 'r.example/x:y.record', signal)).toBe('')
  expect(dropped).toEqual([])
  expect(ports.strays).toEqual(['r.example/x:y.record'])
})
