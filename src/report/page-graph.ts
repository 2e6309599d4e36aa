import { type GraphPart, graphPart } from './graph-part.js'
import { layerHeights } from './layer-heights.js'
import { type Layers, layersOf } from './layers.js'
import { htmlText } from './markdown-text.js'
import { oneLine } from './plain-text.js'
import { secondsText } from './quantity-text.js'
import type { Row } from './row.js'
import { LOOKS } from './state-look.js'

const LIMITS = { nodes: 400, edges: 900 }

const WIDTH = 190
const HEIGHT = 42
const BETWEEN = 56
const GAP = 14
/** Room for an edge that passes between nodes. */
const WAY = 14
const MARGIN = 8

/** Characters of a name that fit into a node, the end of which tells most. */
const NAME = 26

const round = (value: number) => Math.round(value * 10) / 10

const endOf = (text: string) => (text.length > NAME ? `…${text.slice(1 - NAME)}` : text)

const columnX = (column: number) => MARGIN + column * (WIDTH + BETWEEN)

interface Drawing {
  readonly part: GraphPart
  readonly layers: Layers
  readonly x: readonly number[]
  readonly y: readonly number[]
}

function draw(part: GraphPart): Drawing {
  const layers = layersOf(part.rows.length, part.edges)
  const room = (node: number) => (node < part.rows.length ? HEIGHT + GAP : WAY)
  const y = layerHeights(layers, room).map(height => height + MARGIN)
  const x: number[] = []
  for (const [column, nodes] of layers.columns.entries()) {
    for (const node of nodes) x[node] = columnX(column)
  }
  return { part, layers, x, y }
}

/** A curve from the right side of each node of a route to the left side of the next. */
function edgePath(route: readonly number[], { x, y }: Drawing): string {
  const at = (node: number) => ({ x: x[node] ?? 0, y: round(y[node] ?? 0) })
  const [first = 0, ...others] = route
  const start = at(first)
  const steps = others.map((node, index) => {
    const from = at(route[index] ?? 0)
    const to = at(node)
    const bend = (to.x - from.x - WIDTH) / 2
    const end = node === route.at(-1) ? '' : ` H${to.x + WIDTH}`
    return `C${from.x + WIDTH + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ${to.y}${end}`
  })
  return `M${start.x + WIDTH} ${start.y}${steps.join('')}`
}

function edgeShape(route: readonly number[], drawing: Drawing): string {
  const base = drawing.part.rows[route[0] ?? 0]
  const blocks = base?.state === 'failed' || base?.state === 'blocked'
  return `<path class="edge${blocks ? ' stopped' : ''}" d="${edgePath(route, drawing)}"/>`
}

function nodeShape(row: Row, node: number, { x, y }: Drawing, anchor: string): string {
  const left = x[node] ?? 0
  const top = round((y[node] ?? 0) - HEIGHT / 2)
  const label = oneLine(row.label, 200)
  const time = row.seconds === null ? '' : `, ${secondsText(row.seconds)}`
  return [
    `<a href="#${anchor}" class="node ${row.state}"><title>${htmlText(`${label}: ${row.state}${time}`)}</title>`,
    `<rect x="${left}" y="${top}" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text x="${left + 10}" y="${top + 18}" class="name">${htmlText(`${LOOKS[row.state].symbol} ${endOf(label)}`)}</text>`,
    `<text x="${left + 10}" y="${top + 34}">${row.state}${time}</text></a>`
  ].join('')
}

/**
 * A chain as inline SVG, bases to the left, and how many images it leaves out.
 * @param anchorOf gives the id of the element that tells of an image
 */
export function pageGraph(
  rows: readonly Row[],
  anchorOf: (row: Row) => string
): { svg: string; width: number; leftOut: number } {
  const part = graphPart(rows, LIMITS)
  const drawing = draw(part)
  const width = columnX(drawing.layers.columns.length) - BETWEEN + MARGIN
  const height = round(Math.max(0, ...drawing.y) + HEIGHT / 2 + MARGIN)
  const shapes = [
    ...drawing.layers.routes.map(route => edgeShape(route, drawing)),
    ...part.rows.map((row, node) => nodeShape(row, node, drawing, anchorOf(row)))
  ]
  return {
    svg: `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="Graph of the chain, bases to the left">\n${shapes.join('\n')}\n</svg>`,
    width,
    leftOut: part.leftOut
  }
}
