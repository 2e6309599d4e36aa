import { describe, expect, it } from 'vitest'
import type { TemplateBuilder } from '../../../src/builders/template.js'
import type { Output } from '../../../src/ports.js'
import { type TestContext, testImages } from '../../../src/run/test-image.js'
import {
  aBuildSite,
  type Behaviour,
  EventLog,
  MemoryEngine,
  memoryLogs,
  type StreamCall,
  scriptedExec
} from '../../fixtures/fake-ports.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'
import { dockerBuilder, readJson } from '../builders/template-support.js'

const ID = 'c'.repeat(64)

interface Given {
  readonly behaviour?: Behaviour
  readonly builder?: TemplateBuilder
  /** Configs of images by what they are asked by. */
  readonly configs?: Readonly<Record<string, object>>
  readonly timeoutMinutes?: number
  readonly furtherIds?: Readonly<Record<string, string>>
}

/** Runs a test; `ran` has the words of every call of docker that runs something. */
async function run(test: string | readonly string[], given: Given = {}) {
  const ran: StreamCall[] = []
  const behaviour: Behaviour = call => {
    ran.push(call)
    if (call.command.args[0] === 'run') call.options.onOutput(Buffer.from(`${ID}\n`))
    return given.behaviour?.(call) ?? { status: 0 }
  }
  const capture = async (_: string, args: readonly string[]): Promise<Output> => {
    const config = given.configs?.[args.at(-1) ?? '']
    return { status: config ? 0 : 1, stdout: JSON.stringify(config ?? null), stderr: '' }
  }
  const engine = new MemoryEngine()
  const log = new EventLog()
  const logs = memoryLogs()
  const heard: Buffer[] = []
  const interrupt = new AbortController()
  const context: TestContext = {
    exec: { ...scriptedExec(behaviour), capture },
    engine,
    emit: log.emit,
    site: aBuildSite({ env: { HOME: '/home/me' } }),
    signal: interrupt.signal,
    timeoutMinutes: given.timeoutMinutes,
    label: 'run=42',
    templateOf: async () => given.builder
  }
  const planned = aPlannedImage({ image: anImage({ tags: ['acme/app:1'], test }) })
  const tested = {
    planned,
    imageId: 'sha256:made',
    furtherIds: given.furtherIds,
    log: logs.open('app', chunk => void heard.push(Buffer.from(chunk)))
  }
  const failure = await testImages(tested, context)
  const words = ran.map(({ command }) => [command.tool, ...command.args].join(' '))
  const text = logs.opened[0]?.text ?? ''
  return { failure, words, engine, heard: Buffer.concat(heard).toString(), text, interrupt }
}

const builderOf = async (settings: object): Promise<TemplateBuilder> => {
  const { builders } = await readJson({ builders: [dockerBuilder(settings)] })
  return builders[0] as TemplateBuilder
}

describe('the test of an image', () => {
  it('of a Dockerfile runs in place of its entrypoint, a text by its shell, a list as it is', async () => {
    const text = await run('test -e /x')
    expect(text.words[0]).toMatch(
      /^docker run --rm --label \S+ --label run=42 --entrypoint {2}sha256:made \/bin\/sh -c test -e \/x$/
    )
    const list = await run(['ls', '-l'])
    expect(list.words[0]).toMatch(/--entrypoint {2}sha256:made ls -l$/)
    expect([text.failure, list.failure]).toEqual([undefined, undefined])
  })

  it('runs in each image that its template makes, until one fails', async () => {
    const furtherIds = { 'docker.io/acme/two:1': 'sha256:two', 'docker.io/acme/2:1': 'sha256:two' }
    const { words, failure } = await run('is-up', { furtherIds })
    expect(words.map(each => /sha256:\w+/.exec(each)?.[0])).toEqual(['sha256:made', 'sha256:two'])
    expect(failure).toBeUndefined()
    const behaviour: Behaviour = ({ command }) => ({
      status: command.args.includes('sha256:two') ? 5 : 0
    })
    const failed = await run('is-up', { furtherIds, behaviour })
    expect(failed.failure?.message).toBe('its test ended with exit status 5')
  })

  it('runs not at all where there is none', async () => {
    const image = anImage()
    const context = { signal: new AbortController().signal } as TestContext
    const tested = { planned: aPlannedImage({ image }), imageId: null, log: memoryLogs().open('x') }
    expect(await testImages(tested, context)).toBeUndefined()
  })

  it('of a template runs in the container that its run_command starts', async () => {
    const builder = await builderOf({
      run_command: ['-d', '{{.Image}}', '/sbin/init'],
      cap_add: ['X']
    })
    const { words } = await run('is-up', { builder })
    expect(words[0]).toContain('--cap-add X -v /packer-files -d sha256:made /sbin/init')
    expect(words[1]).toContain(`docker exec ${ID} /bin/sh -c case`)
    expect(words[2]).toBe(`docker exec ${ID} /bin/sh -c is-up`)
  })

  it('starts it with the entrypoint and the user of the base, and tests as the user of the image', async () => {
    const builder = await builderOf({ run_command: ['-d', '{{.Image}}', 'init'] })
    const configs = {
      'base:1': { Entrypoint: ['/base'], User: '' },
      'sha256:made': { Entrypoint: ['/app'], User: 'app' }
    }
    const { words } = await run('x', { builder, configs })
    expect(words[0]).toContain('--user root -v')
    expect(words[0]).toContain('-d --entrypoint /base sha256:made init')
    expect(words[2]).toBe(`docker exec --user app ${ID} /bin/sh -c x`)
  })

  it('fails its image with its exit status and its last lines, which are in the log', async () => {
    const { failure, text, heard } = await run('oh', {
      behaviour: ({ options }) => {
        options.onOutput(Buffer.from('oh no\n'))
        return { status: 6 }
      }
    })
    expect(failure).toMatchObject({
      code: 'TEST_FAILED',
      message: 'its test ended with exit status 6',
      exitStatus: 6
    })
    expect(failure?.lastLines.at(-1)).toBe('oh no')
    expect(text).toContain('oh no\n')
    expect(heard).toBe(text)
  })

  it('fails it where the container cannot be started or known', async () => {
    const builder = await builderOf({ run_command: ['-d', '{{.Image}}'] })
    const refused = await run('x', { builder, behaviour: () => ({ status: 125 }) })
    expect(refused.failure?.message).toBe('the container of its test ended with exit status 125')
    const unknown = await builderOf({ run_command: ['{{uuid}}', '{{.Image}}'] })
    expect((await run('x', { builder: unknown })).failure?.message).toContain(
      'uuid changes each time'
    )
  })

  it('fails it when its time is over', async () => {
    const behaviour: Behaviour = ({ options: { signal } }) =>
      new Promise(done => signal?.addEventListener('abort', () => done({ status: 143 })))
    const { failure } = await run('x', { behaviour, timeoutMinutes: 0.0001 })
    expect(failure?.message).toBe('its test took longer than 0.0001 minutes')
  })

  it.each([0, 3])(
    'leaves no container when it ends with %i, by a label of its own',
    async status => {
      const { engine, words } = await run('x', { behaviour: () => ({ status }) })
      expect(engine.removed).toHaveLength(1)
      expect(engine.removed[0]).toMatch(/build-chain\.test=42-[0-9a-f]{16}$/)
      expect(words[0]).toContain(`--label ${engine.removed[0]}`)
    }
  )
})
