import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openEngine } from '../../../src/adapters/engine.js'
import { commandEngine } from '../../../src/adapters/engine-command.js'
import { exec } from '../../../src/adapters/exec.js'
import { ChainError } from '../../../src/errors.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const id = (letter: string) => `sha256:${letter.repeat(64)}`

/**
 * A stand-in docker: `images.json` beside it is what the daemon holds; `down` beside it is a daemon
 * that does not answer. It writes down its words, and the environment variable MARK.
 */
const DOCKER = `
const { appendFileSync, existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const args = process.argv.slice(2)
appendFileSync(join(__dirname, 'calls'), JSON.stringify(args) + '\\n')
appendFileSync(join(__dirname, 'marks'), String(process.env.MARK) + '\\n')
const fail = text => { process.stderr.write(text + '\\n'); process.exitCode = 1 }
const images = JSON.parse(readFileSync(join(__dirname, 'images.json')))
const holds = (image, name) => image.Id === name || (image.RepoTags ?? []).includes(name)
if (existsSync(join(__dirname, 'down'))) fail('Cannot connect to the Docker daemon at tcp://x. Is the docker daemon running?')
else if (args[0] === 'image' && args[1] === 'ls') for (const image of images) console.log(image.Id)
else if (args[0] === 'image' && args[1] === 'inspect') {
  const names = args.slice(2).filter(name => name !== '--')
  const found = names.flatMap(name => images.filter(image => holds(image, name)).slice(0, 1))
  console.log(JSON.stringify(found, null, 4))
  for (const name of names) if (!images.some(image => holds(image, name))) fail('Error: No such image: ' + name)
} else if (args[0] === 'image' && args[1] === 'tag') {
  if (!images.some(image => holds(image, args[2]))) fail('Error response from daemon: No such image: ' + args[2])
} else if (args[0] === 'image' && args[1] === 'rm') {
  if (args.at(-1) === 'used:1') fail('Error response from daemon: conflict: unable to remove repository reference "used:1"')
  else if (!images.some(image => holds(image, args.at(-1)))) fail('Error: No such image: ' + args.at(-1))
} else if (args[0] === 'ps') process.stdout.write(args.at(-1).endsWith('=none') ? '' : 'c1\\nc2\\n')
else if (args[0] === 'version') console.log(existsSync(join(__dirname, 'experimental')))
else if (args[0] === 'info') process.stdout.write(readFileSync(join(__dirname, 'driver')))
else if (args[0] === 'pull' && args.at(-1) === 'gone:1') fail('manifest for gone:1 not found')
`

const row = (letter: string, ...tags: string[]) => ({
  Id: id(letter),
  RepoTags: tags,
  RepoDigests: [],
  Size: 10,
  Created: '2023-11-14T22:13:20Z'
})

function stage(...images: object[]) {
  const folder = temporaryFolder()
  const docker = join(folder, 'docker')
  writeFileSync(docker, `#!${process.execPath}\n${DOCKER}`)
  chmodSync(docker, 0o755)
  writeFileSync(join(folder, 'images.json'), JSON.stringify(images))
  const env = { PATH: `${folder}:${process.env.PATH}`, MARK: 'builders environment' }
  const calls = (): string[][] =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
  const goDown = () => writeFileSync(join(folder, 'down'), '')
  return { folder, env, calls, goDown, engine: commandEngine(exec, env) }
}

async function failureOf(call: Promise<unknown>): Promise<ChainError> {
  const error = await call.catch((thrown: unknown) => thrown)
  if (error instanceof ChainError) return error
  throw new Error(`found ${String(error)}, expected a ChainError`)
}

