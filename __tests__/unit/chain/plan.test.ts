import { describe, expect, it } from 'vitest'
import { planJson } from '../../../src/chain/plan.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const image = anImage({ tags: ['corpusops/app:1.0', 'corpusops/app:latest'] })
const planned = aPlannedImage({
  image,
  dependsOn: ['packer__base.json'],
  stage: 1,
  reason: 'Dockerfile changed',
  fingerprint: 'sha256:00',
  expectedSeconds: 9
})

describe('a plan as JSON', () => {
  it('has the fields of the contract, in their order, and no others', () => {
    const plan = { manifests: ['docker/IMAGES.json'], images: [planned], warnings: [] }
    expect(JSON.stringify(planJson(plan), null, 1)).toBe(
      JSON.stringify(
        {
          manifests: ['docker/IMAGES.json'],
          images: [
            {
              id: 'dockerfile__corpusops/app:1.0',
              name: 'app',
              version: '1.0',
              builder: 'dockerfile',
              tags: ['corpusops/app:1.0', 'corpusops/app:latest'],
              file: '/project/Dockerfile.app',
              workingDirectory: '/project',
              dependsOn: ['packer__base.json'],
              stage: 1,
              action: 'build',
              reason: 'Dockerfile changed',
              fingerprint: 'sha256:00',
              command: planned.command
            }
          ]
        },
        null,
        1
      )
    )
  })

  it('says null of what cannot be known', () => {
    const plan = { manifests: [], images: [aPlannedImage()], warnings: [] }
    expect(planJson(plan)).toMatchObject({ images: [{ fingerprint: null }] })
  })

  it('has the images in the order of the plan', () => {
    const images = ['c', 'a', 'b'].map(name =>
      aPlannedImage({ image: anImage({ tags: [`x/${name}:1`] }) })
    )
    expect(planJson({ manifests: [], images, warnings: [] })).toMatchObject({
      images: [{ name: 'c' }, { name: 'a' }, { name: 'b' }]
    })
  })
})
