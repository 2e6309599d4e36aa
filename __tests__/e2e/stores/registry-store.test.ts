import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { placeName } from '../../../src/adapters/stores/registry-shelf.js'
import { openRegistryStore } from '../../../src/adapters/stores/registry-store.js'
import { sha256 } from '../../../src/chain/node-crypto.js'
import type { RegistryCall, RegistryFault } from '../../fixtures/registry.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'
import { describeRemoteStore, describeStore } from './contract.js'
import { docker, env, type MadeImage } from './daemon.js'
import { openRegistryRig, type RegistryRig } from './registry-rig.js'

describeStore('registry', openRegistryRig)
describeRemoteStore('registry', openRegistryRig)

const LIMIT = 2_000

const placeOf = ({ record }: MadeImage) => placeName(record)

async function keptImages(rig: RegistryRig, ...names: readonly string[]) {
  const images = names.map(name => rig.daemon.make(name))
  await rig.open().store.keep(images.map(({ record }) => record))
  rig.leave(...images)
  return images as [MadeImage, MadeImage]
}

async function swapTags(rig: RegistryRig, one: string, other: string): Promise<void> {
  const [first, second] = [
    await rig.registry.manifest(rig.path, one),
    await rig.registry.manifest(rig.path, other)
  ]
  await rig.registry.putManifest(rig.path, one, second)
  await rig.registry.putManifest(rig.path, other, first)
}

describe('a repository', () => {
  it('has an image under its fingerprint and id, and its record beside it', async () => {
    const rig = await openRegistryRig()
    const [image] = await keptImages(rig, 'base')
    const tags = [...(await rig.registry.tags(rig.path))].sort()
    expect(tags).toEqual([placeOf(image), `${placeOf(image)}.record`])
  })

  it('whose records were swapped gives neither image', async () => {
    const rig = await openRegistryRig()
    const [one, other] = await keptImages(rig, 'one', 'other')
    await swapTags(rig, `${placeOf(one)}.record`, `${placeOf(other)}.record`)
    const { store, warnings } = rig.open()
    expect(await store.restore([one.wanted, other.wanted])).toEqual([])
    expect(rig.daemon.tags()).toEqual({})
    expect(warnings).toEqual([expect.stringContaining('its record is of another build')])
  })

  it('whose images were swapped still gives what its records say', async () => {
    const rig = await openRegistryRig()
    const [one, other] = await keptImages(rig, 'one', 'other')
    await swapTags(rig, placeOf(one), placeOf(other))
    const { store, warnings } = rig.open()
    expect(await store.restore([one.wanted, other.wanted])).toHaveLength(2)
    expect(rig.daemon.tags()).toEqual({
      [one.tag]: one.record.imageId,
      [other.tag]: other.record.imageId
    })
    expect(warnings).toEqual([])
  })

  it('gets no record of an image that a run beside this one took the place of', async () => {
    const rig = await openRegistryRig()
    const [own, other] = [rig.daemon.make('own'), rig.daemon.make('other')]
    const { engine } = rig.daemon
    const contested = {
      ...engine,
      tag: async (id: string, tag: string) => {
        await engine.tag(id, tag)
        if (tag.startsWith(rig.repository)) await engine.tag(other.record.imageId, tag)
      }
    }
    const { repository } = rig
    const warn = () => {}
    const store = openRegistryStore({ exec, env, engine: contested, repository, warn })
    await store.keep([own.record])
    expect(await rig.registry.tags(rig.path)).toEqual([placeOf(own)])
    rig.leave(own)
    const { store: next, warnings } = rig.open()
    expect(await next.restore([own.wanted])).toEqual([])
    expect(warnings).toEqual([])
  })

  it('that has a record without its image has nothing, quietly', async () => {
    const rig = await openRegistryRig()
    const [image] = await keptImages(rig, 'base')
    const { text } = await rig.registry.manifest(rig.path, placeOf(image))
    const own = [placeOf(image), `sha256:${sha256(text)}`]
    const isImage = ({ path }: RegistryCall) =>
      own.some(name => path.endsWith(`/manifests/${name}`))
    rig.registry.fault = call => (isImage(call) ? 'gone' : undefined)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    expect(warnings).toEqual([])
  })

  it('that has many images gives all of them, some before their records, and no name of its own', async () => {
    const rig = await openRegistryRig()
    const images = await keptImages(rig, 'a', 'b', 'c', 'd', 'e', 'f', 'g')
    rig.registry.calls.length = 0
    const { store, warnings } = rig.open()
    const restored = await store.restore(images.map(({ wanted }) => wanted))
    expect(restored).toHaveLength(images.length)
    const early = images.filter(image =>
      rig.registry.calls.some(({ path }) => path.endsWith(`/manifests/${placeOf(image)}`))
    )
    expect(early.length).toBeGreaterThan(0)
    expect(rig.daemon.tags()).toEqual(
      Object.fromEntries(images.map(({ tag, record }) => [tag, record.imageId]))
    )
    const names = docker(['image', 'ls', '--digests', '--format', '{{.Repository}} {{.Tag}}'])
    expect(names).not.toContain(rig.repository)
    expect(warnings).toEqual([])
  })

  it('takes records that are long', async () => {
    const rig = await openRegistryRig()
    const image = rig.daemon.make('base')
    const triggers = { 'sha256:0': [`RUN ${'"x" $\\\n'.repeat(6_000)}`] }
    const record = { ...image.record, triggers }
    await rig.open().store.keep([record])
    rig.leave(image)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([record])
    expect(warnings).toEqual([])
  })

  it('brings no image that is to have no tag, since it would go at once', async () => {
    const rig = await openRegistryRig()
    const image = rig.daemon.make('base')
    await rig.open().store.keep([{ ...image.record, tags: [] }])
    rig.leave(image)
    expect(await rig.open().store.restore([{ ...image.wanted, tags: [] }])).toEqual([])
  })

  it.each(['not a reference', 'example.org/x:tag', `example.org/x@sha256:${'0'.repeat(64)}`])(
    'that cannot be one is spoken of once: %s',
    async repository => {
      const rig = await openRegistryRig()
      const image = rig.daemon.make('base')
      rig.repository = repository
      const { store, warnings } = rig.open()
      expect(await store.restore([image.wanted])).toEqual([])
      await store.keep([image.record])
      expect(warnings).toEqual([expect.stringContaining(`reuse-registry \`${repository}\``)])
    }
  )
})