describe('the docker command', () => {
  it('lists all images with one call more than their ids need', async () => {
    const { engine, calls } = stage(row('a', 'acme/app:1', 'debian:12'), row('b'))
    expect(await engine.images()).toEqual([
      {
        id: id('a'),
        tags: ['docker.io/acme/app:1', 'docker.io/library/debian:12'],
        digests: [],
        bytes: 10,
        created: 1_700_000_000
      },
      expect.objectContaining({ id: id('b'), tags: [] })
    ])
    expect(calls()).toHaveLength(2)
  })

  it('lists an image once that has several tags', async () => {
    const { engine } = stage(row('a', 'x:1'), row('a', 'x:1'))
    expect(await engine.images()).toHaveLength(1)
  })

  it('lists a daemon without images', async () => {
    const { engine, calls } = stage()
    expect(await engine.images()).toEqual([])
    expect(calls()).toHaveLength(1)
  })

  it('asks for many images in batches that a command line can hold', async () => {
    const many = Array.from({ length: 450 }, (_, at) => ({ ...row('a'), Id: `sha256:${at}` }))
    const { engine, calls } = stage(...many)
    expect((await engine.images()).map(image => image.id)).toEqual(many.map(image => image.Id))
    expect(
      calls()
        .map(args => args.length)
        .sort()
    ).toEqual([202, 202, 4, 52])
  })

  it('inspects one image, and knows a missing one from a daemon that is gone', async () => {
    const { engine, goDown } = stage(row('a', 'acme/app:1'))
    expect(await engine.inspect('acme/app:1')).toMatchObject({ id: id('a') })
    expect(await engine.inspect('acme/none:1')).toBeUndefined()
    goDown()
    expect((await failureOf(engine.inspect('acme/app:1'))).code).toBe('ENGINE_UNAVAILABLE')
  })

  it('takes no reference for an option', async () => {
    const { engine, calls } = stage()
    await engine.inspect('--format')
    expect(calls()).toEqual([['image', 'inspect', '--', '--format']])
  })

  it('looks closer at an image: its platform and its labels', async () => {
    const more = { Os: 'linux', Architecture: 'amd64', Config: { Labels: { a: 'b' } } }
    const { engine } = stage({ ...row('a', 'acme/app:1'), ...more })
    const found = { id: id('a'), platform: 'linux/amd64', labels: { a: 'b' } }
    expect(await engine.details('acme/app:1')).toEqual(found)
    expect(await engine.details('acme/none:1')).toBeUndefined()
  })

  it('drops a reference, and minds neither one that is gone nor one in use', async () => {
    const { engine, calls, goDown } = stage(row('a', 'acme/app:1'))
    for (const reference of ['acme/app:1', 'acme/none:1', 'used:1']) await engine.drop(reference)
    expect(calls()[0]).toEqual(['image', 'rm', '--', 'acme/app:1'])
    goDown()
    expect((await failureOf(engine.drop('acme/app:1'))).code).toBe('ENGINE_UNAVAILABLE')
  })

  it('reads the instructions for children', async () => {
    const { engine } = stage({ ...row('a'), Config: { OnBuild: ['RUN true'] } }, row('b'))
    expect(await engine.triggers(id('a'))).toEqual(['RUN true'])
    expect(await engine.triggers(id('b'))).toEqual([])
  })

  it('tags an image, or tells why not', async () => {
    const { engine, calls } = stage(row('a'))
    await engine.tag(id('a'), 'acme/app:1')
    expect(calls()).toEqual([['image', 'tag', id('a'), 'acme/app:1']])
    expect((await failureOf(engine.tag(id('b'), 'x:1'))).code).toBe('IMAGE_NOT_FOUND')
  })

  it('pulls quietly, and gives the words of a refusal', async () => {
    const { engine, calls } = stage()
    expect(await engine.pull('debian:12')).toBeUndefined()
    expect(await engine.pull('gone:1')).toBe('manifest for gone:1 not found')
    expect(calls()[0]).toEqual(['pull', '--quiet', '--', 'debian:12'])
  })

  it('tells the platforms of those images that are there', async () => {
    const { engine, calls } = stage(
      { ...row('a'), Os: 'linux', Architecture: 'arm64' },
      { ...row('b', 'x:1'), Os: 'linux', Architecture: 'amd64' }
    )
    expect([...(await engine.platforms([id('a'), id('c'), 'x:1']))]).toEqual([
      [id('a'), 'linux/arm64']
    ])
    expect(await engine.platforms([])).toEqual(new Map())
    expect(calls()).toHaveLength(1)
  })

  it('does not take a daemon that is gone for one without the images', async () => {
    const { engine, goDown } = stage(row('a'))
    goDown()
    expect((await failureOf(engine.platforms([id('a')]))).code).toBe('ENGINE_UNAVAILABLE')
  })

  it.each([
    ['[["driver-type","io.containerd.snapshotter.v1"]]', 'containerd'],
    ['[["Backing Filesystem","extfs"]]', 'graph'],
    ['null', 'graph']
  ])('knows how the daemon stores images: %s', async (text, storage) => {
    const { engine, folder } = stage()
    writeFileSync(join(folder, 'driver'), text)
    expect(await engine.storage()).toBe(storage)
  })

  it('does not guess how a daemon stores images that does not answer', async () => {
    const { engine, goDown } = stage()
    goDown()
    expect((await failureOf(engine.storage())).code).toBe('ENGINE_UNAVAILABLE')
  })

  it('knows whether the daemon can squash', async () => {
    const { engine, folder } = stage()
    expect(await engine.canSquash()).toBe(false)
    writeFileSync(join(folder, 'experimental'), '')
    expect(await engine.canSquash()).toBe(true)
  })

  it('removes the containers of a label with their volumes', async () => {
    const { engine, calls } = stage()
    expect(await engine.removeContainers('run=1')).toEqual(['c1', 'c2'])
    expect(calls()).toEqual([
      ['ps', '--all', '--quiet', '--no-trunc', '--filter', 'label=run=1'],
      ['rm', '--force', '--volumes', 'c1', 'c2']
    ])
  })

  it('removes none of those that are excepted', async () => {
    const { engine, calls } = stage()
    expect(await engine.removeContainers('run=1', new Set(['c1', 'c2']))).toEqual([])
    expect(await engine.removeContainers('run=1', new Set(['c1']))).toEqual(['c2'])
    expect(calls().at(-1)).toEqual(['rm', '--force', '--volumes', 'c2'])
  })

  it('removes nothing where no container has the label', async () => {
    const { engine, calls } = stage()
    expect(await engine.removeContainers('run=none')).toEqual([])
    expect(calls()).toHaveLength(1)
  })

  it('runs in the environment of builders', async () => {
    const { engine, folder } = stage()
    await engine.images()
    expect(readFileSync(join(folder, 'marks'), 'utf8')).toBe('builders environment\n')
  })
})

