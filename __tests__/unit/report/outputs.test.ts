import { describe, expect, it } from 'vitest'
import { buildOutputs, planOutputs } from '../../../src/report/outputs.js'
import { anImage, aPlannedImage, aResult } from '../../fixtures/image.js'

const image = (name: string, ...more: string[]) => anImage({ tags: [`acme/${name}:1`, ...more] })

describe('the outputs of a build', () => {
  const built = aResult({ image: image('base', 'acme/base:latest') })
  const reused = aResult({ image: image('lib'), status: 'reused', reason: 'unchanged' })
  const failed = aResult({ image: image('app'), status: 'failed', tags: [], imageId: null })
  const blocked = aResult({ image: image('web'), status: 'blocked', tags: [], imageId: null })
  const outputs = buildOutputs([built, reused, failed, blocked])

  it('have the tags that are on the daemon, one a line and as JSON', () => {
    expect(outputs.tags).toBe('acme/base:1\nacme/base:latest\nacme/lib:1')
    expect(JSON.parse(outputs['tags-json'] ?? '')).toEqual(outputs.tags?.split('\n'))
  })

  it('have the tags that this run built', () => {
    expect(outputs.built).toBe('acme/base:1\nacme/base:latest')
  })

  it('have a row for each image, with the fields of the contract', () => {
    const rows = JSON.parse(outputs.images ?? '')
    expect(rows).toHaveLength(4)
    expect(rows[0]).toEqual({
      id: 'dockerfile__acme/base:1',
      name: 'base',
      version: '1',
      builder: 'dockerfile',
      tags: ['acme/base:1', 'acme/base:latest'],
      imageId: 'sha256:0a',
      digest: null,
      status: 'built',
      reason: 'not built before',
      seconds: 1.5,
      bytes: 1000
    })
    expect(rows[2]).toMatchObject({ status: 'failed', tags: ['acme/app:1'], imageId: null })
  })

  it('have seconds in thousandths', () => {
    const { images } = buildOutputs([aResult({ seconds: 1.23456789 })])
    expect(JSON.parse(images ?? '')).toMatchObject([{ seconds: 1.235 }])
  })

  it('name a tag once that two images have', () => {
    expect(buildOutputs([built, built]).tags).toBe('acme/base:1\nacme/base:latest')
  })

  it('are empty, and still there, where nothing is on the daemon', () => {
    expect(buildOutputs([failed])).toMatchObject({ tags: '', 'tags-json': '[]', built: '' })
    expect(buildOutputs([])).toEqual({ tags: '', 'tags-json': '[]', built: '', images: '[]' })
  })
})

describe('the outputs of a plan', () => {
  it('have the tags that the chain will have', () => {
    const images = [image('base', 'acme/base:latest'), image('app')]
    const plan = {
      manifests: [],
      images: images.map(each => aPlannedImage({ image: each })),
      warnings: []
    }
    expect(planOutputs(plan)).toMatchObject({
      tags: 'acme/base:1\nacme/base:latest\nacme/app:1',
      'tags-json': '["acme/base:1","acme/base:latest","acme/app:1"]'
    })
  })
})
