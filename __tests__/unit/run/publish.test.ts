import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ImageStatus } from '../../../src/run/events.js'
import { unpublishable, withDigests } from '../../../src/run/publish.js'
import { engineImage, gate } from '../../fixtures/fake-ports.js'
import { aResult } from '../../fixtures/image.js'
import { digestOf, type Obstacle } from '../../fixtures/memory-registry.js'
import { CHAIN, idOf, publishStage, statuses, tagOf } from '../../fixtures/publish-stage.js'

/** An obstacle that prints and ends so, for one tag. */
const refusing =
  (name: string, text: string): Obstacle =>
  (tag, { onOutput }) => {
    if (tag !== tagOf(name)) return undefined
    onOutput(Buffer.from(`${text}\n`))
    return { status: 1 }
  }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Lets all time go by until something has ended. */
async function inTime<T>(promise: Promise<T>): Promise<T> {
  let ended = false
  const end = () => {
    ended = true
  }
  promise.then(end, end)
  while (!ended) await vi.advanceTimersByTimeAsync(10_000)
  return promise
}

describe('the images of a run', () => {
  it('are pushed with all of their tags, bases first, and known by what the registry has', async () => {
    const more = { tags: [tagOf('base'), 'reg.example/base:latest'] }
    const { run, registry } = publishStage([{ name: 'base', image: more }, ...CHAIN.slice(1)])
    const pushes = await run()
    expect(registry.calls).toEqual([...more.tags, tagOf('mid'), tagOf('app')])
    expect(statuses(pushes)).toEqual(['pushed', 'pushed', 'pushed'])
    const digest = digestOf(idOf('base'))
    expect(pushes[0]?.pushed).toEqual(more.tags.map(tag => ({ tag, digest, sent: true })))
  })

  it('are left out where their manifest says so, with nothing waiting for them', async () => {
    const { run, registry } = publishStage([
      { name: 'base', image: { push: false } },
      { name: 'app', on: ['base'] }
    ])
    const pushes = await run()
    expect(registry.calls).toEqual([tagOf('app')])
    expect(pushes.map(({ image }) => image.name)).toEqual(['app'])
  })

  it('are left out where they have no tag or no image', async () => {
    const { run, registry } = publishStage([
      { name: 'a', result: { tags: [] } },
      { name: 'b', result: { imageId: null } }
    ])
    expect(await run()).toEqual([])
    expect(registry.calls).toEqual([])
  })

  it('are each pushed as the image that its tag is of, where a template makes several', async () => {
    const tags = [tagOf('a'), 'reg.example/other:1']
    const furtherIds = { 'reg.example/other:1': 'sha256:other' }
    const { run, engine } = publishStage([{ name: 'a', result: { tags, furtherIds } }])
    engine.add(engineImage('sha256:other', 'reg.example/other:1'))
    const [push] = await run()
    expect(push?.pushed.map(({ digest }) => digest)).toEqual([
      digestOf(idOf('a')),
      digestOf('sha256:other')
    ])
  })

  it('may be pushed where each is built or reused, and none where another ended otherwise', () => {
    const with_ = (status: ImageStatus) => [aResult({ status: 'reused' }), aResult({ status })]
    expect(unpublishable(with_('built'))).toBeUndefined()
    expect(unpublishable(with_('reused'))).toBeUndefined()
    for (const status of ['failed', 'blocked', 'skipped'] as const) {
      expect(unpublishable(with_(status))).toBe(`nothing is pushed: corpusops/app:1.0 is ${status}`)
    }
  })

  it('have the digest of their first tag in their results, and none where nothing was pushed', async () => {
    const { run, results } = publishStage([{ name: 'a' }, { name: 'b', image: { push: false } }])
    const digests = withDigests(results, await run()).map(({ digest }) => digest)
    expect(digests).toEqual([digestOf(idOf('a')), null])
  })
})

