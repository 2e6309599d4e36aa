import { byUrgency, type Row } from './row.js'

/** An edge of the graph: `from` is the base of `to`; positions among the rows of the part. */
export interface Edge {
  readonly from: number
  readonly to: number
}

/** What of a chain is drawn. */
export interface GraphPart {
  /** In the order of the chain. */
  readonly rows: readonly Row[]
  readonly edges: readonly Edge[]
  /** Images that are not drawn. */
  readonly leftOut: number
}

export interface GraphLimits {
  readonly nodes: number
  readonly edges: number
}

/** All of a chain where it can be drawn, else failures with what is nearest to them, else work with its bases. */
export function graphPart(rows: readonly Row[], limits: GraphLimits): GraphPart {
  const whole = partOf(rows, rows)
  if (rows.length <= limits.nodes && whole.edges.length <= limits.edges) return whole
  const kept = nearest(rows, limits)
  return partOf(
    rows.filter(row => kept.has(row.id)),
    rows
  )
}

function partOf(rows: readonly Row[], all: readonly Row[]): GraphPart {
  const places = new Map(rows.map(({ id }, index) => [id, index]))
  const edges = rows.flatMap(({ dependsOn }, to) =>
    [...new Set(dependsOn)].flatMap(id => {
      const from = places.get(id)
      return from === undefined ? [] : [{ from, to }]
    })
  )
  return { rows, edges, leftOut: all.length - rows.length }
}

/** Ids of the images that are nearest to the most urgent ones, until a limit is met. */
function nearest(rows: readonly Row[], limits: GraphLimits): ReadonlySet<string> {
  const neighbours = neighboursOf(rows)
  const kept = new Set<string>()
  let edges = 0
  for (const id of byNearness(rows, neighbours)) {
    if (kept.size >= limits.nodes) break
    const joins = (neighbours.get(id) ?? []).filter(other => kept.has(other)).length
    if (edges + joins > limits.edges) continue
    edges += joins
    kept.add(id)
  }
  return kept
}

function byNearness(rows: readonly Row[], neighbours: Neighbours): ReadonlySet<string> {
  const urgent = byUrgency(rows)
  const first = urgent.filter(({ state }) => state === urgent[0]?.state)
  const found = new Set(first.map(({ id }) => id))
  // A set hands out what is added to it meanwhile, so that this goes on to the neighbours' neighbours.
  for (const id of found) for (const other of neighbours.get(id) ?? []) found.add(other)
  for (const { id } of urgent) found.add(id)
  return found
}

type Neighbours = ReadonlyMap<string, readonly string[]>

function neighboursOf(rows: readonly Row[]): Neighbours {
  const neighbours = new Map<string, string[]>(rows.map(({ id }) => [id, []]))
  for (const { id, dependsOn } of rows) {
    for (const base of new Set(dependsOn)) {
      neighbours.get(id)?.push(...(neighbours.has(base) ? [base] : []))
      neighbours.get(base)?.push(id)
    }
  }
  return neighbours
}
