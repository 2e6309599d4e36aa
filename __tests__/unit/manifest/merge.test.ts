import { describe, expect, test } from 'vitest'
import { formatProblem } from '../../../src/errors.js'
import { assignIds, findSharedTags, mergeImages } from '../../../src/manifest/merge.js'
import { processorTime } from '../../fixtures/processor-time.js'
import { problemsOf, resolveImages } from './resolve-text.js'

const docker = (tag: string, more: object = {}) => ({ builder_type: 'docker', tag, ...more })

async function merge(...lists: readonly (readonly object[])[]) {
  const resolved = await Promise.all(
    lists.map((images, index) => resolveImages(images, { path: `docker/${index}.json` }))
  )
  return mergeImages(resolved.map(({ images }) => images))
}

describe('the same image twice', () => {
  test('is built once, with a warning at the second place', async () => {
    const { images, warnings } = await merge([docker('a:1')], [docker('b:1'), docker('a:1')])
    expect(images.map(image => image.tags[0])).toEqual(['a:1', 'b:1'])
    expect(warnings).toEqual([
      {
        message: 'found the same image as at docker/0.json:3:3, which is built once',
        file: 'docker/1.json',
        position: { line: 7, column: 3 }
      }
    ])
  })

  test('may have its tag written in two ways', async () => {
    const { images } = await merge([
      docker('debian'),
      docker('docker.io/library/debian:latest', { name: 'x' })
    ])
    expect(images).toHaveLength(1)
  })

  test('is found among packer images, too, by their templates', async () => {
    const { images } = await merge([{ file: 'a.json' }, { file: 'b.json' }, { file: 'a.json' }])
    expect(images.map(image => image.id)).toEqual(['packer__a.json', 'packer__b.json'])
  })
})

describe('one tag on different images', () => {
  test('is an error that names both places, with other errors of the manifest', async () => {
    const text = [docker('a:1'), docker('a:1', { push: false }), docker('A')]
    expect(await problemsOf(resolveImages(text))).toEqual([
      'docker/IMAGES.json:7:3: found the tag `a:1`, which another image has, at docker/IMAGES.json:3:3',
      'docker/IMAGES.json:14:11: expected an image reference, found `A`: the repository `A` has to be lower case'
    ])
  })

  test('is found across manifests, in every spelling, and among further tags', async () => {
    const lists = [[docker('debian')], [docker('b:1', { tags: ['docker.io/library/debian'] })]]
    expect(await problemsOf(merge(...lists))).toEqual([
      'docker/1.json:3:3: found the tag `docker.io/library/debian`, which another image has, at docker/0.json:3:3'
    ])
  })

  test('is told of ten times as many tags in ten times as long, and not a hundred times', async () => {
    const timeOf = async (count: number) => {
      const tags = Array.from({ length: count }, (_, at) => `a${at}:1`)
      const image = docker('a:1', { tags })
      const { images } = await resolveImages([image])
      const other = images.map(each => ({ ...each, push: false }))
      expect(findSharedTags([...images, ...other])).toHaveLength(count + 1)
      return processorTime(() => findSharedTags([...images, ...other]))
    }
    expect(await timeOf(5_000)).toBeLessThan(50 * (await timeOf(500)))
  })

  test('is none where a packer image only has a name and a version, as its template may tag another', async () => {
    const mysql = { name: 'mysql', version: '5.7' }
    const { images } = await merge([
      { ...mysql, file: 'a.json' },
      { ...mysql, file: 'b.json' }
    ])
    expect(images).toHaveLength(2)
    const failing = merge([
      { ...mysql, file: 'a.json', tags: ['x'] },
      { ...mysql, file: 'b.json', tags: ['x'] }
    ])
    expect(await problemsOf(failing)).toHaveLength(1)
  })
})

describe('ids', () => {
  test('name the builder and what is written, and are numbered where they stand twice', async () => {
    const { images } = await merge(
      [{ file: 'a.json', tag: 'x:1' }, docker('acme/app:1')],
      [
        { file: 'a.json', tag: 'x:2' },
        { file: 'a.json', tag: 'x:3' }
      ]
    )
    expect(images.map(image => image.id)).toEqual([
      'packer__a.json',
      'dockerfile__acme/app:1',
      'packer__a.json#2',
      'packer__a.json#3'
    ])
  })

  test('never meet one that is written with a number', async () => {
    const files = ['a.json', 'a.json#2', 'a.json']
    const { images } = await merge(files.map((file, index) => ({ file, tag: `x:${index}` })))
    const ids = images.map(image => image.id)
    expect(ids).toEqual(['packer__a.json', 'packer__a.json#2', 'packer__a.json#3'])
    expect(assignIds(images).map(image => image.id)).toEqual(ids)
  })

  test('of two images with the same problem are told by their places', async () => {
    const { warnings } = await merge([docker('a:1')], [docker('a:1')], [docker('a:1')])
    const places = warnings.map(({ message, file = '', position }) =>
      formatProblem({ place: { file, position }, message })
    )
    expect(new Set(places).size).toBe(2)
  })
})
