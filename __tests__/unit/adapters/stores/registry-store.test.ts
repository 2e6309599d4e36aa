import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { placeName } from '../../../../src/adapters/stores/registry-shelf.js'
import { openRegistryStore } from '../../../../src/adapters/stores/registry-store.js'
import type { ImageStorage } from '../../../../src/ports.js'
import { MemoryEngine, scriptedExec } from '../../../fixtures/fake-ports.js'
import { type Contents, RegistryMachine } from '../../../fixtures/registry-machine.js'
import { anId, aRecord } from './a-record.js'

const { image, fingerprint } = aRecord()
const place = placeName({ image, fingerprint })

/** What is pulled for an image where the daemon stores images like this. */
async function pulled(storage: ImageStorage): Promise<readonly string[]> {
  const exec = scriptedExec(async ({ options }) => {
    await options.onOutput(Buffer.from('r/x:1: not found'))
    return { status: 1 }
  })
  const engine = new MemoryEngine()
  engine.storage = async () => storage
  const warnings: string[] = []
  const store = openRegistryStore({
    exec,
    engine,
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
  it('asks once how its daemon stores images', async () => {
    const { machine, store } = openMachine(new Map())
    let asked = 0
    machine.storage = async () => {
      asked += 1
      return 'graph'
    }
    await store.keep([aRecord()])
    expect(await store.restore([{ image, fingerprint, tags: ['app:1'] }])).toEqual([])
    expect(asked).toBe(1)
  })

  it('keeps apart the images of the two kinds of daemons, whose ids differ', async () => {
    expect(await pulled('graph')).toEqual([`example.org/cache:${place}.record`])
    expect(await pulled('containerd')).toEqual([`example.org/cache:${place}-containerd.record`])
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

/** A machine of its own with the store of a registry that others share. */
function openMachine(contents: Contents) {
  const machine = new RegistryMachine(contents)
  const warnings: string[] = []
  const store = openRegistryStore({
    exec: machine.exec,
    engine: machine,
    env: {},
    repository: 'example.org/cache',
    warn: message => void warnings.push(message)
  })
  return { machine, store, warnings }
}

describe('two images of one fingerprint', () => {
  it.each([
    ['differ', 'b'],
    ['are one and the same', 'a']
  ])('both come to every other machine, where they %s', async (_, digit) => {
    const contents: Contents = new Map()
    const records = [
      aRecord({ image: 'dockerfile__one:1', tags: ['one:1'], imageId: anId('a') }),
      aRecord({ image: 'dockerfile__other:1', tags: ['other:1'], imageId: anId(digit) })
    ]
    const { machine: builder, store } = openMachine(contents)
    for (const { imageId, tags } of records) await builder.tag(imageId, tags[0] ?? '')
    await store.keep(records)
    for (let fresh = 0; fresh < 3; fresh += 1) {
      const { machine, store, warnings } = openMachine(contents)
      const restored = await store.restore(records)
      expect(restored).toHaveLength(2)
      expect(restored).toEqual(expect.arrayContaining(records))
      for (const { imageId, tags } of records) {
        expect((await machine.inspect(tags[0] ?? ''))?.id).toBe(imageId)
      }
      machine.images = async () => {
        throw new Error('what was just brought is looked for again')
      }
      await store.keep(restored)
      expect(machine.exec.calls.filter(({ command }) => command.args[0] === 'push')).toEqual([])
      expect(warnings).toEqual([])
    }
  })
})
