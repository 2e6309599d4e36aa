import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { placeName } from '../../../../src/adapters/stores/registry-shelf.js'
import { openRegistryStore } from '../../../../src/adapters/stores/registry-store.js'
import { normaliseReference } from '../../../../src/manifest/reference.js'
import type { Exit, ImageStorage } from '../../../../src/ports.js'
import { gate, MemoryEngine, scriptedExec } from '../../../fixtures/fake-ports.js'
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
function openMachine(contents: Contents, signal?: AbortSignal) {
  const machine = new RegistryMachine(contents)
  const warnings: string[] = []
  const store = openRegistryStore({
    exec: machine.exec,
    engine: machine,
    env: {},
    repository: 'example.org/cache',
    warn: message => void warnings.push(message),
    signal
  })
  return { machine, store, warnings }
}

const atPlace = `example.org/cache:${place}`

/** As many images as are brought at a time, so that one more is brought after a record has come. */
const before = ['1', '2', '3', '4'].map(digit =>
  aRecord({ image: `dockerfile__${digit}:1`, tags: [`before-${digit}:1`], imageId: anId(digit) })
)

/** What a registry has once a machine has kept these, and the image of `aRecord`. */
async function keptImages(): Promise<Contents> {
  const contents: Contents = new Map()
  const { machine, store } = openMachine(contents)
  const records = [...before, aRecord()]
  for (const { imageId, tags } of records) await machine.tag(imageId, tags[0] ?? '')
  await store.keep(records)
  return contents
}

const pullsOf = ({ exec }: RegistryMachine) =>
  exec.calls.flatMap(({ command: { args } }) => (args[0] === 'pull' ? args.slice(-1) : []))

