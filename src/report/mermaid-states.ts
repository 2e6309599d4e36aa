import type { GraphPart } from './graph-part.js'
import { graphPart } from './graph-part.js'
import { mermaidText } from './mermaid-text.js'
import { oneLine } from './plain-text.js'
import { secondsText } from './quantity-text.js'
import type { Row, RowState } from './row.js'
import { LOOKS } from './state-look.js'

/**
 * More images than these take a browser seconds, and nobody reads them. Mermaid refuses more than 500 edges and 50,000 characters, by its defaults, which GitHub has:
 * https://mermaid.js.org/config/schema-docs/config.html
 */
const LIMITS = { nodes: 100, edges: 450 }
const MOST_CHARACTERS = 45_000

/** Characters of a label: at most seven for one of the image's name, `#nnnnn;`. */
const LABEL = 60

const timeOf = ({ state, seconds }: Row) =>
  seconds !== null && (state === 'built' || state === 'failed') ? `, ${secondsText(seconds)}` : ''

// The semicolon at the end is for https://github.com/mermaid-js/mermaid/blob/develop/packages/mermaid/src/utils.ts:
// `encodeEntities` takes the last one of a line away where it seems to hold a style.
const node = (row: Row, index: number) =>
  `  n${index}["${LOOKS[row.state].symbol} ${mermaidText(oneLine(row.label, LABEL))}<br>${row.state}${timeOf(row)}"]:::${row.state};`

function styleOf(state: RowState): string {
  const { fill, line, text } = LOOKS[state]
  const dashed = state === 'blocked' || state === 'skipped' ? ',stroke-dasharray:4' : ''
  const width = state === 'failed' ? ',stroke-width:4px' : ''
  return `  classDef ${state} fill:${fill},stroke:${line},color:${text}${width}${dashed}`
}

function mermaidOf({ rows, edges }: GraphPart): string {
  const states = [...new Set(rows.map(({ state }) => state))]
  return [
    'flowchart LR',
    ...rows.map(node),
    ...edges.map(({ from, to }) => `  n${from} --> n${to}`),
    ...states.map(styleOf)
  ].join('\n')
}

/** A Mermaid flowchart of a chain, each image with its state, and how many images it leaves out. */
export function mermaidStates(rows: readonly Row[]): { text: string; leftOut: number } {
  let { nodes, edges } = LIMITS
  for (;;) {
    const part = graphPart(rows, { nodes, edges })
    const text = mermaidOf(part)
    if (text.length <= MOST_CHARACTERS) return { text, leftOut: part.leftOut }
    nodes = Math.floor(Math.min(nodes, part.rows.length) * 0.8)
    edges = Math.floor(edges * 0.8)
  }
}
