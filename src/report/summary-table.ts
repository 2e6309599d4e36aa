import { markdownCode, markdownText } from './markdown-text.js'
import { oneLine } from './plain-text.js'
import { bytesText, secondsText } from './quantity-text.js'
import { byUrgency, type Row } from './row.js'
import { LOOKS } from './state-look.js'

const RUN_HEAD = '| | Image | Tags | Status and reason | Time | Size | Digest |\n|-|-|-|-|-:|-:|-|'

const PLAN_HEAD = '| | Image | Tags | Action and reason | Last time | Size |\n|-|-|-|-|-:|-:|'

/** Tags of one image that are shown. */
const TAGS = 8

/** `sha256:` and twelve digits. */
const shortDigest = (digest: string) => digest.slice(0, 19)

const unbroken = (text: string) => text.replaceAll(' ', '\u00a0')

const digestCell = ({ digest }: Row) =>
  digest === null ? '–' : markdownCode(oneLine(shortDigest(digest)))

const isPlanned = ({ state }: Row) => state === 'build' || state === 'reuse'

function tagsCell(tags: readonly string[]): string {
  const shown = tags.slice(0, TAGS).map(tag => markdownCode(oneLine(tag, 200)))
  const more = tags.length - shown.length
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('<br>')
}

function line(row: Row): string {
  const { symbol } = LOOKS[row.state]
  const state = row.state === 'failed' ? '**failed**' : row.state
  const cells = [
    symbol,
    markdownText(oneLine(row.name, 120)),
    tagsCell(row.tags),
    `${state}: ${markdownText(oneLine(row.failure?.message ?? row.reason))}`,
    unbroken(secondsText(row.seconds)),
    unbroken(bytesText(row.bytes)),
    ...(isPlanned(row) ? [] : [digestCell(row)])
  ]
  return `| ${cells.join(' | ')} |`
}

/** The images as a Markdown table of at most `bytes`, failures first, and how many it leaves out. */
export function summaryTable(
  rows: readonly Row[],
  bytes: number
): { text: string; leftOut: number } {
  const lines: string[] = []
  const head = rows.some(isPlanned) ? PLAN_HEAD : RUN_HEAD
  let left = bytes - Buffer.byteLength(head)
  for (const row of byUrgency(rows)) {
    const next = line(row)
    left -= Buffer.byteLength(next) + 1
    if (left < 0) break
    lines.push(next)
  }
  return { text: [head, ...lines].join('\n'), leftOut: rows.length - lines.length }
}
