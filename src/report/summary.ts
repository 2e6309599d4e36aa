import type { Plan } from '../chain/plan.js'
import type { ImageResult } from '../run/events.js'
import { countsWords, type Headline, planHeadline, runHeadline } from './headline.js'
import { markdownBlock, markdownCode, markdownText } from './markdown-text.js'
import { mermaidStates } from './mermaid-states.js'
import { countText, groupDigits } from './quantity-text.js'
import { type PushOutcome, planRows, type Row, runRows } from './row.js'
import { LOOKS } from './state-look.js'
import { failureSections } from './summary-failures.js'
import { summaryTable } from './summary-table.js'
import { type Waterfall, waterfall } from './waterfall.js'
import { waterfallText } from './waterfall-text.js'

/**
 * Bytes of a job summary: GitHub shows none that is larger than 1 MiB.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits
 */
export const SUMMARY_LIMIT = 1_000_000

/** Bytes that a table may take; the rest is for what stands before and after it. */
const TABLE = 500_000

interface SummaryOptions {
  /** Bytes of UTF-8 that it has to stay below. */
  readonly limit?: number
  readonly pushes?: readonly PushOutcome[] | undefined
}

/**
 * A run as the Markdown of a job summary: what failed and why first, then the graph, the table and
 * the time that each image took.
 */
export function runSummary(
  plan: Plan,
  results: readonly ImageResult[],
  { limit = SUMMARY_LIMIT, pushes }: SummaryOptions = {}
): string {
  const rows = runRows(plan, results, pushes)
  const times = waterfall(rows)
  return within(limit, [
    headlineSection(runHeadline(rows)),
    countsSection(rows, times?.total),
    ...failureSections(rows),
    graphSection(rows),
    tableSection(rows, Math.min(TABLE, limit / 2)),
    ...timeSection(times)
  ])
}

/** A plan as the Markdown of a job summary: what would be built, and why. */
export function planSummary(plan: Plan, limit = SUMMARY_LIMIT): string {
  const rows = planRows(plan)
  return within(limit, [
    headlineSection(planHeadline(rows)),
    countsSection(rows, undefined),
    graphSection(rows),
    tableSection(rows, Math.min(TABLE, limit / 2))
  ])
}

/** What kept a run from starting, as the Markdown of a job summary. */
export function errorSummary(text: string, limit = SUMMARY_LIMIT): string {
  const lines = text.split('\n').slice(0, 50)
  const [first = '', ...rest] = lines.map(line => line.slice(0, 1_000))
  return within(limit, [
    headlineSection({ mark: '❌', words: first }),
    ...(rest.length > 0 ? [markdownBlock(rest)] : [])
  ])
}

/** Those sections that fit, in their order; one that does not is left out and said to be. */
function within(limit: number, sections: readonly string[]): string {
  const note = 'More was left out here: the report has everything.\n'
  let left = limit - Buffer.byteLength(note)
  const kept = sections.filter(section => {
    const bytes = Buffer.byteLength(section) + 2
    if (bytes > left) return false
    left -= bytes
    return true
  })
  const cut = kept.length < sections.length ? [note] : []
  return [...kept, ...cut].map(section => `${section}\n`).join('\n')
}

function headlineSection({ mark, subject, words, cause }: Headline): string {
  const start = subject === undefined ? '' : `${markdownCode(subject)} `
  const why = cause === undefined ? '' : `: ${markdownCode(cause)}`
  return `## ${mark} ${start}${markdownText(words)}${why}`
}

const countsSection = (rows: readonly Row[], total: number | undefined): string =>
  `**${countText(rows.length, 'image')}:** ${countsWords(rows, total).map(markdownText).join(' · ')}`

function graphSection(rows: readonly Row[]): string {
  if (rows.length === 0) return ''
  const { text, leftOut } = mermaidStates(rows)
  const note =
    leftOut > 0
      ? `\n\nThe chain is too large to be drawn whole: ${groupDigits(leftOut)} of its images are not in the graph, which shows ${nearWhat(rows)}.`
      : ''
  return `### Graph\n\n\`\`\`mermaid\n${text}\n\`\`\`${note}`
}

const nearWhat = (rows: readonly Row[]) =>
  rows.some(({ state }) => state === 'failed')
    ? 'what failed and what is next to it'
    : 'what is built and what is next to it'

/** Rows above which a table is folded. */
const FOLDED = 60

function tableSection(rows: readonly Row[], bytes: number): string {
  if (rows.length === 0) return ''
  const { text, leftOut } = summaryTable(rows, bytes)
  const note =
    leftOut > 0 ? `\n\n… and ${countText(leftOut, 'image')} more, which the report has.` : ''
  if (rows.length <= FOLDED) return `### Images\n\n${text}${note}`
  const title = `<summary><b>${LOOKS.built.symbol} ${countText(rows.length, 'image')}</b></summary>`
  return `### Images\n\n<details>${title}\n\n${text}${note}\n\n</details>`
}

function timeSection(times: Waterfall | undefined): readonly string[] {
  if (!times) return []
  return [`### Time\n\n${markdownBlock(waterfallText(times))}`]
}
