import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChainError } from '../../../src/errors.js'
import type { Exit } from '../../../src/ports.js'
import { type BuildContext, buildImage } from '../../../src/run/build-image.js'
import {
  aBuildSite,
  type Behaviour,
  EventLog,
  engineImage,
  gate,
  MemoryEngine,
  memoryLogs,
  memorySite,
  type StreamCall,
  scriptedExec
} from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const GOOD: Exit = { status: 0 }
const TRANSIENT = 'net/http: TLS handshake timeout\n'

interface Stage {
  readonly context: BuildContext
  readonly exec: ReturnType<typeof scriptedExec>
  readonly engine: MemoryEngine
  readonly logs: ReturnType<typeof memoryLogs>
  readonly log: EventLog
  readonly interrupt: AbortController
}

/** A machine whose daemon holds acme/app:1 and whose builder behaves as the test says. */
function stage(behaviour: Behaviour, overrides: Partial<BuildContext> = {}): Stage {
  const exec = scriptedExec(behaviour)
  const engine = new MemoryEngine(engineImage('sha256:aa', 'acme/app:1'))
  const logs = memoryLogs()
  const log = new EventLog()
  const interrupt = new AbortController()
  const context: BuildContext = {
    exec,
    engine,
    logs,
    emit: log.emit,
    site: aBuildSite(),
    signal: interrupt.signal,
    retries: 2,
    timeoutMinutes: undefined,
    record: async () => undefined,
    ...overrides
  }
  return { context, exec, engine, logs, log, interrupt }
}

const app = anImage({ tags: ['acme/app:1'] })
const planned = aPlannedImage({ image: app })

const print = ({ options }: StreamCall, text: string) => options.onOutput(Buffer.from(text))

/** Ends as a builder does that heeds SIGTERM. */
const untilAborted = ({ options: { signal } }: StreamCall) =>
  new Promise<Exit>(resolve => {
    const end = () => resolve({ status: 143 })
    if (signal?.aborted) end()
    signal?.addEventListener('abort', end)
  })

/** What a builder does in its first, second … attempt; the last again and again. */
const inTurn =
  (...behaviours: Behaviour[]): Behaviour =>
  call => {
    const next = behaviours.length > 1 ? behaviours.shift() : behaviours[0]
    return next?.(call) ?? GOOD
  }

