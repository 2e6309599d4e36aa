import { ChainError } from '../errors.js'
import type { Image } from '../manifest/image.js'
import { IndexHeap } from './index-heap.js'

/** What one image waits for, by positions in the list of images. */
export interface Edges {
  /** Images that it stands on. */
  readonly needs: readonly number[]
  /** It has a base that cannot be seen, so every earlier image of its manifest comes first. */
  readonly afterAllBefore: boolean
}

/** An image in its place in the chain. */
export interface Node {
  readonly image: Image
  /** Positions, in the order of the graph, of the images that it stands on. */
  readonly needs: readonly number[]
  readonly afterAllBefore: boolean
  /** Counted from 0: one more than the highest stage that it waits for. */
  readonly stage: number
}

/** The images of a chain in the order in which they are built one after another. */
export interface Graph {
  readonly nodes: readonly Node[]
}

/**
 * Orders images: again and again the first of the list whose bases are all taken.
 * @param images in the manifest's order
 * @param edges of each image, in the same order
 * @throws ChainError CHAIN_CYCLE that prints the cycle
 */
export function buildGraph(images: readonly Image[], edges: readonly Edges[]): Graph {
  const order = orderOf(images, edges)
  const place = new Map(order.map((index, position) => [index, position]))
  const nodes: Node[] = []
  const highest = new Map<string, number>()
  for (const index of order) {
    const image = images[index] as Image
    const { needs, afterAllBefore } = edges[index] as Edges
    const positions = needs.map(need => place.get(need) as number)
    const before = afterAllBefore ? (highest.get(image.manifest) ?? -1) : -1
    const highestNeed = positions.reduce((most, at) => Math.max(most, nodes[at]?.stage ?? -1), -1)
    const stage = Math.max(before, highestNeed) + 1
    nodes.push({ image, needs: positions, afterAllBefore, stage })
    highest.set(image.manifest, Math.max(stage, highest.get(image.manifest) ?? 0))
  }
  return { nodes }
}

function orderOf(images: readonly Image[], edges: readonly Edges[]): number[] {
  const waiting = edges.map(edge => new Set(edge.needs).size)
  const dependents = dependentsOf(edges)
  const earlier = barriers(images, edges)
  const ready = new IndexHeap()
  const order: number[] = []
  const offered = new Set<number>()
  const offer = (index: number) => {
    if (waiting[index] !== 0 || !earlier.isFree(index) || offered.has(index)) return
    offered.add(index)
    ready.push(index)
  }
  for (const index of images.keys()) offer(index)
  while (order.length < images.length) {
    const index = ready.pop() ?? earlier.release(at => waiting[at] === 0)
    if (index !== undefined) offered.add(index)
    if (index === undefined) throw cycleError(images, edges, order)
    order.push(index)
    const freed = earlier.take(index)
    for (const dependent of dependents[index] ?? []) {
      waiting[dependent] = (waiting[dependent] ?? 0) - 1
      offer(dependent)
    }
    if (freed !== undefined) offer(freed)
  }
  return order
}

function dependentsOf(edges: readonly Edges[]): number[][] {
  const dependents: number[][] = edges.map(() => [])
  edges.forEach((edge, index) => {
    for (const need of new Set(edge.needs)) dependents[need]?.push(index)
  })
  return dependents
}

/** Keeps back the images that wait for all before them in their manifest. */
function barriers(images: readonly Image[], edges: readonly Edges[]) {
  const members = new Map<string, number[]>()
  images.forEach((image, index) => {
    const list = members.get(image.manifest) ?? []
    list.push(index)
    members.set(image.manifest, list)
  })
  const cursor = new Map<string, number>()
  const taken = new Set<number>()
  const released = new Set<number>()
  const firstLeft = (manifest: string): number | undefined => {
    const list = members.get(manifest) ?? []
    let at = cursor.get(manifest) ?? 0
    while (at < list.length && taken.has(list[at] as number)) at += 1
    cursor.set(manifest, at)
    return list[at]
  }
  const isBarrier = (index: number) => edges[index]?.afterAllBefore === true
  const isFree = (index: number) =>
    !isBarrier(index) ||
    released.has(index) ||
    firstLeft(images[index]?.manifest as string) === index
  const take = (index: number): number | undefined => {
    taken.add(index)
    const next = firstLeft(images[index]?.manifest as string)
    return next !== undefined && isBarrier(next) && !released.has(next) ? next : undefined
  }
  // An earlier image that stands on a barrier cannot be waited for by it: an order, not a need.
  const release = (isReady: (index: number) => boolean): number | undefined => {
    const index = edges.findIndex((_, at) => isBarrier(at) && !taken.has(at) && isReady(at))
    if (index < 0) return undefined
    released.add(index)
    return index
  }
  return { isFree, take, release }
}

function cycleError(
  images: readonly Image[],
  edges: readonly Edges[],
  order: readonly number[]
): ChainError {
  const done = new Set(order)
  const seen: number[] = []
  let at = images.findIndex((_, index) => !done.has(index))
  while (!seen.includes(at)) {
    seen.push(at)
    at = edges[at]?.needs.find(need => !done.has(need)) as number
  }
  const cycle = [...seen.slice(seen.indexOf(at)), at].map(index => images[index]?.id)
  const first = images[at] as Image
  return new ChainError('CHAIN_CYCLE', `images stand on each other: ${cycle.join(' → ')}`, {
    hint: 'Take one of these bases out of its Dockerfile, template or depends_on.',
    where: { file: first.manifest, position: first.position }
  })
}
