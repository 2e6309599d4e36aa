import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { callSocket } from '../../../src/adapters/docker-socket.js'
import { socketEngine } from '../../../src/adapters/engine-socket.js'
import { ChainError } from '../../../src/errors.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const ID = `sha256:${'a'.repeat(64)}`

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A daemon on a Unix socket that answers as the test says; tells what it was asked. */
async function daemon(answer: Answer) {
  const socket = join(temporaryFolder(), 'docker.sock')
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    answer(request, response)
  })
  await new Promise<void>(resolve => server.listen(socket, resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const engine = socketEngine(socket, async () => undefined)
  return { socket, asked, engine }
}

const json =
  (value: unknown, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

/** Answers by method and path, and 404 as the daemon does to all else. */
const routes =
  (table: Readonly<Record<string, Answer>>): Answer =>
  (request, response) =>
    (table[`${request.method} ${request.url}`] ?? json({ message: 'page not found' }, 404))(
      request,
      response
    )

const row = (overrides: object = {}) => ({
  Id: ID,
  RepoTags: ['acme/app:1', 'debian:12'],
  RepoDigests: ['acme/app@sha256:00'],
  Size: 1234,
  Created: 1_700_000_000,
  Labels: null,
  ...overrides
})

async function failureOf(call: Promise<unknown>): Promise<ChainError> {
  const error = await call.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw new Error(`found ${String(error)}, expected a ChainError`)
}

describe('a closer look at an image', () => {
  const inspected = {
    ...row(),
    Os: 'linux',
    Architecture: 'arm64',
    Config: { Labels: { a: 'b', odd: 1 } }
  }

  it('tells its platform and its labels', async () => {
    const { engine } = await daemon(routes({ 'GET /images/acme%2Fapp%3A1/json': json(inspected) }))
    expect(await engine.details('acme/app:1')).toEqual({
      id: ID,
      platform: 'linux/arm64',
      labels: { a: 'b' }
    })
  })

  it('finds none where there is none, and no labels where there are none', async () => {
    const bare = { ...inspected, Config: null }
    const { engine } = await daemon(routes({ 'GET /images/bare/json': json(bare) }))
    expect((await engine.details('bare'))?.labels).toEqual({})
    expect(await engine.details('none')).toBeUndefined()
  })
})

describe('the platforms of images', () => {
  const idOf = (at: number) => `sha256:${String(at).padStart(64, '0')}`

  it('are those of the images that are there, by their ids', async () => {
    const asked = Array.from({ length: 40 }, (_, at) => idOf(at))
    const { engine } = await daemon((request, response) => {
      const at = Number(/sha256%3A(\d+)/.exec(request.url ?? '')?.[1])
      const image = { ...row({ Id: at === 3 ? idOf(99) : idOf(at) }), Os: 'linux' }
      const isThere = at !== 20
      response.writeHead(isThere ? 200 : 404)
      response.end(JSON.stringify({ ...image, Architecture: at % 2 ? 'arm64' : 'amd64' }))
    })
    const found = await engine.platforms(asked)
    expect([...found.keys()]).toEqual(asked.filter(id => id !== idOf(3) && id !== idOf(20)))
    expect([found.get(idOf(0)), found.get(idOf(39))]).toEqual(['linux/amd64', 'linux/arm64'])
  })

  it('need no question where there are no images', async () => {
    const { engine, asked } = await daemon(json({}))
    expect(await engine.platforms([])).toEqual(new Map())
    expect(asked).toEqual([])
  })
})

describe('how a daemon stores images', () => {
  it.each([
    [[['driver-type', 'io.containerd.snapshotter.v1']], 'containerd'],
    [[['Backing Filesystem', 'extfs']], 'graph'],
    [null, 'graph']
  ])('is told by %j', async (DriverStatus, storage) => {
    const { engine, asked } = await daemon(json({ DriverStatus }))
    expect(await engine.storage()).toBe(storage)
    expect(asked).toEqual(['GET /info'])
  })

  it('is not guessed where it does not answer', async () => {
    const { engine } = await daemon(json({ message: 'broken' }, 500))
    expect((await failureOf(engine.storage())).message).toContain('broken')
  })
})

describe('a reference that is dropped', () => {
  it.each([200, 404, 409])('is gone, was gone, or stays in use: status %i', async status => {
    const route = 'DELETE /images/acme%2Fapp%3A1'
    const { engine, asked } = await daemon(routes({ [route]: json([], status) }))
    await engine.drop('acme/app:1')
    expect(asked).toEqual([route])
  })

  it('is a failure where the daemon fails', async () => {
    const { engine } = await daemon(json({ message: 'broken' }, 500))
    expect((await failureOf(engine.drop('acme/app:1'))).message).toContain('broken')
  })
})

describe('the images of a daemon', () => {
  it('come in one call, with their tags normalised', async () => {
    const { engine, asked } = await daemon(json([row(), row({ Id: 'sha256:bb', RepoTags: null })]))
    expect(await engine.images()).toEqual([
      {
        id: ID,
        tags: ['docker.io/acme/app:1', 'docker.io/library/debian:12'],
        digests: ['acme/app@sha256:00'],
        bytes: 1234,
        created: 1_700_000_000
      },
      expect.objectContaining({ id: 'sha256:bb', tags: [] })
    ])
    expect(asked).toEqual(['GET /images/json'])
  })

  it('have no tags and digests that are only <none>', async () => {
    const { engine } = await daemon(
      json([row({ RepoTags: ['<none>:<none>'], RepoDigests: ['<none>@<none>'] })])
    )
    expect(await engine.images()).toMatchObject([{ tags: [], digests: [] }])
  })

  it('may be none', async () => {
    const { engine } = await daemon(json([]))
    expect(await engine.images()).toEqual([])
  })
})

describe('one image', () => {
  it('is found by its reference, whatever characters are in it', async () => {
    const path = 'GET /images/registry.example%3A5000%2Facme%2Fapp%3A1/json'
    const { engine, asked } = await daemon(
      routes({ [path]: json(row({ Created: '2023-11-14T22:13:20.123456789Z' })) })
    )
    const image = await engine.inspect('registry.example:5000/acme/app:1')
    expect(image).toMatchObject({ id: ID, created: 1_700_000_000 })
    expect(asked).toEqual([path])
  })

  it('that is missing is undefined', async () => {
    const { engine } = await daemon(json({ message: 'No such image: nope:1' }, 404))
    expect(await engine.inspect('nope:1')).toBeUndefined()
  })

  it('carries the instructions for its children', async () => {
    const { engine } = await daemon(json(row({ Config: { OnBuild: ['COPY . /app'] } })))
    expect(await engine.triggers(ID)).toEqual(['COPY . /app'])
  })

  it.each([[{}], [{ Config: null }], [{ Config: { OnBuild: null } }]])(
    'carries none as %j',
    async config => {
      const { engine } = await daemon(json(row(config)))
      expect(await engine.triggers(ID)).toEqual([])
    }
  )
})

describe('a tag', () => {
  it.each([
    ['acme/app:1', 'repo=acme%2Fapp&tag=1'],
    ['acme/app', 'repo=acme%2Fapp&tag=latest'],
    ['registry.example:5000/acme/app', 'repo=registry.example%3A5000%2Facme%2Fapp&tag=latest'],
    ['registry.example:5000/a:2', 'repo=registry.example%3A5000%2Fa&tag=2']
  ])('%s is set on an image by its id', async (reference, query) => {
    const { engine, asked } = await daemon((_, response) => response.writeHead(201).end())
    await engine.tag(ID, reference)
    expect(asked).toEqual([`POST /images/sha256%3A${'a'.repeat(64)}/tag?${query}`])
  })

  it('that is no reference never reaches the daemon', async () => {
    const { engine, asked } = await daemon(json({}))
    const error = await failureOf(engine.tag(ID, 'Not A Reference'))
    expect(error.message).toContain('Not A Reference')
    expect(asked).toEqual([])
  })
})

describe('--squash', () => {
  it.each([
    [true, { ExperimentalBuild: true }],
    [false, { ExperimentalBuild: false }],
    [false, {}]
  ])('can be done (%s) where the daemon says %j', async (canSquash, info) => {
    const { engine, asked } = await daemon(json(info))
    expect(await engine.canSquash()).toBe(canSquash)
    expect(asked).toEqual(['GET /info'])
  })
})

describe('the containers of a run', () => {
  const label = 'run=0123'
  const list = `GET /containers/json?all=true&filters=${encodeURIComponent(`{"label":["${label}"]}`)}`

  it('are found by their label and removed with their volumes, running or not', async () => {
    const { engine, asked } = await daemon(
      routes({
        [list]: json([{ Id: 'c1' }, { Id: 'c2' }]),
        'DELETE /containers/c1?force=true&v=true': (_, response) => response.writeHead(204).end(),
        'DELETE /containers/c2?force=true&v=true': (_, response) => response.writeHead(204).end()
      })
    )
    expect(await engine.removeContainers(label)).toEqual(['c1', 'c2'])
    expect(asked).toHaveLength(3)
  })

  it.each([
    ['gone', json({ message: 'No such container: c1' }, 404)],
    ['being removed', json({ message: 'removal of container c1 is already in progress' }, 409)]
  ])('may be %s already', async (_, answer) => {
    const { engine } = await daemon(
      routes({ [list]: json([{ Id: 'c1' }]), 'DELETE /containers/c1?force=true&v=true': answer })
    )
    expect(await engine.removeContainers(label)).toEqual(['c1'])
  })

  it('stay where they are excepted', async () => {
    const { engine, asked } = await daemon(
      routes({
        [list]: json([{ Id: 'c1' }, { Id: 'c2' }]),
        'DELETE /containers/c2?force=true&v=true': (_, response) => response.writeHead(204).end()
      })
    )
    expect(await engine.removeContainers(label, new Set(['c1']))).toEqual(['c2'])
    expect(asked).toHaveLength(2)
  })

  it('are left alone where there are none', async () => {
    const { engine, asked } = await daemon(json([]))
    expect(await engine.removeContainers(label)).toEqual([])
    expect(asked).toEqual([list])
  })
})

describe('a daemon that cannot do what it is asked', () => {
  it('is told with its own words', async () => {
    const { engine } = await daemon(json({ message: 'layer does not exist' }, 500))
    const error = await failureOf(engine.images())
    expect(error.code).toBe('ENGINE_UNAVAILABLE')
    expect(error.message).toContain('layer does not exist')
    expect(error.hint).toContain('DOCKER_HOST')
  })

  it('is told with the beginning of what it said where that is no JSON', async () => {
    const { engine } = await daemon((_, response) =>
      response.writeHead(503).end(`upstream ${'x'.repeat(10_000)}`)
    )
    const { message } = await failureOf(engine.inspect('a'))
    expect(message).toContain('upstream xxx')
    expect(message.length).toBeLessThan(1_000)
  })

  it('fails for a missing image, too, where that is not what was asked for', async () => {
    const { engine } = await daemon(json({ message: 'No such image' }, 404))
    await expect(engine.tag(ID, 'a:1')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' })
  })
})

describe('a daemon that is gone', () => {
  it('is ENGINE_UNAVAILABLE with the reason, and says what to do', async () => {
    const socket = join(temporaryFolder(), 'none.sock')
    const error = await failureOf(socketEngine(socket, async () => undefined).images())
    expect(error.code).toBe('ENGINE_UNAVAILABLE')
    expect(error.message).toContain('ENOENT')
    expect(error.hint).toContain('Start Docker')
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('is ENGINE_UNAVAILABLE where it goes in the middle of its answer', async () => {
    const { engine } = await daemon((_, response) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('[{"Id":', () => response.destroy())
    })
    expect((await failureOf(engine.images())).code).toBe('ENGINE_UNAVAILABLE')
  })

  it('is ENGINE_UNAVAILABLE where it closes without a word', async () => {
    const { engine } = await daemon((_, response) => response.destroy())
    expect((await failureOf(engine.inspect('a'))).code).toBe('ENGINE_UNAVAILABLE')
  })
})

describe('a call', () => {
  it('that gets no answer fails after its time', async () => {
    const { socket } = await daemon(() => {})
    const call = callSocket(socket, { method: 'GET', path: '/slow', timeout: 20 })
    await expect(call).rejects.toThrow('no answer in 0.02 s')
  })

  it('gives status and body, in whatever pieces they come', async () => {
    const { socket } = await daemon((_, response) => {
      const bytes = Buffer.from('é🐳')
      response.writeHead(418)
      response.write(bytes.subarray(0, 3), () => response.end(bytes.subarray(3)))
    })
    expect(await callSocket(socket, { method: 'GET', path: '/' })).toEqual({
      status: 418,
      body: 'é🐳'
    })
  })
})