const failing =
  (text: string, status = 1): Behaviour =>
  async call => {
    await print(call, text)
    return { status }
  }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('an image that builds', () => {
  it('is told with what the daemon holds', async () => {
    const { context } = stage(() => GOOD)
    expect(await buildImage(planned, context)).toMatchObject({
      image: app,
      status: 'built',
      reason: 'not built before',
      tags: ['acme/app:1'],
      imageId: 'sha256:aa',
      digest: null,
      bytes: 42,
      seconds: 0,
      logFile: '/logs/1.log'
    })
  })

  it('is built by the planned command, in its folder, with the builders environment', async () => {
    const { context, exec } = stage(() => GOOD)
    await buildImage(planned, context)
    expect(exec.calls[0]?.command).toEqual(planned.command)
    expect(exec.calls[0]?.options.env).toEqual({ PATH: '/bin', BUILDX_BUILDER: 'default' })
  })

  it('has its command and all of its output in its log, and in events, in order', async () => {
    const { context, logs, log } = stage(async call => {
      await print(call, 'Step 1')
      await print(call, '/2\nStep 2/2\n')
      return GOOD
    })
    await buildImage(planned, context)
    const text =
      '$ docker build -f /project/Dockerfile.app -t acme/app:1 /project\nStep 1/2\nStep 2/2\n'
    expect(logs.opened.map(each => [each.name, each.text])).toEqual([['acme/app:1', text]])
    const output = log.of('image-output').map(({ chunk }) => chunk.toString())
    expect(output.join('')).toBe(text)
    expect(log.events[0]).toEqual({ type: 'image-started', image: app, logFile: '/logs/1.log' })
  })

  it('has written to its log before it tells of it, since the log is what is shown later', async () => {
    const seen: boolean[] = []
    const logs = memoryLogs()
    const { context } = stage(async call => {
      await print(call, 'word')
      return GOOD
    })
    await buildImage(planned, {
      ...context,
      logs,
      emit: event => {
        if (event.type === 'image-output') {
          seen.push(logs.opened[0]?.text.endsWith(event.chunk.toString()) ?? false)
        }
      }
    })
    expect(seen).toEqual([true, true])
  })

  it('takes the seconds of its attempt', async () => {
    const { context } = stage(async () => {
      await vi.advanceTimersByTimeAsync(2_500)
      return GOOD
    })
    expect((await buildImage(planned, context)).seconds).toBeCloseTo(2.5)
  })

  it('with Packer is called for machines, shown to people, and has the tags that Packer told', async () => {
    const base = anImage({ builder: 'packer', tags: [], name: 'base' })
    const { context, exec, engine, logs } = stage(async call => {
      engine.add(engineImage('sha256:bb', 'acme/base:1', 'acme/base:2'))
      await print(
        call,
        '1,,ui,say,==> docker: Exporting%!(PACKER_COMMA) done\n1,docker,artifact,0,string,'
      )
      await print(call, 'Imported Docker image: acme/base:2 with tags acme/base:1 acme/base:2')
      return GOOD
    })
    const result = await buildImage(aPlannedImage({ image: base }), context)
    expect(exec.calls[0]?.command).toMatchObject({
      tool: '/tools/packer',
      args: ['build', '-machine-readable', base.file]
    })
    expect(exec.calls[0]?.options.env.PATH).toBe('/shim/bin:/bin')
    expect(logs.opened[0]?.text).toBe(`$ packer build ${base.file}\n==> docker: Exporting, done\n`)
    expect(result).toMatchObject({ status: 'built', tags: ['acme/base:1', 'acme/base:2'] })
  })

  it('closes its log', async () => {
    const { context, logs } = stage(() => GOOD)
    await buildImage(planned, context)
    expect(logs.opened[0]?.closed).toBe(true)
  })
})