describe('a run that was pushed before', () => {
  it('sends nothing that the registry has', async () => {
    const { run, registry } = publishStage(CHAIN)
    await run()
    registry.calls.length = 0
    const pushes = await run()
    expect(registry.calls).toEqual([])
    expect(pushes.flatMap(({ pushed }) => pushed)).toEqual(
      CHAIN.map(({ name }) => ({ tag: tagOf(name), digest: digestOf(idOf(name)), sent: false }))
    )
  })

  it('goes on where a push had failed', async () => {
    const { run, registry } = publishStage(CHAIN)
    registry.obstacle = refusing('mid', 'denied: no')
    expect(statuses(await run())).toEqual(['pushed', 'failed', 'blocked'])
    registry.calls.length = 0
    registry.obstacle = () => undefined
    expect(statuses(await run())).toEqual(['pushed', 'pushed', 'pushed'])
    expect(registry.calls).toEqual([tagOf('mid'), tagOf('app')])
  })

  it('moves back a tag that was moved in the registry meanwhile', async () => {
    const { run, registry } = publishStage(CHAIN)
    await run()
    registry.calls.length = 0
    registry.put(tagOf('mid'), 'sha256:of somebody else')
    await run()
    expect(registry.calls).toEqual([tagOf('mid')])
    expect(registry.images.get(tagOf('mid'))?.config).toBe(idOf('mid'))
  })

  it('is known in a containerd store by the digest of its manifest', async () => {
    const { run, registry } = publishStage([{ name: 'a' }])
    registry.images.set(tagOf('a'), { digest: idOf('a'), config: 'sha256:a configuration' })
    await run()
    expect(registry.calls).toEqual([])
  })
})

describe('a push that fails', () => {
  it('is made again where the failure is known to pass', async () => {
    const { run, registry, log, logs } = publishStage([{ name: 'a' }])
    let left = 2
    registry.obstacle = (_, { onOutput }) => {
      left -= 1
      if (left < 0) return undefined
      onOutput(Buffer.from('received unexpected HTTP status: 503 Service Unavailable\n'))
      return { status: 1 }
    }
    expect(statuses(await inTime(run()))).toEqual(['pushed'])
    expect(registry.calls).toHaveLength(3)
    const warnings = log.of('warning').map(({ warning }) => warning.message)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('reg.example/a:1: attempt 1 to push failed: a server failed')
    expect(logs.opened[0]?.text).toContain('$ docker push reg.example/a:1\n')
    expect(logs.opened[0]?.closed).toBe(true)
  })

  it('ends after as many attempts as the image or else the run is worth', async () => {
    const links = [{ name: 'a' }, { name: 'b', image: { retries: 0 } }]
    const { run, registry } = publishStage(links, { failFast: false })
    registry.obstacle = (_, { onOutput }) => {
      onOutput(Buffer.from('dial tcp: connection refused\n'))
      return { status: 1 }
    }
    const [push] = await inTime(run())
    const count = (name: string) => registry.calls.filter(tag => tag === tagOf(name)).length
    expect([count('a'), count('b')]).toEqual([3, 1])
    expect(push?.reason).toBe('ended with exit status 1: dial tcp: connection refused')
  })

  it('for want of a login or a permission is not made again, and says what to look at', async () => {
    const tag = 'ghcr.io/acme/a:1'
    const { run, registry } = publishStage([{ name: 'a', image: { tags: [tag] } }])
    registry.obstacle = (_, { onOutput }) => {
      onOutput(Buffer.from('Preparing\ndenied: permission_denied: write_package\n'))
      return { status: 1 }
    }
    const [push] = await run()
    expect(registry.calls).toHaveLength(1)
    expect(push?.failure).toMatchObject({
      tag,
      message: 'ghcr.io refused it: denied: permission_denied: write_package',
      exitStatus: 1,
      command: { tool: 'docker', args: ['push', tag] }
    })
    expect(push?.failure?.advice?.join('\n')).toMatch(/docker login ghcr\.io[^]*packages: write/)
  })

  it('tells what was pushed before it, and leaves out what stands on it', async () => {
    const more = { id: `dockerfile__${tagOf('base')}`, tags: ['reg.example/base:0', tagOf('base')] }
    const links = [{ name: 'base', image: more }, ...CHAIN.slice(1), { name: 'other' }]
    const { run, registry } = publishStage(links, { failFast: false })
    registry.obstacle = refusing('base', 'tag invalid: it is immutable')
    const pushes = await run()
    expect(statuses(pushes)).toEqual(['failed', 'blocked', 'blocked', 'pushed'])
    expect(pushes[0]?.pushed.map(({ tag }) => tag)).toEqual(['reg.example/base:0'])
    expect(pushes[1]?.reason).toBe(`stands on dockerfile__${tagOf('base')}`)
  })

  it('keeps the rest from starting', async () => {
    const { run, registry } = publishStage([{ name: 'a' }, { name: 'b' }], { maxParallel: 1 })
    registry.obstacle = refusing('a', 'denied')
    const pushes = await run()
    expect(statuses(pushes)).toEqual(['failed', 'skipped'])
    expect(pushes[1]?.reason).toBe('not started after a failure')
  })

  it('for time is told so', async () => {
    const { run, registry } = publishStage([{ name: 'a', image: { timeoutMinutes: 2 } }])
    registry.obstacle = (_, { signal }) =>
      new Promise(resolve => signal?.addEventListener('abort', () => resolve({ status: 143 })))
    const [push] = await inTime(run())
    expect(push?.reason).toBe('took longer than 2 minutes')
  })

  it('for a tag that is another image on the daemon by now sends nothing', async () => {
    const { run, registry, engine } = publishStage([{ name: 'a' }])
    engine.add(engineImage('sha256:new', tagOf('a')))
    const [push] = await run()
    expect(push?.reason).toBe('on the daemon it is another image by now, sha256:new')
    expect(registry.calls).toEqual([])
  })

  it('for what may stand on another image than the chain sends nothing of it', async () => {
    const foreign = { name: 'mid', on: ['base'], result: { foreignBase: 'dockerfile__base' } }
    const links = [{ name: 'base' }, foreign, { name: 'app', on: ['mid'] }]
    const { run, registry } = publishStage(links)
    const pushes = await run()
    expect(statuses(pushes)).toEqual(['pushed', 'failed', 'blocked'])
    expect(pushes[1]?.reason).toBe(
      'its base dockerfile__base was moved by another process while it was built'
    )
    expect(registry.calls).toEqual([tagOf('base')])
  })

  it('for an image that is gone sends nothing', async () => {
    const { run } = publishStage([{ name: 'a', result: { tags: ['reg.example/gone:1'] } }])
    expect((await run())[0]?.reason).toBe('the daemon does not have it any more')
  })
})

