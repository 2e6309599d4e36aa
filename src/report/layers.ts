import type { Edge } from './graph-part.js'

/** A graph in columns: every edge leads from a column to the next, by way of places without a row. */
export interface Layers {
  /** Nodes of each column, top to bottom; those at or above the number of rows are only ways. */
  readonly columns: readonly (readonly number[])[]
  /** Neighbours of each node in the column before and in the one after. */
  readonly before: readonly (readonly number[])[]
  readonly after: readonly (readonly number[])[]
  /** For each edge the nodes that it leads through, its ends included. */
  readonly routes: readonly (readonly number[])[]
}

/** Places that edges may pass through; above it they lead straight from end to end. */
const MOST_WAYS = 4_000

const SWEEPS = 12

/**
 * Puts a graph into columns and orders them so that few edges cross, by barycentres:
 * Sugiyama, Tagawa, Toda, "Methods for visual understanding of hierarchical system structures", 1981.
 * @param count of nodes, each after all that it stands on
 */
export function layersOf(count: number, edges: readonly Edge[]): Layers {
  const column = columnsOf(count, edges)
  const span = ({ from, to }: Edge) => (column[to] ?? 0) - (column[from] ?? 0)
  const hasWays = edges.reduce((sum, edge) => sum + span(edge) - 1, 0) <= MOST_WAYS
  const routes = edges.map(edge => {
    const ways: number[] = []
    for (let step = 1; hasWays && step < span(edge); step += 1) {
      ways.push(column.length)
      column.push((column[edge.from] ?? 0) + step)
    }
    return [edge.from, ...ways, edge.to]
  })
  const before: number[][] = column.map(() => [])
  const after: number[][] = column.map(() => [])
  for (const route of routes) {
    route.slice(1).forEach((node, index) => {
      before[node]?.push(route[index] ?? 0)
      after[route[index] ?? 0]?.push(node)
    })
  }
  const columns: number[][] = Array.from({ length: Math.max(-1, ...column) + 1 }, () => [])
  column.forEach((at, node) => {
    columns[at]?.push(node)
  })
  return { columns: ordered(columns, before, after), before, after, routes }
}

function columnsOf(count: number, edges: readonly Edge[]): number[] {
  const column = new Array<number>(count).fill(0)
  const incoming: number[][] = Array.from({ length: count }, () => [])
  for (const { from, to } of edges) incoming[to]?.push(from)
  incoming.forEach((bases, node) => {
    column[node] = bases.reduce((most, base) => Math.max(most, (column[base] ?? 0) + 1), 0)
  })
  return column
}

type Columns = readonly (readonly number[])[]

/** The order of the sweep after which the fewest edges crossed. */
function ordered(columns: Columns, before: Columns, after: Columns): Columns {
  let [best, fewest] = [columns, crossings(columns, after)]
  let current = columns
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep += 1) {
    current = swept(current, sweep % 2 === 0 ? before : after, sweep % 2 === 0)
    const now = crossings(current, after)
    if (now < fewest) [best, fewest] = [current, now]
  }
  return best
}

/** Orders each column by the mean place of its nodes' neighbours on one side. */
function swept(columns: Columns, neighbours: Columns, forward: boolean): Columns {
  const place: number[] = []
  const sorted = forward ? [...columns] : columns.toReversed()
  const result = sorted.map(nodes => {
    const weight = new Map(
      nodes.map((node, index) => {
        const near = (neighbours[node] ?? []).map(other => place[other] ?? 0)
        const mean = near.reduce((sum, each) => sum + each, 0) / near.length
        return [node, near.length === 0 ? index / nodes.length : mean]
      })
    )
    const next = nodes.toSorted((one, other) => (weight.get(one) ?? 0) - (weight.get(other) ?? 0))
    next.forEach((node, index) => {
      place[node] = index / next.length
    })
    return next
  })
  return forward ? result : result.reverse()
}

/** Pairs of edges between neighbouring columns that cross. */
function crossings(columns: Columns, after: Columns): number {
  let count = 0
  for (const [at, nodes] of columns.entries()) {
    const place = new Map(columns[at + 1]?.map((node, index) => [node, index]))
    const seen: number[] = []
    for (const node of nodes) {
      const ends = (after[node] ?? []).map(other => place.get(other) ?? 0)
      for (const end of ends) count += seen.filter(other => other > end).length
      seen.push(...ends)
    }
  }
  return count
}
