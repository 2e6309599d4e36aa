import { describe, expect, it } from 'vitest'
import { type LoadRequest, loadImages } from '../../../src/commands/load-images.js'
import { ChainError } from '../../../src/errors.js'
import { memoryFiles } from '../../fixtures/fake-ports.js'

const manifest = (...tags: string[]) =>
  JSON.stringify({ images: tags.map(tag => ({ tag, dockerfile: 'Dockerfile' })) })

const load = (contents: Readonly<Record<string, string>>, request: Partial<LoadRequest> = {}) =>
  loadImages(
    { root: '/project', imagesFiles: undefined, dockerFolder: undefined, env: {}, ...request },
    memoryFiles(contents)
  )

describe('the images of a project', () => {
  it('are those of its manifest, in its order', async () => {
    const loaded = await load({ '/project/docker/IMAGES.json': manifest('acme/b:1', 'acme/a:1') })
    expect(loaded.manifests).toEqual(['docker/IMAGES.json'])
    expect(loaded.images.map(image => [image.id, image.manifest])).toEqual([
      ['dockerfile__acme/b:1', 'docker/IMAGES.json'],
      ['dockerfile__acme/a:1', 'docker/IMAGES.json']
    ])
  })

  it('are those of several manifests, in the order of the manifests', async () => {
    const loaded = await load(
      {
        '/project/b.json': manifest('acme/b:1'),
        '/project/a.yaml': 'images: [{tag: acme/a:1, dockerfile: D}]'
      },
      { imagesFiles: ['b.json', 'a.yaml'] }
    )
    expect(loaded.manifests).toEqual(['b.json', 'a.yaml'])
    expect(loaded.images.map(image => image.name)).toEqual(['b', 'a'])
  })

  it('name their manifest from the root where it lies below it, else as it was given', async () => {
    const contents = {
      '/project/x.json': manifest('acme/a:1'),
      '/other/y.json': manifest('acme/b:1')
    }
    const { manifests } = await load(contents, {
      imagesFiles: ['/project/x.json', '../other/y.json']
    })
    expect(manifests).toEqual(['x.json', '../other/y.json'])
  })

  it('of a manifest in the root are built from there, not from the folder above, and a warning says so', async () => {
    const folders = async (path: string, request: Partial<LoadRequest> = {}) => {
      const loaded = await load(
        { [path]: manifest('acme/a:1') },
        { ...request, imagesFiles: [path] }
      )
      return [loaded.images[0]?.workingDirectory, loaded.warnings.length]
    }
    expect(await folders('/project/x.json')).toEqual(['/project', 1])
    expect(await folders('/project/docker/x.json')).toEqual(['/project', 0])
    expect(await folders('/other/docker/x.json')).toEqual(['/other', 0])
    expect(await folders('/project/x.json', { outsidePaths: true })).toEqual(['/', 0])
  })

  it('see the environment of builders, and no other', async () => {
    const text = '{"images": [{"tag": "acme/{env[WHO]}:1", "dockerfile": "D"}]}'
    const contents = { '/project/docker/IMAGES.json': text }
    const { images } = await load(contents, { env: { WHO: 'me' } })
    expect(images[0]?.tags).toEqual(['acme/me:1'])
    await expect(load(contents)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })

  it('are built once where two manifests declare the same, and a warning says so', async () => {
    const contents = {
      '/project/docker/a.json': manifest('acme/a:1'),
      '/project/docker/b.json': manifest('acme/a:1')
    }
    const imagesFiles = ['docker/a.json', 'docker/b.json']
    const { images, warnings } = await load(contents, { imagesFiles })
    expect(images).toHaveLength(1)
    expect(warnings.length).toBeGreaterThan(0)
  })
})

describe('a project that cannot be loaded', () => {
  it('says where the manifest is missing', async () => {
    await expect(load({})).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' })
  })

  it('tells every problem of its manifest in one go, each at its place', async () => {
    const text = '{"images": [\n  {"tag": "A b", "dockerfile": "D"},\n  {"tagg": "acme/x:1"}\n]}'
    const error: unknown = await load({ '/project/docker/IMAGES.json': text }).catch(
      thrown => thrown
    )
    expect(error).toBeInstanceOf(ChainError)
    const { code, problems } = error as ChainError
    expect(code).toBe('MANIFEST_INVALID')
    const places = problems.map(({ place }) => [place?.file, place?.position?.line])
    expect(places).toContainEqual(['docker/IMAGES.json', 2])
    expect(places).toContainEqual(['docker/IMAGES.json', 3])
  })
})
