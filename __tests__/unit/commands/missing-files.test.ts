import { describe, expect, it } from 'vitest'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { refuseMissingFiles } from '../../../src/commands/missing-files.js'
import { ChainError } from '../../../src/errors.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const app = aPlannedImage({ image: anImage({ tags: ['acme/app:1'] }) })
const base = aPlannedImage({
  image: anImage({ builder: 'packer', tags: ['acme/base:1'], name: 'base' })
})

/** Why a plan of these images is refused; undefined where it is not. */
function refusalOf(images: readonly PlannedImage[]): ChainError | undefined {
  try {
    refuseMissingFiles({ manifests: ['docker/IMAGES.json'], images, warnings: [] })
    return undefined
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
}

describe('a plan of which a file is missing', () => {
  const missing = (tag: string, line: number) =>
    aPlannedImage({
      image: anImage({ tags: [tag], position: { line, column: 5 } }),
      fileMissing: true
    })

  it('is refused with every such image at its place in the manifest', () => {
    const error = refusalOf([missing('acme/a:1', 3), app, missing('acme/b:1', 9)])
    expect(error?.code).toBe('FILE_MISSING')
    expect(error?.problems).toEqual([
      {
        place: { file: 'docker/IMAGES.json', position: { line: 3, column: 5 } },
        message: 'dockerfile__acme/a:1: found no /project/Dockerfile.a'
      },
      {
        place: { file: 'docker/IMAGES.json', position: { line: 9, column: 5 } },
        message: 'dockerfile__acme/b:1: found no /project/Dockerfile.b'
      }
    ])
    expect(error?.hint).toContain('docs/manifest.md')
  })

  it('is the only one that is refused', () => {
    expect(refusalOf([app, base])).toBeUndefined()
  })
})
