import { describe, expect, it, vi } from 'vitest'
import type { Plan, PlannedImage } from '../../../src/chain/plan.js'
import { ChainError } from '../../../src/errors.js'
import type { Exit } from '../../../src/ports.js'
import type { BuildContext } from '../../../src/run/build-image.js'
import type { ImageResult } from '../../../src/run/events.js'
import { type RunOptions, runPlan } from '../../../src/run/run-plan.js'
import {
  aBuildSite,
  EventLog,
  engineImage,
  type Gate,
  gate,
  MemoryEngine,
  memoryLogs,
  scriptedExec
} from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const tagOf = (name: string) => `acme/${name}:1`
const idOf = (name: string) => `dockerfile__${tagOf(name)}`

const planned = (name: string, overrides: Partial<PlannedImage> = {}): PlannedImage =>
  aPlannedImage({ image: anImage({ tags: [tagOf(name)] }), ...overrides })

const on = (...names: string[]) => ({ dependsOn: names.map(idOf) })

/** Lets a run go on until it waits for its builds: what builds an image is loaded with the first. */
const heard = async () => {
  await import('../../../src/run/build-image.js')
  for (let turn = 0; turn < 20; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

/** A run whose builds end when the test says so, by the name of the image. */
class Run {
  readonly log = new EventLog()
  readonly plan: Plan
  readonly engine: MemoryEngine
  readonly finished: Promise<readonly ImageResult[]>
  readonly interrupt = new AbortController()
  readonly #gates = new Map<string, Gate<Exit>>()

  constructor(
    images: readonly PlannedImage[],
    options: Partial<RunOptions> = {},
    tag?: MemoryEngine['tag'],
    more: Partial<BuildContext> = {}
  ) {
    this.plan = { manifests: ['docker/IMAGES.json'], images, warnings: [] }
    const daemon = images.map(({ image }) => engineImage(`sha256:${image.name}`, ...image.tags))
    this.engine = new MemoryEngine(...daemon)
    if (tag) this.engine.tag = tag
    this.finished = runPlan(
      this.plan,
      { maxParallel: 4, failFast: true, ...options },
      {
        exec: scriptedExec(({ command }) => {
          const image = images.find(each => each.command.args.join() === command.args.join())
          const end = gate<Exit>()
          this.#gates.set(image?.image.name ?? '', end)
          return end.promise
        }),
        engine: this.engine,
        logs: memoryLogs(),
        emit: this.log.emit,
        site: aBuildSite(),
        signal: this.interrupt.signal,
        retries: 0,
        timeoutMinutes: undefined,
        record: async () => undefined,
        ...more
      }
    )
  }

  get running(): string[] {
    return [...this.#gates.keys()]
  }

  async end(name: string, status = 0): Promise<void> {
    await heard()
    const end = this.#gates.get(name)
    if (!end) throw new Error(`${name} is not being built`)
    this.#gates.delete(name)
    end.open({ status })
    await heard()
  }

  async crash(name: string, error: unknown): Promise<void> {
    await heard()
    this.#gates.get(name)?.fail(error)
    await heard()
  }
}

const rows = (results: readonly ImageResult[]) =>
  results.map(({ image, status, reason }) => [image.name, status, reason])

describe('a run', () => {
  it('builds side by side what stands on nothing, and then what stands on it', async () => {
    const run = new Run([planned('base'), planned('other'), planned('app', on('base'))])
    await heard()
    expect(run.running).toEqual(['base', 'other'])
    await run.end('base')
    expect(run.running).toEqual(['other', 'app'])
    await run.end('app')
    await run.end('other')
    expect(rows(await run.finished)).toEqual([
      ['base', 'built', 'not built before'],
      ['other', 'built', 'not built before'],
      ['app', 'built', 'not built before']
    ])
  })

  it('builds no more than so many images at a time', async () => {
    const run = new Run([planned('a'), planned('b'), planned('c')], { maxParallel: 1 })
    await heard()
    expect(run.running).toEqual(['a'])
    await run.end('a')
    expect(run.running).toEqual(['b'])
  })

  it('waits for no base that is not part of it', async () => {
    const run = new Run([planned('app', on('base'))])
    await heard()
    expect(run.running).toEqual(['app'])
  })

  it('gives results in the order of the plan, however the builds end', async () => {
    const run = new Run([planned('a'), planned('b')])
    await run.end('b')
    await run.end('a')
    expect((await run.finished).map(({ image }) => image.name)).toEqual(['a', 'b'])
  })

  it('tells its start, each end as it comes, and its end', async () => {
    const run = new Run([planned('a'), planned('b')])
    await run.end('b')
    await run.end('a')
    const results = await run.finished
    const { events } = run.log
    expect(events[0]).toEqual({ type: 'run-started', plan: run.plan })
    expect(events.at(-1)).toEqual({ type: 'run-ended', results })
    expect(run.log.of('image-ended').map(({ result }) => result.image.name)).toEqual(['b', 'a'])
  })

  it('of an empty plan ends at once', async () => {
    expect(await new Run([]).finished).toEqual([])
  })
})

describe('an image with a base that cannot be seen', () => {
  const hidden = { afterAllBefore: true }

  it('waits for all before it in its manifest, and for nothing else', async () => {
    const elsewhere = planned('other', {
      image: anImage({ tags: [tagOf('other')], manifest: 'more/IMAGES.json' })
    })
    const run = new Run([planned('a'), elsewhere, planned('b', hidden), planned('c')])
    await heard()
    expect(run.running).toEqual(['a', 'other', 'c'])
    await run.end('a')
    expect(run.running).toEqual(['other', 'c', 'b'])
  })

  it('is built although one before it failed, since it may not stand on that', async () => {
    const run = new Run([planned('a'), planned('b', hidden)], { failFast: false })
    await run.end('a', 1)
    expect(run.running).toEqual(['b'])
  })
})

describe('a failed image', () => {
  it('blocks what stands on it, told by its id, and keeps the rest from starting', async () => {
    const images = [planned('base'), planned('app', on('base')), planned('web', on('app'))]
    const run = new Run([...images, planned('other')], { maxParallel: 1 })
    await run.end('base', 2)
    expect(rows(await run.finished)).toEqual([
      ['base', 'failed', 'not built before'],
      ['app', 'blocked', `stands on ${idOf('base')}`],
      ['web', 'blocked', `stands on ${idOf('app')}`],
      ['other', 'skipped', 'not started after a failure']
    ])
  })

  it('leaves the rest to be built where the run is not to fail fast', async () => {
    const images = [planned('base'), planned('app', on('base')), planned('other')]
    const run = new Run(images, { maxParallel: 1, failFast: false })
    await run.end('base', 2)
    await run.end('other')
    expect(rows(await run.finished).map(([, status]) => status)).toEqual([
      'failed',
      'blocked',
      'built'
    ])
  })

  it('leaves no tags, ids or logs to an image that never ran', async () => {
    const run = new Run([planned('base'), planned('app', on('base'))])
    await run.end('base', 2)
    expect((await run.finished)[1]).toMatchObject({
      tags: [],
      imageId: null,
      bytes: null,
      seconds: null,
      logFile: null
    })
    expect(run.log.of('image-started')).toHaveLength(1)
    expect(run.log.of('image-ended')).toHaveLength(2)
  })
})

describe('an interrupt', () => {
  it('starts nothing new, and says why', async () => {
    const run = new Run([planned('a'), planned('b')], { maxParallel: 1 })
    await heard()
    run.interrupt.abort()
    await run.end('a', 143)
    expect(rows(await run.finished)).toEqual([
      ['a', 'failed', 'not built before'],
      ['b', 'skipped', 'interrupted']
    ])
  })

  it('tells of every image, whatever a program says that was ended with the run', async () => {
    const run = new Run([planned('a'), planned('b', on('a'))])
    await heard()
    run.interrupt.abort()
    await run.crash('a', new TypeError('what nobody thought of'))
    expect(rows(await run.finished)).toEqual([
      ['a', 'skipped', 'interrupted'],
      ['b', 'skipped', 'interrupted']
    ])
  })
})

describe('an image that is reused', () => {
  const reuse: Partial<PlannedImage> = {
    action: 'reuse',
    reason: 'unchanged',
    imageId: 'sha256:kept',
    reusedTags: [tagOf('base'), 'template/base:1'],
    reusedBytes: 7
  }

  it('is told with all of its tags, and no builder is started', async () => {
    const run = new Run([planned('base', reuse)])
    expect(await run.finished).toMatchObject([
      {
        status: 'reused',
        reason: 'unchanged',
        tags: [tagOf('base'), 'template/base:1'],
        imageId: 'sha256:kept',
        bytes: 7,
        seconds: null,
        logFile: null
      }
    ])
    expect(run.running).toEqual([])
  })

  it('gets the tags that the manifest has added since', async () => {
    const added = ['acme/new:1']
    const there = { ...reuse, imageId: 'sha256:base', addedTags: added }
    const run = new Run([planned('base', there)])
    expect(await run.finished).toMatchObject([{ status: 'reused' }])
    expect((await run.engine.inspect('acme/new:1'))?.id).toBe('sha256:base')
  })

  it('fails where a tag cannot be given, and blocks what stands on it', async () => {
    const gone = { ...reuse, addedTags: ['acme/new:1'] }
    const unavailable = new ChainError('ENGINE_UNAVAILABLE', 'no daemon', { hint: 'Start it.' })
    const run = new Run([planned('base', gone), planned('app', on('base'))], {}, async () => {
      throw unavailable
    })
    expect(await run.finished).toMatchObject([
      { status: 'failed', failure: { message: 'no daemon' } },
      { status: 'blocked' }
    ])
  })

  it('is taken once more where the daemon went away and came back, else fails with the code for it', async () => {
    const there = { ...reuse, imageId: 'sha256:base', addedTags: ['acme/new:1'] }
    let calls = 0
    const away = new ChainError('ENGINE_UNAVAILABLE', 'no daemon', { hint: 'Start it.' })
    const tag = async () => {
      calls += 1
      if (calls === 1) throw away
    }
    const back = new Run([planned('base', there)], {}, tag, { daemon: async () => 'back' })
    expect(await back.finished).toMatchObject([{ status: 'reused' }])
    expect(calls).toBe(2)
    calls = 0
    const trouble = { message: 'no daemon', advice: ['Start it.'] }
    const gone = new Run([planned('base', there)], {}, tag, { daemon: async () => trouble })
    expect(await gone.finished).toMatchObject([
      { status: 'failed', failure: { code: 'ENGINE_UNAVAILABLE', advice: ['Start it.'] } }
    ])
  })

  it('is no failure where its new test cannot be remembered: a warning says so', async () => {
    const tested = { ...reuse, image: anImage({ tags: ['acme/base:1'], test: 'true' }) }
    const again = planned('base', { ...tested, imageId: 'sha256:base', needsTest: true })
    const full = Object.assign(new Error('ENOSPC: no space left'), { syscall: 'write' })
    const recordTest = async () => {
      throw full
    }
    const run = new Run([again], {}, undefined, { recordTest })
    await vi.waitUntil(() => run.running.length > 0)
    await run.end('')
    expect(await run.finished).toMatchObject([{ status: 'reused' }])
    expect(run.log.of('warning').map(({ warning }) => warning.message)).toEqual([
      'dockerfile__acme/base:1: its test is not remembered: ENOSPC: no space left'
    ])
  })

  it('is there at once for what stands on it', async () => {
    const run = new Run([planned('base', reuse), planned('app', on('base'))])
    await heard()
    expect(run.running).toEqual(['app'])
  })
})

describe('an image that another run builds at this time', () => {
  it('is not started any more where something fails while it is waited for', async () => {
    const stops: boolean[] = []
    const claim = async (each: PlannedImage, stopped: AbortSignal) => {
      if (each.image.name === 'slow') {
        await new Promise(resolve => stopped.addEventListener('abort', resolve))
        stops.push(stopped.aborted)
      }
      return { planned: each, release: () => {} }
    }
    const run = new Run([planned('slow'), planned('bad')], {}, undefined, { claim })
    await run.end('bad', 1)
    expect(rows(await run.finished)).toEqual([
      ['slow', 'skipped', 'not started after a failure'],
      ['bad', 'failed', 'not built before']
    ])
    expect([stops, run.running]).toEqual([[true], []])
  })

  it('is waited for where the rest is to go on after a failure', async () => {
    const waiting = gate<void>()
    const claim = async (each: PlannedImage) => {
      if (each.image.name === 'slow') await waiting.promise
      return { planned: each, release: () => {} }
    }
    const options = { failFast: false }
    const run = new Run([planned('slow'), planned('bad')], options, undefined, { claim })
    await run.end('bad', 1)
    waiting.open()
    await run.end('slow')
    expect(rows(await run.finished).map(([, status]) => status)).toEqual(['built', 'failed'])
  })
})