describe('an image of a registry that has records', () => {
  const wanted = [...before, { image, fingerprint, tags: ['app:1'] }]

  it('is brought while its record is read', async () => {
    const { machine, store } = openMachine(await keptImages())
    const begun: string[] = []
    let go = () => {}
    const both = new Promise<void>(done => {
      go = done
    })
    const { stream } = machine.exec
    machine.exec.stream = async (command, options) => {
      const name = command.args.at(-1) ?? ''
      if (!name.startsWith(atPlace)) return stream(command, options)
      if (begun.push(name) === 2) go()
      await both
      return stream(command, options)
    }
    expect(await store.restore(wanted)).toHaveLength(5)
    expect(begun.sort()).toEqual([atPlace, `${atPlace}.record`])
    const tags = (await machine.images()).flatMap(found => found.tags)
    expect(tags.sort()).toEqual(wanted.map(each => normaliseReference(each.tags[0] ?? '')).sort())
  })

  it('is not brought before its record where no record has come yet', async () => {
    const { machine, store } = openMachine(await keptImages())
    expect(await store.restore(before)).toHaveLength(4)
    expect(
      pullsOf(machine).filter(name => /:[0-9a-f]+$/.test(name) && !name.includes('@'))
    ).toEqual([])
  })

  it('is not brought before its record by a daemon that counts records among its downloads', async () => {
    const { machine, store } = openMachine(new Map())
    machine.storage = async () => 'containerd'
    for (const { imageId, tags } of before) await machine.tag(imageId, tags[0] ?? '')
    await machine.tag(anId('a'), 'app:1')
    await store.keep([...before, aRecord()])
    expect(await store.restore(wanted)).toHaveLength(5)
    expect(pullsOf(machine).filter(name => name.endsWith('-containerd'))).toEqual([])
  })

  it('is brought by its digest where its tag has moved', async () => {
    const contents = await keptImages()
    contents.set(atPlace, { id: anId('e'), labels: {} })
    const { machine, store, warnings } = openMachine(contents)
    expect(await store.restore(wanted)).toHaveLength(5)
    expect(pullsOf(machine)).toContain(atPlace)
    expect((await machine.inspect('app:1'))?.id).toBe(anId('a'))
    expect(await machine.inspect(atPlace)).toBeUndefined()
    expect(warnings).toEqual([])
  })

  it.each([
    ['there is no record of it', undefined, []],
    ['its record is refused', { id: anId('f'), labels: {} }, [expect.stringContaining('refused')]]
  ])('is taken away again where %s', async (_, record, told) => {
    const contents = await keptImages()
    contents.delete(`${atPlace}.record`)
    if (record) contents.set(`${atPlace}.record`, record)
    const { machine, store, warnings } = openMachine(contents)
    expect(await store.restore(wanted)).toHaveLength(4)
    expect(pullsOf(machine)).toContain(atPlace)
    expect((await machine.images()).map(({ id }) => id).sort()).toEqual(
      before.map(({ imageId }) => imageId)
    )
    expect(warnings).toEqual(told)
  })

  /** A machine whose docker does not end for the image of the place by itself; what it does at its end is given. */
  async function openStalling(
    contents: Contents,
    atEnd: (bring: () => Promise<Exit>) => Promise<Exit>
  ) {
    const end = new AbortController()
    const opened = openMachine(contents, end.signal)
    const { stream } = opened.machine.exec
    const begun = gate<void>()
    opened.machine.exec.stream = async (command, options) => {
      if (command.args.at(-1) !== atPlace) return stream(command, options)
      begun.open()
      await once(options.signal as AbortSignal, 'abort')
      return atEnd(() => stream(command, options))
    }
    return { ...opened, begun: begun.promise, end }
  }

  const stopped = async (): Promise<Exit> => {
    throw new Error('stopped')
  }

  it('is taken away where it came when nobody wanted it any more', async () => {
    const contents = await keptImages()
    contents.delete(`${atPlace}.record`)
    const others = gate()
    const { machine, store } = await openStalling(contents, async bring => {
      await others.promise
      for (let turn = 0; turn < 5; turn += 1) await setImmediate()
      return bring()
    })
    const { tag } = machine
    let tagged = 0
    machine.tag = async (imageId, reference) => {
      await tag(imageId, reference)
      tagged += 1
      if (tagged === before.length) others.open()
    }
    expect(await store.restore(wanted)).toHaveLength(4)
    expect(pullsOf(machine)).toContain(atPlace)
    expect((await machine.images()).map(({ id }) => id)).not.toContain(anId('a'))
  })

  it('is not brought any further when the run ends, although it is wanted', async () => {
    let ended = 0
    const opened = await openStalling(await keptImages(), () => {
      ended += 1
      return stopped()
    })
    const { machine, store, begun, end } = opened
    const read = gate()
    const { details } = machine
    machine.details = async reference => {
      const found = await details(reference)
      if (reference === `${atPlace}.record`) read.open()
      return found
    }
    const restored = store.restore(wanted)
    await Promise.all([begun, read.promise])
    for (let turn = 0; turn < 5; turn += 1) await setImmediate()
    end.abort()
    await restored
    expect(ended).toBe(1)
  })

  it('has lost its name in the registry before all others have come', async () => {
    const { machine, store } = openMachine(await keptImages())
    const isDropped = gate()
    const { drop, tag } = machine
    machine.drop = async reference => {
      await drop(reference)
      if (reference === atPlace) isDropped.open()
    }
    machine.tag = async (imageId, reference) => {
      if (reference === 'before-4:1') await isDropped.promise
      await tag(imageId, reference)
    }
    expect(await store.restore(wanted)).toHaveLength(5)
  })

  it('is not waited for where there is no record of it', async () => {
    const contents = await keptImages()
    contents.delete(`${atPlace}.record`)
    const { store } = await openStalling(contents, stopped)
    expect(await store.restore(wanted)).toHaveLength(4)
  })
})

it('what a store reads to keep an image leaves nothing', async () => {
  const contents: Contents = new Map()
  const other = openMachine(contents)
  await other.machine.tag(anId('b'), 'app:1')
  await other.store.keep([aRecord({ imageId: anId('b') })])
  const { machine, store } = openMachine(contents)
  await machine.tag(anId('a'), 'app:1')
  await store.keep([aRecord()])
  expect(await machine.images()).toEqual([
    expect.objectContaining({ id: anId('a'), tags: [normaliseReference('app:1')] })
  ])
})

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
