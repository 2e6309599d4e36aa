import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownWords } from '../../../src/chain/image-words.js'
import { matrixOf, stageMatrices } from '../../../src/chain/matrix.js'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { selectImages } from '../../../src/chain/select.js'
import { chainLegs, type Leg, stageLegs } from '../../../src/chain/stages.js'
import { parseOptions } from '../../../src/options.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'
import { plannedImages } from '../../fixtures/random-plan.js'

type Images = readonly PlannedImage[]

/** What a job chooses that is given the list of a leg. */
function chosenBy(list: string, images: Images): PlannedImage[] {
  const places = new Map(images.map(({ image }, index) => [image.id, index]))
  const needs = images.map(({ dependsOn }) => dependsOn.map(id => places.get(id) ?? -1))
  const all = images.map(({ image }) => image)
  const chosen = selectImages(all, needs, parseOptions({ images: list }))
  return images.filter((_, index) => chosen.has(index))
}

const wordsOf = (images: Images) => ownWords(images.map(({ image }) => image))

/** A leg's images with all that they stand on. */
function withBases(leg: Leg | undefined, images: Images): PlannedImage[] {
  const ids = new Set(leg?.images.map(({ image }) => image.id))
  for (const id of ids) {
    for (const base of images.find(each => each.image.id === id)?.dependsOn ?? []) ids.add(base)
  }
  return images.filter(({ image }) => ids.has(image.id))
}

describe('a matrix', () => {
  it('chooses in each leg exactly its images', () => {
    fc.assert(
      fc.property(plannedImages, images => {
        const legs = chainLegs(images)
        const { include } = matrixOf(legs, wordsOf(images))
        expect(include.map(leg => chosenBy(leg.images, images))).toEqual(
          legs.map(leg => leg.images)
        )
      })
    )
  })

  it('has a name for each leg that no other has', () => {
    fc.assert(
      fc.property(plannedImages, images => {
        const names = matrixOf(chainLegs(images), wordsOf(images)).include.map(leg => leg.name)
        expect(new Set(names).size).toBe(names.length)
      })
    )
  })

  it('names in a list too long for the environment only what brings the rest along', () => {
    const bases = [...Array(4000).keys()].map(at =>
      aPlannedImage({ image: anImage({ tags: [`acme/a-rather-long-name-${at}:1`] }) })
    )
    const app = aPlannedImage({
      image: anImage({ tags: ['acme/app:1'] }),
      dependsOn: bases.map(({ image }) => image.id)
    })
    const images = [...bases, app]
    const [leg] = matrixOf(chainLegs(images), wordsOf(images)).include
    expect(leg?.images).toBe('dockerfile__acme/app:1')
    expect(chosenBy(leg?.images ?? '', images)).toHaveLength(images.length)
  })
})

describe('the matrices of stages', () => {
  it('choose in each leg its images and what they stand on', () => {
    fc.assert(
      fc.property(plannedImages, images => {
        const legs = stageLegs(images)
        const stages = stageMatrices(legs, wordsOf(images))
        for (const [stage, { include }] of stages.entries()) {
          const here = legs.filter(leg => leg.stage === stage)
          expect(include.map(leg => chosenBy(leg.images, images))).toEqual(
            here.map(leg => withBases(leg, images))
          )
        }
      })
    )
  })

  it('have at least one leg each, since an empty matrix fails a workflow', () => {
    fc.assert(
      fc.property(plannedImages, images => {
        for (const { include } of stageMatrices(stageLegs(images), id => id)) {
          expect(include.length).toBeGreaterThan(0)
        }
      })
    )
  })
})
