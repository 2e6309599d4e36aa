import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { chainLegs, type Leg, stageLegs } from '../../../src/chain/stages.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'
import { plannedImages } from '../../fixtures/random-plan.js'

type Images = readonly PlannedImage[]

const idOf = ({ image }: PlannedImage) => image.id

/** Pairs of images of which the second waits for the first, found the long way. */
function waits(images: Images): [PlannedImage, PlannedImage][] {
  return images.flatMap((planned, index) =>
    images
      .slice(0, index)
      .filter(
        earlier =>
          planned.dependsOn.includes(idOf(earlier)) ||
          (planned.afterAllBefore && earlier.image.manifest === planned.image.manifest)
      )
      .map((earlier): [PlannedImage, PlannedImage] => [earlier, planned])
  )
}

/** Images that are connected with one, found by going from neighbour to neighbour. */
function chainOf(start: PlannedImage, pairs: readonly [PlannedImage, PlannedImage][]): Images {
  const chain = new Set([start])
  for (const at of chain) {
    for (const pair of pairs) if (pair.includes(at)) for (const each of pair) chain.add(each)
  }
  return [...chain]
}

const hasWork = (images: Images) => images.some(({ action }) => action === 'build')
const legOf = (legs: readonly Leg[], planned: PlannedImage) =>
  legs.find(({ images }) => images.includes(planned))

/** All images of the legs: none stands in two, and none that is to be built is left out. */
function expectEachOnce(legs: readonly Leg[], images: Images): void {
  const all = legs.flatMap(leg => leg.images.map(idOf))
  expect(new Set(all).size).toBe(all.length)
  expect(all).toEqual(expect.arrayContaining(images.filter(each => hasWork([each])).map(idOf)))
}

const anyPlan = (check: (images: Images) => void) =>
  fc.assert(fc.property(plannedImages, check), { numRuns: 400 })

describe('the legs of a matrix', () => {
  it('have each image that is to be built once', () => {
    anyPlan(images => expectEachOnce(chainLegs(images), images))
  })

  it('are the chains that have work, whole, and no two chains share one', () => {
    anyPlan(images => {
      const pairs = waits(images)
      const chains = new Set(
        images
          .map(each => chainOf(each, pairs))
          .filter(hasWork)
          .map(chain => chain.map(idOf).sort().join(' '))
      )
      const legs = chainLegs(images).map(leg => leg.images.map(idOf).sort().join(' '))
      expect(legs).toHaveLength(chains.size)
      expect(new Set(legs)).toEqual(chains)
    })
  })

  it('are in the order of the plan, bases first', () => {
    anyPlan(images => {
      const places = chainLegs(images).map(leg => leg.images.map(each => images.indexOf(each)))
      for (const leg of places) expect(leg).toEqual([...leg].sort((a, b) => a - b))
      const firsts = places.map(([first]) => first)
      expect(firsts).toEqual([...firsts].sort((a = 0, b = 0) => a - b))
    })
  })

  it('are none where nothing is to be built', () => {
    expect(chainLegs([aPlannedImage({ action: 'reuse' })])).toEqual([])
    expect(chainLegs([])).toEqual([])
  })
})

describe('the legs of stages', () => {
  it('have each image that is to be built once', () => {
    anyPlan(images => expectEachOnce(stageLegs(images), images))
  })

  it('need only stages before theirs, and come as early as that lets them', () => {
    anyPlan(images => {
      const legs = stageLegs(images)
      for (const leg of legs) {
        const found = leg.images
          .flatMap(({ dependsOn }) => images.filter(each => dependsOn.includes(idOf(each))))
          .map(base => legOf(legs, base))
          .filter(each => each !== undefined && each !== leg) as Leg[]
        expect(new Set(leg.needs.map(need => legs[need]))).toEqual(new Set(found))
        expect(leg.stage).toBe(Math.max(-1, ...found.map(({ stage }) => stage)) + 1)
      }
    })
  })

  it('leave out no base but one that is reused', () => {
    anyPlan(images => {
      const legs = stageLegs(images)
      const left = images.filter(each => !legOf(legs, each))
      expect(left.filter(each => hasWork([each]))).toEqual([])
    })
  })

  it('keep an image that no store can hold with what stands on it', () => {
    anyPlan(images => {
      const legs = stageLegs(images)
      for (const [base, on] of waits(images)) {
        if (base.isCertain || !on.dependsOn.includes(idOf(base))) continue
        expect(legOf(legs, on)).toBe(legOf(legs, base))
      }
    })
  })

  it('keep an image whose base cannot be seen with all that it waits for', () => {
    anyPlan(images => {
      const legs = stageLegs(images)
      for (const [earlier, planned] of waits(images)) {
        if (planned.afterAllBefore) expect(legOf(legs, earlier)).toBe(legOf(legs, planned))
      }
    })
  })

  it('are of one image wherever an image can be handed on', () => {
    anyPlan(images => {
      const pairs = waits(images)
      const legs = stageLegs(images)
      for (const each of images) {
        const isWhole = chainOf(each, pairs).some(({ afterAllBefore }) => afterAllBefore)
        if (isWhole || !each.isCertain || each.action === 'reuse') continue
        expect(legOf(legs, each)?.images).toEqual([each])
      }
    })
  })

  it('put what a chain of three needs one after another, and what needs nothing at once', () => {
    const image = (name: string, ...bases: string[]) =>
      aPlannedImage({
        image: anImage({ tags: [`acme/${name}:1`] }),
        dependsOn: bases.map(base => `dockerfile__acme/${base}:1`)
      })
    const legs = stageLegs([
      image('base'),
      image('tools', 'base'),
      image('other'),
      image('app', 'tools', 'other')
    ])
    const shown = legs.map(({ stage, images }) => [stage, ...images.map(idOf)])
    expect(shown).toEqual([
      [0, 'dockerfile__acme/base:1'],
      [1, 'dockerfile__acme/tools:1'],
      [0, 'dockerfile__acme/other:1'],
      [2, 'dockerfile__acme/app:1']
    ])
    expect(legs.map(({ needs }) => needs)).toEqual([[], [0], [], [1, 2]])
  })
})