describe('a registry', () => {
  const when =
    (fault: RegistryFault, methods: RegExp) =>
    ({ method, path }: RegistryCall) =>
      path !== '/v2/' && methods.test(method) ? fault : undefined

  it.each(['fail', 'cut'] as const)('that answers with %s is left out', async fault => {
    const rig = await openRegistryRig()
    const [image] = await keptImages(rig, 'base')
    rig.registry.fault = when(fault, /GET|HEAD/)
    const { store, warnings } = rig.open(LIMIT)
    expect(await store.restore([image.wanted])).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  it('that fails when it is written to fails no run', async () => {
    const rig = await openRegistryRig()
    const image = rig.daemon.make('base')
    rig.registry.fault = when('fail', /POST|PUT|PATCH/)
    const { store, warnings } = rig.open(LIMIT)
    await store.keep([image.record])
    expect(warnings).toHaveLength(1)
    expect(await rig.daemon.engine.inspect(image.tag)).toMatchObject({ digests: [] })
  })

  it('that wants a login is spoken of once, with what to do', async () => {
    const rig = await openRegistryRig()
    const [one, other] = await keptImages(rig, 'one', 'other')
    rig.registry.fault = () => 'deny'
    const { store, warnings } = rig.open()
    expect(await store.restore([one.wanted, other.wanted])).toEqual([])
    await store.keep([rig.daemon.make('third').record])
    expect(warnings).toEqual([expect.stringContaining('docker login')])
  })

  it('that does not say what it has may still be written to', async () => {
    const rig = await openRegistryRig()
    const image = rig.daemon.make('base')
    rig.registry.fault = when('deny', /GET/)
    const { store, warnings } = rig.open()
    expect(await store.restore([image.wanted])).toEqual([])
    rig.registry.fault = () => undefined
    await store.keep([image.record])
    expect(await rig.registry.tags(rig.path)).toHaveLength(2)
    expect(warnings).toHaveLength(1)
  })

  it('gets the user’s own login', async () => {
    const rig = await openRegistryRig()
    const image = rig.daemon.make('base')
    const auth = btoa('user:password')
    const folder = temporaryFolder()
    const config = { auths: { [rig.registry.host]: { auth } } }
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
    rig.env = { ...env, DOCKER_CONFIG: folder }
    rig.registry.fault = ({ authorization }) =>
      authorization === `Basic ${auth}` ? undefined : 'deny'
    const { store, warnings } = rig.open()
    await store.keep([image.record])
    rig.leave(image)
    expect(await rig.open().store.restore([image.wanted])).toEqual([image.record])
    expect(warnings).toEqual([])
  })

  it('that stalls in the middle gives what it gave before', async () => {
    const rig = await openRegistryRig()
    const [one, other] = await keptImages(rig, 'one', 'other')
    rig.registry.fault = ({ path }) => (path.includes(placeOf(other)) ? 'stall' : undefined)
    const { store, warnings } = rig.open(2 * LIMIT)
    expect(await store.restore([one.wanted, other.wanted])).toEqual([one.record])
    expect(rig.daemon.tags()).toEqual({ [one.tag]: one.record.imageId })
    expect(warnings).toHaveLength(1)
  })
})
