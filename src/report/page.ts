import type { Plan } from '../chain/plan.js'
import type { ImageResult } from '../run/events.js'
import { countsWords, type Headline, runHeadline } from './headline.js'
import { htmlText } from './markdown-text.js'
import { pageGraph } from './page-graph.js'
import { pageFailures, pageLog, pageTable } from './page-images.js'
import type { LogText } from './page-logs.js'
import { PAGE_STYLE } from './page-style.js'
import { pageTime } from './page-time.js'
import { countText } from './quantity-text.js'
import { byUrgency, type PushOutcome, type Row, runRows } from './row.js'
import { type Waterfall, waterfall } from './waterfall.js'

/** What a page tells of. */
export interface PageParts {
  readonly plan: Plan
  readonly results: readonly ImageResult[]
  /** By the ids of images. */
  readonly logs: ReadonlyMap<string, LogText>
  readonly pushes?: readonly PushOutcome[] | undefined
}

/** Width above which the graph scrolls rather than shrinks. */
const FITTING = 1_900

// Nothing is loaded and no script runs, whatever a builder printed.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** A run as one HTML page that needs nothing else, neither files nor a network. */
export function runPage({ plan, results, logs, pushes }: PageParts): string {
  const rows = runRows(plan, results, pushes)
  const anchors = new Map(rows.map(({ id }, index) => [id, `image-${index}`]))
  const anchorOf = ({ id }: Row) => anchors.get(id) ?? ''
  const times = waterfall(rows)
  const headline = runHeadline(rows)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(`${headline.mark} ${headline.subject ?? ''} ${headline.words}`)} – build-chain</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
${header(headline, rows, times)}
${[
  pageFailures(rows, anchorOf, logs),
  graphSection(rows, anchorOf),
  times ? pageTime(times, anchorOf) : '',
  pageTable(rows, anchorOf, logs),
  logSection(rows, anchorOf, logs)
]
  .filter(Boolean)
  .join('\n')}
</main>
</body>
</html>
`
}

/** Fonts with pictures are not on every machine. */
const CLASSES = { '❌': 'failed', '⚠️': 'interrupted', '✅': 'built', '📋': 'built' } as const
const SYMBOLS = { '❌': '✗', '⚠️': '!', '✅': '✓', '📋': '●' } as const

function header(
  { mark, subject, words, cause }: Headline,
  rows: readonly Row[],
  times: Waterfall | undefined
): string {
  const name = subject === undefined ? '' : `<code>${htmlText(subject)}</code> `
  const why = cause === undefined ? '' : `: <code class="cause">${htmlText(cause)}</code>`
  const began = times && `began at ${new Date(times.startedAt * 1000).toISOString().slice(0, 19)}Z`
  const facts = [countText(rows.length, 'image'), ...countsWords(rows, times?.total)]
  return `<header class="${CLASSES[mark]}"><h1><span class="mark">${SYMBOLS[mark]}</span> ${name}${htmlText(words)}${why}</h1>
<p>${[...facts, ...(began ? [began] : [])].map(htmlText).join(' · ')}</p></header>`
}

function graphSection(rows: readonly Row[], anchorOf: (row: Row) => string): string {
  if (rows.length === 0) return ''
  const { svg, width, leftOut } = pageGraph(rows, anchorOf)
  const note =
    leftOut > 0
      ? `<p>The chain is too large to be drawn whole: ${countText(leftOut, 'image')} further away from what failed or was built are left out.</p>`
      : ''
  return `<section aria-labelledby="graph"><h2 id="graph">Graph</h2>
<div class="wide${width <= FITTING ? ' fits' : ''}" tabindex="0" role="region" aria-labelledby="graph">${svg}</div>${note}</section>`
}

function logSection(
  rows: readonly Row[],
  anchorOf: (row: Row) => string,
  logs: PageParts['logs']
): string {
  const folded = byUrgency(rows).flatMap(row => {
    const log = logs.get(row.id)
    return log ? [pageLog(row, anchorOf(row), log)] : []
  })
  if (folded.length === 0) return ''
  return `<section aria-labelledby="logs"><h2 id="logs">Logs</h2>\n${folded.join('\n')}</section>`
}