describe('a daemon that does not answer', () => {
  it('is ENGINE_UNAVAILABLE with what docker said', async () => {
    const { engine, goDown } = stage(row('a'))
    goDown()
    const calls = [
      () => engine.images(),
      () => engine.tag(id('a'), 'x:1'),
      () => engine.removeContainers('a=b')
    ]
    for (const call of calls) {
      const error = await failureOf(call())
      expect(error.code).toBe('ENGINE_UNAVAILABLE')
      expect(error.message).toContain('Cannot connect to the Docker daemon at tcp://x')
    }
  })

  it('is TOOL_MISSING where there is no docker', async () => {
    const engine = commandEngine(exec, { PATH: temporaryFolder() })
    const error = await failureOf(engine.images())
    expect(error.code).toBe('TOOL_MISSING')
    expect(error.message).toBe('docker is not on PATH')
  })
})

describe('openEngine', () => {
  it('asks the docker command where the daemon is not behind a Unix socket', async () => {
    const { env, calls } = stage(row('a', 'acme/app:1'))
    const engine = await openEngine(exec, { ...env, DOCKER_HOST: 'tcp://127.0.0.1:1' })
    expect(await engine.images()).toHaveLength(1)
    expect(calls()[0]?.[0]).toBe('image')
  })

  it('asks the socket where there is one', async () => {
    const socket = join(temporaryFolder(), 'none.sock')
    const engine = await openEngine(exec, { DOCKER_HOST: `unix://${socket}`, PATH: '' })
    expect((await failureOf(engine.images())).message).toContain(socket)
  })

  it('pulls by the docker command, which has the credentials, in both cases', async () => {
    const { env, calls } = stage()
    const engine = await openEngine(exec, { ...env, DOCKER_HOST: 'unix:///none.sock' })
    expect(await engine.pull('debian:12')).toBeUndefined()
    expect(calls()).toEqual([['pull', '--quiet', '--', 'debian:12']])
  })
})
