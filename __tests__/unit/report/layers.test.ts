import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Edge } from '../../../src/report/graph-part.js'
import { layerHeights } from '../../../src/report/layer-heights.js'
import { layersOf } from '../../../src/report/layers.js'

const graph = fc
  .integer({ min: 1, max: 25 })
  .chain(count =>
    fc.tuple(
      fc.constant(count),
      fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 50 })
    )
  )
  .map(([count, pairs]) => ({
    count,
    edges: pairs
      .filter(([one, other]) => one !== other)
      .map(([one, other]): Edge => ({ from: Math.min(one, other), to: Math.max(one, other) }))
  }))

const ROOM = 10

describe('the columns of a graph', () => {
  it('hold each image once, and every route leads from each column to the next', () => {
    fc.assert(
      fc.property(graph, ({ count, edges }) => {
        const { columns, routes } = layersOf(count, edges)
        const columnOf = new Map(columns.flatMap((nodes, at) => nodes.map(node => [node, at])))
        const placed = columns.flat()
        expect(new Set(placed).size).toBe(placed.length)
        for (let node = 0; node < count; node += 1) expect(placed).toContain(node)
        routes.forEach((route, index) => {
          expect([route[0], route.at(-1)]).toEqual([edges[index]?.from, edges[index]?.to])
          const steps = route.map(node => columnOf.get(node) ?? 0)
          expect(steps).toEqual(steps.map((_, step) => (steps[0] ?? 0) + step))
        })
      })
    )
  })

  it('leave no node on another, and begin at the top', () => {
    fc.assert(
      fc.property(graph, ({ count, edges }) => {
        const layers = layersOf(count, edges)
        const heights = layerHeights(layers, () => ROOM)
        expect(Math.min(...heights)).toBeCloseTo(ROOM / 2)
        for (const nodes of layers.columns) {
          nodes.slice(1).forEach((node, index) => {
            const above = heights[nodes[index] ?? 0] ?? 0
            expect((heights[node] ?? 0) - above).toBeGreaterThan(ROOM - 0.001)
          })
        }
      })
    )
  })

  it('cross no edges where none need to cross', () => {
    const edges = [0, 1, 2, 3].map(from => ({ from, to: 7 - from }))
    const { columns } = layersOf(8, edges)
    const [left = [], right = []] = columns
    expect(right).toEqual(left.map(node => 7 - node))
  })

  it('of a chain in which each image stands on all before it are made without ways between', () => {
    const count = 400
    const edges = Array.from({ length: count - 2 }, (_, index) => ({ from: 0, to: index + 1 }))
    const chain = Array.from({ length: count - 1 }, (_, from) => ({ from, to: from + 1 }))
    expect(layersOf(count, [...edges, ...chain]).columns.flat()).toHaveLength(count)
  })
})