describe('an image that fails', () => {
  it('is told with its command, its exit status and its last lines', async () => {
    const { context } = stage(failing('one\ntwo\n', 3))
    expect(await buildImage(planned, context)).toMatchObject({
      status: 'failed',
      tags: [],
      imageId: null,
      logFile: '/logs/1.log',
      failure: {
        message: 'ended with exit status 3',
        command: planned.command,
        exitStatus: 3,
        lastLines: expect.arrayContaining(['one', 'two'])
      }
    })
  })

  it('is one of the mounts where our docker has refused what its lines tell', async () => {
    const behaviour: Behaviour = async call => {
      await print(call, 'docker: cannot mount /a at /b: why\n')
      return { status: 1 }
    }
    const heard: string[] = []
    const { context } = stage(behaviour, {
      hasRefused: lines => {
        heard.push(...lines)
        return true
      }
    })
    const { failure } = await buildImage(planned, context)
    expect(heard).toContain('docker: cannot mount /a at /b: why')
    expect(failure).toMatchObject({
      code: 'MOUNT_UNREACHABLE',
      exitStatus: 1,
      advice: [expect.stringContaining('docs/action.md#job-containers')]
    })
    const other = await buildImage(planned, stage(behaviour, { hasRefused: () => false }).context)
    expect(other.failure?.code).toBeUndefined()
  })

  it('has at most twenty last lines', async () => {
    const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`)
    const { context } = stage(failing(`${lines.join('\n')}\n`))
    const { failure } = await buildImage(planned, context)
    expect(failure?.lastLines).toEqual(lines.slice(-20))
  })

  it('has the end of its output, although the builder left a line open', async () => {
    const base = anImage({ builder: 'packer', tags: ['acme/app:1'] })
    const { context } = stage(failing('1,,ui,error,no such script'))
    const { failure } = await buildImage(aPlannedImage({ image: base }), context)
    expect(failure?.lastLines.at(-1)).toBe('no such script')
  })

  it('is one whose builder ended well and left no image on the daemon', async () => {
    const image = anImage({ tags: ['acme/none:1'] })
    const { context } = stage(() => GOOD)
    const { status, failure } = await buildImage(aPlannedImage({ image }), context)
    expect(status).toBe('failed')
    expect(failure?.message).toContain('acme/none:1 is not on the daemon')
  })

  it('closes its log, whatever the builder or the machine does', async () => {
    const { context, logs } = stage(() => {
      throw new Error('a bug')
    })
    await buildImage(planned, context).catch(() => {})
    expect(logs.opened[0]?.closed).toBe(true)
  })

  it('is one whose builder cannot be started, so that what was built before is told', async () => {
    const { context } = stage(() => {
      throw new ChainError('FILE_MISSING', 'found no such folder', {
        where: { file: '/project' },
        hint: 'Make it.'
      })
    })
    const { status, failure } = await buildImage(planned, context)
    expect(status).toBe('failed')
    expect(failure?.message).toContain('found no such folder')
  })

  it('is one whose daemon went away meanwhile, so that what was built before is told', async () => {
    const { context, engine } = stage(() => GOOD)
    engine.inspect = async () => {
      throw new ChainError('ENGINE_UNAVAILABLE', 'the Docker daemon does not answer', {
        hint: 'Start it.'
      })
    }
    const { status, failure } = await buildImage(planned, context)
    expect(status).toBe('failed')
    expect(failure?.message).toContain('the Docker daemon does not answer')
  })
})

describe('the place of a failure', () => {
  const place = { file: '/project/Dockerfile', position: { line: 3, column: 1 } }

  it('is told where it can be found in the end of the output', async () => {
    const asked: (readonly string[])[] = []
    const locate: BuildContext['locate'] = async (_, output) => {
      asked.push(output)
      return place
    }
    const lines = Array.from({ length: 50 }, (_, at) => `line ${at}`)
    const { context } = stage(failing(`${lines.join('\n')}\n`), { locate })
    expect((await buildImage(planned, context)).failure?.where).toEqual(place)
    expect(asked).toEqual([expect.arrayContaining(lines)])
  })

  it('is not asked for where the builder did not fail', async () => {
    const locate = vi.fn(async () => place)
    await buildImage(planned, stage(() => GOOD, { locate }).context)
    const { context, interrupt } = stage(untilAborted, { locate })
    const result = buildImage(planned, context)
    interrupt.abort()
    await result
    expect(locate).not.toHaveBeenCalled()
  })
})

describe('the attempts at an image', () => {
  it('are told with when they began and how long they took', async () => {
    const later = (seconds: number, end: Behaviour): Behaviour => {
      return async call => {
        await new Promise(resolve => setTimeout(resolve, seconds * 1000))
        return end(call)
      }
    }
    const { context } = stage(
      inTurn(
        later(2, failing(TRANSIENT)),
        later(3, () => GOOD)
      )
    )
    const result = buildImage(planned, context)
    await vi.runAllTimersAsync()
    const [first, second] = (await result).attempts ?? []
    expect([first?.seconds, second?.seconds]).toEqual([2, 3])
    const pause = (second?.startedAt ?? 0) - (first?.startedAt ?? 0) - 2
    expect(pause).toBeGreaterThan(0.4)
    expect(pause).toBeLessThan(1.1)
  })
})

describe('a transient failure', () => {
  it('is tried again after a while, and a warning says so', async () => {
    const { context, exec, log, logs } = stage(inTurn(failing(TRANSIENT), () => GOOD))
    const result = buildImage(planned, context)
    await vi.runAllTimersAsync()
    expect((await result).status).toBe('built')
    expect(exec.calls).toHaveLength(2)
    const message = expect.stringMatching(
      /^dockerfile__acme\/app:1: attempt 1 failed: .*TLS handshake; again in \d\.\d s$/
    )
    expect(log.of('warning').map(({ warning }) => warning.message)).toEqual([message])
    expect(logs.opened).toHaveLength(1)
    expect(logs.opened[0]?.text.match(/\$ docker build/g)).toHaveLength(2)
  })

  it('waits before the next attempt', async () => {
    const { context, exec } = stage(inTurn(failing(TRANSIENT), () => GOOD))
    const result = buildImage(planned, context)
    await vi.advanceTimersByTimeAsync(499)
    expect(exec.calls).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(501)
    expect(exec.calls).toHaveLength(2)
    await result
  })

  it('is a failure after so many further attempts', async () => {
    const { context, exec } = stage(failing(TRANSIENT), { retries: 2 })
    const result = buildImage(planned, context)
    await vi.runAllTimersAsync()
    expect((await result).status).toBe('failed')
    expect(exec.calls).toHaveLength(3)
  })

  it.each([0, 1, 4])('is tried %i times more where the image says so', async retries => {
    const { context, exec } = stage(failing(TRANSIENT), { retries: 2 })
    const image = anImage({ tags: ['acme/app:1'], retries })
    const result = buildImage(aPlannedImage({ image }), context)
    await vi.runAllTimersAsync()
    await result
    expect(exec.calls).toHaveLength(retries + 1)
  })

  it('is not what any other failure is, which is told at once', async () => {
    const { context, exec } = stage(failing('E: Unable to locate package\n'))
    await buildImage(planned, context)
    expect(exec.calls).toHaveLength(1)
  })

  it('of an earlier attempt makes no other failure transient', async () => {
    const { context, exec } = stage(inTurn(failing(TRANSIENT), failing('a real mistake\n')))
    const result = buildImage(planned, context)
    await vi.runAllTimersAsync()
    const { failure } = await result
    expect(exec.calls).toHaveLength(2)
    expect(failure?.lastLines.join('\n')).not.toContain('TLS')
  })
})

describe('an interrupt', () => {
  it('ends the builder and is told as such, with no further attempt', async () => {
    const { context, exec, interrupt } = stage(async call => {
      await print(call, TRANSIENT)
      interrupt.abort()
      return untilAborted(call)
    })
    const result = await buildImage(planned, context)
    expect(result).toMatchObject({ status: 'failed', failure: { message: 'interrupted' } })
    expect(exec.calls).toHaveLength(1)
  })

  it('between two attempts ends the waiting, and starts no other builder', async () => {
    const { context, exec, interrupt, log } = stage(inTurn(failing(TRANSIENT), untilAborted))
    const result = buildImage(planned, context)
    await log.until(events => events.some(({ type }) => type === 'warning'))
    interrupt.abort()
    expect((await result).failure?.message).toBe('interrupted')
    expect(exec.calls).toHaveLength(1)
  })
})

describe('a time limit', () => {
  it('ends an attempt that takes longer, and says so', async () => {
    const { context } = stage(untilAborted, { timeoutMinutes: 5, retries: 0 })
    const result = buildImage(planned, context)
    await vi.advanceTimersByTimeAsync(5 * 60_000 - 1)
    expect(vi.getTimerCount()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect((await result).failure?.message).toBe('took longer than 5 minutes')
  })

  it("is the image's own where it has one", async () => {
    const image = anImage({ tags: ['acme/app:1'], timeoutMinutes: 0.5 })
    const { context } = stage(untilAborted, { timeoutMinutes: 5, retries: 0 })
    const result = buildImage(aPlannedImage({ image }), context)
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await result).failure?.message).toBe('took longer than 0.5 minutes')
  })

  it('leaves no timer behind', async () => {
    const { context } = stage(() => GOOD, { timeoutMinutes: 5 })
    await buildImage(planned, context)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('may be longer than a timer can be', async () => {
    const end = gate<Exit>()
    const { context } = stage(call => Promise.race([untilAborted(call), end.promise]), {
      timeoutMinutes: 40 * 24 * 60
    })
    const result = buildImage(planned, context)
    await vi.advanceTimersByTimeAsync(60_000)
    end.open(GOOD)
    expect((await result).status).toBe('built')
  })
})

describe('an image whose build went well', () => {
  it('lets another take its place while it is recorded', async () => {
    const order: string[] = []
    const record = async () => void order.push('recorded')
    const { context } = stage(() => GOOD, { record })
    await buildImage(planned, context, () => order.push('free'))
    expect(order).toEqual(['free', 'recorded'])
  })

  it('keeps its place where it did not', async () => {
    const { context } = stage(failing('no such file'))
    await buildImage(planned, context, () => expect.unreachable())
  })
})

describe('a build that cannot be recorded', () => {
  it('is built, and its reason says why it will be built again', async () => {
    const { context } = stage(() => GOOD, {
      record: async () => ({ why: 'a.txt changed meanwhile' })
    })
    expect(await buildImage(planned, context)).toMatchObject({
      status: 'built',
      reason: 'not built before; not recorded: a.txt changed meanwhile'
    })
  })

  it('is told by a warning where its base is another by now, and is not to be pushed', async () => {
    const base = 'dockerfile__acme/base:1'
    const record = async () => ({ why: `base ${base} moved while it was built`, foreignBase: base })
    const { context, log } = stage(() => GOOD, { record })
    expect(await buildImage(planned, context)).toMatchObject({ status: 'built', foreignBase: base })
    expect(log.of('warning').map(({ warning }) => warning.message)).toEqual([
      `dockerfile__acme/app:1: base ${base} moved while it was built by another process, so it may stand on another image and is not pushed; build it again`
    ])
  })

  it('is built, too, where recording it fails', async () => {
    const record = async () => {
      throw new ChainError('FILE_UNREADABLE', 'cannot be read: EACCES', { hint: 'Mend it.' })
    }
    expect(await buildImage(planned, stage(() => GOOD, { record }).context)).toMatchObject({
      status: 'built',
      reason: expect.stringContaining('not recorded: cannot be read: EACCES')
    })
  })

  it('is only what ended well', async () => {
    const recorded: string[] = []
    const record = async ({ image }: typeof planned) => {
      recorded.push(image.id)
      return undefined
    }
    await buildImage(planned, stage(failing('x'), { record }).context)
    expect(recorded).toEqual([])
    await buildImage(planned, stage(() => GOOD, { record }).context)
    expect(recorded).toEqual([app.id])
  })
})

describe('the id that a builder writes', () => {
  it('tells what it made, where the tag was given to another image since', async () => {
    const write = ({ command }: StreamCall) => {
      writeFileSync(command.args[command.args.indexOf('--iidfile') + 1] ?? '', 'sha256:made')
      return GOOD
    }
    const { openIdFile } = memorySite()
    const { context, engine } = stage(write, { openIdFile })
    engine.add(engineImage('sha256:made'))
    expect(await buildImage(planned, context)).toMatchObject({ imageId: 'sha256:made' })
  })

  it('fails the image where there is none and its tag is of an earlier build', async () => {
    const { openIdFile } = memorySite()
    const { context } = stage(() => GOOD, { openIdFile })
    expect(await buildImage(planned, context)).toMatchObject({
      status: 'failed',
      failure: { code: 'IMAGE_NOT_FOUND', message: expect.stringContaining('is from before') }
    })
  })

  it('is not asked of Packer, which tells it in its output', async () => {
    const { openIdFile } = memorySite()
    const { context, exec } = stage(() => GOOD, { openIdFile })
    const image = anImage({ builder: 'packer', tags: ['acme/app:1'] })
    await buildImage(aPlannedImage({ image }), context)
    expect(exec.calls.flatMap(({ command }) => command.args)).not.toContain('--iidfile')
  })
})
