import { describe, expect, it } from 'vitest'
import { findManifests } from '../../../src/commands/find-manifests.js'
import { ChainError } from '../../../src/errors.js'
import { memoryFiles } from '../../fixtures/fake-ports.js'

interface Search {
  readonly named?: readonly string[]
  readonly folder?: string
}

const find = (paths: readonly string[], { named, folder }: Search = {}) =>
  findManifests(
    { named, folder, root: '/project' },
    memoryFiles(Object.fromEntries(paths.map(path => [path, '{}'])))
  )

function failureOf(look: () => unknown): ChainError {
  try {
    look()
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
  throw new Error('found a manifest, expected none')
}

const at = (folder: string, ...endings: string[]) =>
  endings.map(ending => `/project/${folder}/IMAGES.${ending}`)

describe('the manifest of a project', () => {
  it('is found in docker, as JSON before YAML', () => {
    expect(find(at('docker', 'yml'))).toEqual(['docker/IMAGES.yml'])
    expect(find(at('docker', 'yml', 'yaml'))).toEqual(['docker/IMAGES.yaml'])
    expect(find(at('docker', 'yml', 'yaml', 'json'))).toEqual(['docker/IMAGES.json'])
  })

  it('is found in .docker only where docker has none', () => {
    expect(find(at('.docker', 'json'))).toEqual(['.docker/IMAGES.json'])
    expect(find([...at('.docker', 'json'), ...at('docker', 'yml')])).toEqual(['docker/IMAGES.yml'])
  })

  it('is no folder of that name', () => {
    expect(find(['/project/docker/IMAGES.json/x', ...at('docker', 'yaml')])).toEqual([
      'docker/IMAGES.yaml'
    ])
  })

  it('is looked for in the folder that is named, and in no other', () => {
    expect(find([...at('images', 'json'), ...at('docker', 'json')], { folder: 'images' })).toEqual([
      'images/IMAGES.json'
    ])
    expect(find(['/elsewhere/IMAGES.json'], { folder: '/elsewhere' })).toEqual([
      '/elsewhere/IMAGES.json'
    ])
    expect(failureOf(() => find(at('docker', 'json'), { folder: 'images' })).code).toBe(
      'MANIFEST_NOT_FOUND'
    )
  })

  it('that is nowhere is an error which names every place and what to do', () => {
    const error = failureOf(() => find([]))
    expect(error.code).toBe('MANIFEST_NOT_FOUND')
    expect(error.message).toContain('docker/IMAGES.json and .docker/IMAGES.json')
    expect(error.where).toEqual({ file: '/project' })
    expect(error.hint).toContain('images-files')
  })
})

describe('manifests that are named', () => {
  it('are taken in that order, as they are written', () => {
    const named = ['b/x.yaml', './a.json', '/abs/c.json']
    expect(find(['/project/b/x.yaml', '/project/a.json', '/abs/c.json'], { named })).toEqual(named)
  })

  it('are the only ones', () => {
    expect(find([...at('docker', 'json'), '/project/a.json'], { named: ['a.json'] })).toEqual([
      'a.json'
    ])
  })

  it('that are missing are told all in one go', () => {
    const named = ['a.json', 'b.json', 'c.json']
    const error = failureOf(() => find(['/project/b.json'], { named }))
    expect(error.code).toBe('MANIFEST_NOT_FOUND')
    expect(error.problems.map(({ place }) => place?.file)).toEqual(['a.json', 'c.json'])
    expect(error.hint).toContain('/project')
  })

  it('that are folders are no manifests', () => {
    const error = failureOf(() => find(at('docker', 'json'), { named: ['docker'] }))
    expect(error.code).toBe('MANIFEST_NOT_FOUND')
  })

  it('are found where the list is empty', () => {
    expect(find(at('docker', 'json'), { named: [] })).toEqual(['docker/IMAGES.json'])
  })
})