describe('a digest', () => {
  it('is not believed before the registry shows it', async () => {
    const { run, registry } = publishStage([{ name: 'a' }])
    let looks = 0
    registry.shows = () => {
      looks += 1
      return looks < 4 ? 'no such manifest' : undefined
    }
    const [push] = await inTime(run())
    expect(looks).toBe(4)
    expect(push?.pushed[0]?.digest).toBe(digestOf(idOf('a')))
  })

  it('of another image in the registry fails the push', async () => {
    const { run, registry } = publishStage([{ name: 'a' }])
    registry.shows = () => ({ digest: digestOf('sha256:x'), config: 'sha256:x' })
    const [push] = await inTime(run())
    expect(push?.status).toBe('failed')
    expect(push?.reason).toContain(`reg.example has another image there: ${digestOf('sha256:x')}`)
  })

  it('that docker told counts where the registry shows it and the daemon still has that image', async () => {
    const { run, registry, engine } = publishStage([{ name: 'a' }])
    const shown = { digest: digestOf(idOf('a')), config: 'sha256:of one platform' }
    registry.shows = () => shown
    expect(statuses(await inTime(run()))).toEqual(['pushed'])
    registry.obstacle = (_, { onOutput }) => {
      engine.add(engineImage('sha256:new', tagOf('a')))
      onOutput(Buffer.from(`1: digest: ${shown.digest} size: 1\n`))
      return { status: 0 }
    }
    expect(statuses(await inTime(run()))).toEqual(['failed'])
  })

  it('that cannot be read back is the word of the daemon, with a warning, or fails the push', async () => {
    const { run, registry, engine, log } = publishStage([{ name: 'a' }])
    let looks = 0
    registry.shows = () => {
      looks += 1
      return 'denied: no reading'
    }
    expect((await inTime(run()))[0]?.reason).toBe(
      'it was pushed, but its digest cannot be read back: denied: no reading'
    )
    expect(looks).toBe(2)
    const digest = digestOf(idOf('a'))
    engine.add({ ...engineImage(idOf('a'), tagOf('a')), digests: [`reg.example/a@${digest}`] })
    const [push] = await inTime(run())
    expect(push?.pushed).toEqual([{ tag: tagOf('a'), digest, sent: true }])
    expect(log.of('warning').at(-1)?.warning.message).toContain('cannot be read back: denied')
  })
})

