import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openRegistryStore } from '../../../../src/adapters/stores/registry-store.js'
import { MemoryEngine, scriptedExec } from '../../../fixtures/fake-ports.js'
import { aRecord } from './a-record.js'

const { image, fingerprint } = aRecord()
const hex = fingerprint.slice('sha256:'.length)

/** What is pulled for an image where the daemon says this of itself. */
async function pulled(driverStatus: string): Promise<readonly string[]> {
  const exec = scriptedExec(async ({ command, options }) => {
    const isInfo = command.args[0] === 'info'
    await options.onOutput(Buffer.from(isInfo ? driverStatus : 'r/x:1: not found'))
    return { status: isInfo ? 0 : 1 }
  })
  const warnings: string[] = []
  const store = openRegistryStore({
    exec,
    engine: new MemoryEngine(),
    env: {},
    repository: 'example.org/cache',
    warn: message => void warnings.push(message)
  })
  expect(await store.restore([{ image, fingerprint, tags: ['app:1'] }])).toEqual([])
  expect(warnings).toEqual([])
  return exec.calls.flatMap(({ command }) =>
    command.args[0] === 'pull' ? command.args.slice(-1) : []
  )
}

describe('the registry store', () => {
  it('keeps apart the images of the two kinds of daemons, whose ids differ', async () => {
    expect(await pulled('[["Backing Filesystem","extfs"]]')).toEqual([
      `example.org/cache:${hex}.record`
    ])
    expect(await pulled('[["driver-type","io.containerd.snapshotter.v1"]]')).toEqual([
      `example.org/cache:${hex}-containerd.record`
    ])
  })

  it('is left out where its registry gives no record within a minute', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const exec = scriptedExec(async ({ command, options }) => {
      if (command.args[0] !== 'pull') return { status: 0 }
      return new Promise((_, stop) => {
        options.signal?.addEventListener('abort', () => stop(options.signal?.reason))
      })
    })
    const warnings: string[] = []
    const store = openRegistryStore({
      exec,
      engine: new MemoryEngine(),
      env: {},
      repository: 'example.org/cache',
      warn: message => void warnings.push(message)
    })
    const restored = store.restore([{ image, fingerprint, tags: ['app:1'] }])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await restored).toEqual([])
    expect(warnings).toEqual([
      'reuse: registry is left out for the rest of this run: it did not end within 60 s'
    ])
  })
})
