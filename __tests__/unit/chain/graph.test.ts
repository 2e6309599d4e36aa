import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildGraph, type Edges } from '../../../src/chain/graph.js'
import { ChainError } from '../../../src/errors.js'
import type { Image } from '../../../src/manifest/image.js'
import { anImage } from '../../fixtures/image.js'

const image = (index: number, manifest = 'docker/IMAGES.json') =>
  anImage({ tags: [`acme/i${index}:1`], manifest, position: { line: index + 1, column: 5 } })

const on = (...needs: number[]): Edges => ({ needs, afterAllBefore: false })
const barrier = (...needs: number[]): Edges => ({ needs, afterAllBefore: true })

/** Positions in the list, in the order of the graph. */
function orderOf(images: readonly Image[], edges: readonly Edges[]): number[] {
  return buildGraph(images, edges).nodes.map(node => images.indexOf(node.image))
}

const order = (...edges: Edges[]) =>
  orderOf(
    edges.map((_, index) => image(index)),
    edges
  )

const stages = (...edges: Edges[]) =>
  buildGraph(
    edges.map((_, index) => image(index)),
    edges
  ).nodes.map(({ stage }) => stage)

function errorOf(images: readonly Image[], edges: readonly Edges[]): ChainError {
  try {
    buildGraph(images, edges)
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
  throw new Error('found an order, expected a cycle')
}

/** The rule as it is written, at the price of n² looks; undefined where nothing more can be taken. */
function naiveOrder(images: readonly Image[], edges: readonly Edges[]): number[] | undefined {
  const taken: number[] = []
  const left = () => [...images.keys()].filter(index => !taken.includes(index))
  const hasBases = (index: number) => edges[index]?.needs.every(need => taken.includes(need))
  const isPast = (index: number) =>
    !edges[index]?.afterAllBefore ||
    !left().some(at => at < index && images[at]?.manifest === images[index]?.manifest)
  while (taken.length < images.length) {
    const next =
      left().find(index => hasBases(index) && isPast(index)) ??
      left().find(index => hasBases(index) && edges[index]?.afterAllBefore)
    if (next === undefined) return undefined
    taken.push(next)
  }
  return taken
}

interface Case {
  /** The number of each image's manifest. */
  readonly manifests: readonly number[]
  readonly edges: readonly Edges[]
}

const imagesOf = ({ manifests }: Case) =>
  manifests.map((manifest, index) => image(index, `${manifest}/IMAGES.json`))

/** Images of up to three manifests with bases anywhere in the list, some behind barriers. */
const cases = (acyclic: boolean): fc.Arbitrary<Case> =>
  fc.integer({ min: 0, max: 14 }).chain(size =>
    fc
      .tuple(
        fc.array(fc.nat({ max: 2 }), { minLength: size, maxLength: size }),
        fc.shuffledSubarray([...Array(size).keys()], { minLength: size }),
        fc.array(
          fc.tuple(
            fc.array(fc.nat({ max: Math.max(0, size - 1) }), { maxLength: 3 }),
            fc.integer({ min: 0, max: 3 })
          ),
          { minLength: size, maxLength: size }
        )
      )
      .map(([manifests, rank, rows]) => ({
        manifests,
        edges: rows.map(([needs, chance], index) => ({
          needs: needs.filter(need => !acyclic || (rank[need] ?? 0) < (rank[index] ?? 0)),
          afterAllBefore: chance === 0
        }))
      }))
  )

describe('the order of a chain', () => {
  it('is that of the manifest where no image stands on another', () => {
    expect(order(on(), on(), on())).toEqual([0, 1, 2])
  })

  it('takes an image right after its last base, since it stands first in the list again', () => {
    expect(order(on(2), on(), on(), on())).toEqual([1, 2, 0, 3])
  })

  it('takes an image once that names the same base twice', () => {
    expect(order(on(1, 1), on())).toEqual([1, 0])
  })

  it('has no images for no images', () => {
    expect(buildGraph([], [])).toEqual({ nodes: [] })
  })

  it('takes an image whose base cannot be seen after every earlier one of its manifest', () => {
    expect(order(on(3), barrier(), on(), on())).toEqual([2, 3, 0, 1])
  })

  it('takes an image once that waits both for its base and for all before it', () => {
    expect(order(on(), barrier(0), on())).toEqual([0, 1, 2])
  })

  it('lets an image with an unseen base wait for no image of another manifest', () => {
    const images = [image(0, 'a.json'), image(1, 'a.json'), image(2, 'b.json')]
    expect(orderOf(images, [on(1), on(2), barrier()])).toEqual([2, 1, 0])
  })

  it('takes an image with an unseen base before an earlier one that stands on it', () => {
    expect(order(on(1), barrier())).toEqual([1, 0])
  })

  it('is that of the naive rule for every chain', () => {
    fc.assert(
      fc.property(cases(true), one => {
        const { edges } = one
        const images = imagesOf(one)
        expect(orderOf(images, edges)).toEqual(naiveOrder(images, edges))
      }),
      { numRuns: 2_000 }
    )
  })

  it('holds for a chain of 10,000 images, each on the one before it', () => {
    const edges = Array.from({ length: 10_000 }, (_, index) => on(...(index ? [index - 1] : [])))
    const images = edges.map((_, index) => image(index))
    const { nodes } = buildGraph(images, edges)
    expect(nodes.map(node => node.image)).toEqual(images)
    expect(nodes.at(-1)?.stage).toBe(9_999)
  })
})

describe('a node', () => {
  it('names its bases by their places in the order, not in the manifest', () => {
    const { nodes } = buildGraph([image(0), image(1), image(2)], [on(2), on(), on()])
    expect(nodes.map(({ image, needs }) => [image.name, needs])).toEqual([
      ['i1', []],
      ['i2', []],
      ['i0', [1]]
    ])
  })

  it('stands after all of its bases, for every chain', () => {
    fc.assert(
      fc.property(cases(true), one => {
        const { edges } = one
        const images = imagesOf(one)
        const { nodes } = buildGraph(images, edges)
        nodes.forEach((node, place) => {
          const written = edges[images.indexOf(node.image)] as Edges
          expect(node.needs.map(need => nodes[need]?.image)).toEqual(
            written.needs.map(need => images[need])
          )
          expect(node.needs.every(need => need < place)).toBe(true)
          expect(node.afterAllBefore).toBe(written.afterAllBefore)
        })
      })
    )
  })
})

describe('the stage of an image', () => {
  it('counts from 0, one more than the highest of its bases', () => {
    expect(stages(on(), on(0), on(0), on(1, 0))).toEqual([0, 1, 1, 2])
  })

  it('is one more than the highest taken before it in its manifest where a base cannot be seen', () => {
    expect(stages(on(), on(0), barrier(), on())).toEqual([0, 1, 2, 0])
  })

  it('heeds no other manifest where a base cannot be seen', () => {
    const images = [image(0, 'a.json'), image(1, 'a.json'), image(2, 'b.json')]
    const { nodes } = buildGraph(images, [on(), on(0), barrier()])
    expect(nodes.map(({ stage }) => stage)).toEqual([0, 1, 0])
  })

  it('is one more than the highest that it waits for, for every chain', () => {
    fc.assert(
      fc.property(cases(true), one => {
        const { edges } = one
        const images = imagesOf(one)
        const { nodes } = buildGraph(images, edges)
        nodes.forEach((node, place) => {
          const before = nodes
            .slice(0, place)
            .filter(({ image }) => node.afterAllBefore && image.manifest === node.image.manifest)
          const bases = node.needs.map(need => nodes[need])
          const highest = Math.max(-1, ...[...before, ...bases].map(each => each?.stage ?? NaN))
          expect(node.stage).toBe(highest + 1)
        })
      })
    )
  })
})

describe('a cycle', () => {
  it('is printed from one image round to itself, with the place of the first', () => {
    const images = [image(0), image(1), image(2), image(3)]
    const error = errorOf(images, [on(), on(2), on(3), on(1)])
    expect(error.code).toBe('CHAIN_CYCLE')
    expect(error.message).toBe(
      'images stand on each other: dockerfile__acme/i1:1 → dockerfile__acme/i2:1 → dockerfile__acme/i3:1 → dockerfile__acme/i1:1'
    )
    expect(error.where).toEqual({ file: 'docker/IMAGES.json', position: { line: 2, column: 5 } })
    expect(error.hint).toContain('depends_on')
  })

  it('is found where an image stands on itself', () => {
    expect(errorOf([image(0)], [on(0)]).message).toContain(
      ': dockerfile__acme/i0:1 → dockerfile__acme/i0:1'
    )
  })

  it('leaves out the images that only stand on it', () => {
    const error = errorOf([image(0), image(1), image(2)], [on(1), on(2), on(1)])
    expect(error.message).not.toContain('i0')
  })

  it('is told, and is one, exactly where the naive rule finds no order', () => {
    fc.assert(
      fc.property(cases(false), one => {
        const { edges } = one
        const images = imagesOf(one)
        if (naiveOrder(images, edges)) {
          expect(orderOf(images, edges)).toEqual(naiveOrder(images, edges))
          return
        }
        const [, printed = ''] = errorOf(images, edges).message.split(': ')
        const cycle = printed.split(' → ').map(id => images.findIndex(each => each.id === id))
        expect(cycle.length).toBeGreaterThan(1)
        expect(cycle[0]).toBe(cycle.at(-1))
        for (const [at, index] of cycle.slice(0, -1).entries()) {
          expect(edges[index]?.needs).toContain(cycle[at + 1])
        }
      }),
      { numRuns: 2_000 }
    )
  })
})
