import { describe, expect, it } from 'vitest'
import type { Produced } from '../../../src/builders/builder.js'
import { confirmImage, imageBefore } from '../../../src/run/confirm.js'
import { engineImage, MemoryEngine } from '../../fixtures/fake-ports.js'
import { anImage } from '../../fixtures/image.js'

const ID = `sha256:${'a'.repeat(64)}`
const OTHER = `sha256:${'b'.repeat(64)}`

const produced = (overrides: Partial<Produced> = {}): Produced => ({
  tags: [],
  imageIds: [],
  ...overrides
})

const packer = (...tags: string[]) => anImage({ builder: 'packer', tags, name: 'base' })

describe('what a builder made', () => {
  it('is what the daemon holds by that tag', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'acme/app:1'))
    const image = anImage({ tags: ['acme/app:1'] })
    expect(await confirmImage(image, produced({ tags: ['acme/app:1'] }), engine)).toEqual({
      tags: ['acme/app:1'],
      imageId: ID,
      bytes: 42,
      digest: null
    })
  })

  it('is what its id names, where the tag was given to another image since', async () => {
    const engine = new MemoryEngine(engineImage(ID), engineImage(OTHER, 'acme/app:1'))
    const image = anImage({ tags: ['acme/app:1'] })
    const made = produced({ tags: ['acme/app:1'], imageIds: [ID] })
    expect(await confirmImage(image, made, engine)).toMatchObject({ imageId: ID })
    expect((await engine.inspect('acme/app:1'))?.id).toBe(OTHER)
  })

  it('is what the tag names, where the daemon knows no such id', async () => {
    const engine = new MemoryEngine(engineImage(OTHER, 'acme/app:1'))
    const image = anImage({ tags: ['acme/app:1'] })
    const made = produced({ tags: ['acme/app:1'], imageIds: [ID] })
    expect(await confirmImage(image, made, engine)).toMatchObject({ imageId: OTHER })
  })

  it('may be several images, each with tags of its own', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'acme/one:1'), engineImage(OTHER, 'acme/two:1'))
    const made = produced({ tags: ['acme/one:1', 'acme/two:1'], imageIds: [ID, OTHER] })
    expect(await confirmImage(packer('acme/one:1'), made, engine)).toMatchObject({
      tags: ['acme/one:1', 'acme/two:1'],
      imageId: ID,
      furtherIds: { 'docker.io/acme/two:1': OTHER }
    })
  })

  it('is found by its id where the builder names no tag', async () => {
    const engine = new MemoryEngine(engineImage(ID))
    const confirmed = await confirmImage(
      packer('acme/base:1'),
      produced({ imageIds: [ID] }),
      engine
    )
    expect(confirmed).toMatchObject({ imageId: ID, tags: ['acme/base:1'] })
  })

  it('is the last of several ids, since an image is committed after its base', async () => {
    const engine = new MemoryEngine(engineImage(OTHER), engineImage(ID))
    const made = produced({ imageIds: [OTHER, ID] })
    expect(await confirmImage(packer('acme/base:1'), made, engine)).toMatchObject({ imageId: ID })
  })

  it('gets the tags of the manifest that the builder did not set', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'from/template:1'))
    const image = packer('acme/base:1', 'acme/base:latest')
    const confirmed = await confirmImage(image, produced({ tags: ['from/template:1'] }), engine)
    expect(confirmed).toMatchObject({
      tags: ['acme/base:1', 'acme/base:latest', 'from/template:1']
    })
    expect((await engine.inspect('acme/base:latest'))?.id).toBe(ID)
  })

  it('takes a tag of the manifest from the older image that has it', async () => {
    const engine = new MemoryEngine(engineImage(OTHER, 'acme/base:1'), engineImage(ID))
    await confirmImage(packer('acme/base:1'), produced({ imageIds: [ID] }), engine)
    expect((await engine.inspect('acme/base:1'))?.id).toBe(ID)
  })

  it('keeps the tags of a template that the name and version of the manifest would only stand for', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'from/template:1'))
    const image = { ...packer('base:1.0'), tagSource: 'derived' as const }
    const confirmed = await confirmImage(image, produced({ tags: ['from/template:1'] }), engine)
    expect(confirmed).toMatchObject({ tags: ['from/template:1'] })
    expect(await engine.inspect('base:1.0')).toBeUndefined()
  })

  it('gets NAME:VERSION where the template tags nothing', async () => {
    const engine = new MemoryEngine(engineImage(ID))
    const image = { ...packer('base:1.0'), tagSource: 'derived' as const }
    expect(await confirmImage(image, produced({ imageIds: [ID] }), engine)).toMatchObject({
      tags: ['base:1.0']
    })
  })

  it('names each tag once, however it is written', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'acme/base:latest'))
    const made = produced({ tags: ['docker.io/acme/base:latest', 'acme/base'] })
    expect(await confirmImage(packer('acme/base'), made, engine)).toMatchObject({
      tags: ['acme/base']
    })
  })

  it('may be several images, each of which keeps the tags that its builder gave it', async () => {
    const engine = new MemoryEngine(engineImage(ID, 'acme/a:1'), engineImage(OTHER, 'acme/b:1'))
    const made = produced({ tags: ['acme/a:1', 'acme/b:1'], imageIds: [ID, OTHER] })
    expect(await confirmImage(packer(), made, engine)).toMatchObject({
      tags: ['acme/a:1', 'acme/b:1']
    })
    expect((await engine.inspect('acme/b:1'))?.id).toBe(OTHER)
  })

  it('may be nothing where a template exports, discards or tags nothing', async () => {
    expect(await confirmImage(packer(), produced(), new MemoryEngine())).toEqual({
      tags: [],
      imageId: null,
      bytes: null,
      digest: null
    })
  })
})

