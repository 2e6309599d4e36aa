import type { Layers } from './layers.js'

const PASSES = 16

interface Block {
  sum: number
  readonly nodes: number[]
}

/**
 * A height for each node, in the order of its column and at least its own room from the next, near
 * the mean of its neighbours.
 * @param room of a node: half of it lies on either side
 */
export function layerHeights(
  { columns, before, after }: Layers,
  room: (node: number) => number
): readonly number[] {
  const heights: number[] = []
  for (const nodes of columns)
    place(
      nodes,
      nodes.map((_, index) => index),
      room,
      heights
    )
  for (let pass = 0; pass < PASSES; pass += 1) {
    const forward = pass % 2 === 0
    for (const nodes of forward ? columns : columns.toReversed()) {
      const wanted = nodes.map(node => {
        const side = (forward ? before : after)[node] ?? []
        const near = side.length > 0 ? side : [node]
        return near.reduce((sum, other) => sum + (heights[other] ?? 0), 0) / near.length
      })
      place(nodes, wanted, room, heights)
    }
  }
  const top = Math.min(...heights.map((height, node) => height - room(node) / 2))
  return heights.map(height => height - top)
}

/** Comes as near to the wanted heights as the order allows, by pooling neighbours that would overlap. */
function place(
  nodes: readonly number[],
  wanted: readonly number[],
  room: (node: number) => number,
  heights: number[]
): void {
  let reach = 0
  const offsets = nodes.map((node, index) => {
    const previous = nodes[index - 1]
    if (previous !== undefined) reach += (room(previous) + room(node)) / 2
    return reach
  })
  const blocks: Block[] = []
  nodes.forEach((_, index) => {
    blocks.push({ sum: (wanted[index] ?? 0) - (offsets[index] ?? 0), nodes: [index] })
    for (let last = blocks.at(-1), above = blocks.at(-2); last && above; above = blocks.at(-2)) {
      if (above.sum / above.nodes.length <= last.sum / last.nodes.length) break
      above.sum += last.sum
      above.nodes.push(...last.nodes)
      blocks.pop()
      last = above
    }
  })
  for (const block of blocks) {
    const mean = block.sum / block.nodes.length
    for (const index of block.nodes) heights[nodes[index] ?? 0] = mean + (offsets[index] ?? 0)
  }
}