describe('an interrupt', () => {
  it('ends the push that runs, starts none, and leaves what was pushed told', async () => {
    const { run, registry, interrupt } = publishStage(CHAIN)
    const begun = gate()
    registry.obstacle = (tag, { signal }) => {
      if (tag !== tagOf('mid')) return undefined
      begun.open()
      return new Promise(resolve =>
        signal?.addEventListener('abort', () => resolve({ status: 143 }))
      )
    }
    const running = run()
    await begun.promise
    interrupt.abort()
    const pushes = await running
    expect(pushes.map(({ status, reason }) => [status, reason])).toEqual([
      ['pushed', ''],
      ['failed', 'interrupted'],
      ['blocked', `stands on dockerfile__${tagOf('mid')}`]
    ])
    expect(registry.calls).toEqual([tagOf('base'), tagOf('mid')])
  })

  it('before the first push starts none', async () => {
    const { run, registry, interrupt } = publishStage(CHAIN)
    interrupt.abort()
    const pushes = await run()
    expect(new Set(pushes.map(({ reason }) => reason))).toEqual(new Set(['interrupted']))
    expect(registry.calls).toEqual([])
  })

  it('while the registry is asked sends nothing', async () => {
    const { run, registry, interrupt } = publishStage([{ name: 'a' }])
    registry.shows = () => {
      interrupt.abort()
      return 'interrupted'
    }
    expect((await run())[0]?.reason).toBe('interrupted')
    expect(registry.calls).toEqual([])
  })

  it('in the pause before another attempt ends the push at once', async () => {
    const { run, registry, log, interrupt } = publishStage([{ name: 'a' }])
    registry.obstacle = refusing('a', 'i/o timeout')
    const running = run()
    await log.until(events => events.some(({ type }) => type === 'warning'))
    interrupt.abort()
    expect((await running)[0]?.reason).toBe('interrupted')
    expect(registry.calls).toHaveLength(1)
  })
})

describe('the events of a publication', () => {
  it('tell its begin, each push with its output, and its end', async () => {
    const { run, log } = publishStage([{ name: 'a' }, { name: 'b', image: { push: false } }])
    const pushes = await run()
    const types = log.events.map(({ type }) => type)
    expect(types[0]).toBe('publish-started')
    expect(log.of('publish-started')[0]?.images.map(({ name }) => name)).toEqual(['a'])
    expect(types[1]).toBe('push-started')
    expect(types.slice(-2)).toEqual(['push-ended', 'publish-ended'])
    expect(log.of('publish-ended')[0]?.pushes).toEqual(pushes)
    const text = log.of('push-output').map(({ chunk }) => chunk.toString())
    expect(text.join('')).toMatch(/^\$ docker push reg\.example\/a:1\n1: digest: sha256:/)
  })

  it('show that a long push goes on where docker says nothing', async () => {
    const { run, registry, log } = publishStage([{ name: 'a' }])
    const end = gate<undefined>()
    registry.obstacle = () => end.promise
    const running = run()
    await vi.advanceTimersByTimeAsync(50_000)
    end.open(undefined)
    await running
    const text = log.of('push-output').map(({ chunk }) => chunk.toString())
    expect(text.filter(line => line.includes('on its way'))).toEqual([
      'reg.example/a:1: on its way for 15 s\n',
      'reg.example/a:1: on its way for 30 s\n',
      'reg.example/a:1: on its way for 45 s\n'
    ])
  })
})