describe('a builder that ended well', () => {
  it('is not believed where the daemon has none of it', async () => {
    const image = anImage({ tags: ['acme/app:1', 'acme/app:2'] })
    const words = await confirmImage(image, produced({ tags: image.tags }), new MemoryEngine())
    expect(words).toBe(
      'the builder ended well and named acme/app:1, acme/app:2, but acme/app:1, acme/app:2 is not on the daemon'
    )
  })

  it('is not believed where it names no image and the manifest asks for one', async () => {
    const words = await confirmImage(packer('acme/base:1'), produced(), new MemoryEngine())
    expect(words).toBe(
      'the builder ended well and named no image, but acme/base:1 is not on the daemon'
    )
  })

  it('is not believed where its tag names what it named before the build', async () => {
    const engine = new MemoryEngine(engineImage(OTHER, 'acme/app:1'))
    const image = anImage({ tags: ['acme/app:1'] })
    const made = produced({ tags: ['acme/app:1'] })
    const before = await imageBefore(image, engine)
    expect(await confirmImage(image, made, engine, before)).toContain(
      'made no image here: acme/app:1 on the daemon is from before'
    )
    const elsewhere = { ...made, imageIds: [ID] }
    expect(await confirmImage(image, elsewhere, engine, before)).toContain('is from before')
  })

  it('is believed where it made the same image once more', async () => {
    const image = anImage({ tags: ['acme/app:1'] })
    const graph = new MemoryEngine(engineImage(OTHER, 'acme/app:1'))
    const made = produced({ tags: ['acme/app:1'], imageIds: [OTHER] })
    expect(await confirmImage(image, made, graph, OTHER)).toMatchObject({ imageId: OTHER })
    const stored = { ...engineImage(OTHER, 'acme/app:1'), digests: [`acme/app@${OTHER}`] }
    const configuration = { ...made, imageIds: [ID] }
    const containerd = new MemoryEngine(stored)
    expect(await confirmImage(image, configuration, containerd, OTHER)).toMatchObject({
      imageId: OTHER
    })
  })

  it('gets no older image of that tag in place of one that it did not make', async () => {
    const engine = new MemoryEngine(engineImage(OTHER, 'acme/base:1'))
    expect(await confirmImage(packer('acme/base:1'), produced(), engine)).toContain('no image')
  })
})
