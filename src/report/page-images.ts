import { shellLine } from '../run/command-line.js'
import type { Failure } from '../run/events.js'
import { failedPlace } from './headline.js'
import { htmlText } from './markdown-text.js'
import type { LogText } from './page-logs.js'
import { cutText, escapeControls, oneLine, plainText } from './plain-text.js'
import { bytesText, countText, secondsText } from './quantity-text.js'
import { byUrgency, type Row } from './row.js'
import { LOOKS } from './state-look.js'

/** Bytes of the table's rows; failed images that are told in full. */
const TABLE = 4_000_000
const MOST_FAILED = 50

const code = (text: string) => `<code>${htmlText(text)}</code>`

/** The id of the element with an image's log. */
export const logAnchor = (anchor: string) => `${anchor}-log`

/** A block of lines as a builder printed them. */
const lines = (text: string) => `<pre tabindex="0">${htmlText(plainText(text))}</pre>`

/** The folded log of an image. */
export function pageLog(row: Row, anchor: string, { text, leftOut }: LogText): string {
  const cut =
    leftOut > 0
      ? `<p>The first ${bytesText(leftOut)} are in ${code(oneLine(row.logFile ?? '', 500))} only.</p>`
      : ''
  return `<details id="${logAnchor(anchor)}"><summary>${htmlText(`${LOOKS[row.state].symbol} ${oneLine(row.label, 150)}`)}</summary>${cut}${lines(text)}</details>`
}

function failureArticle(row: Row, anchor: string, hasLog: boolean): string {
  const failure = row.failure as Failure
  const place = failedPlace(failure)
  const facts = [
    `${failure.command.tool} ${htmlText(oneLine(failure.message))}`,
    ...(place ? [`at ${code(oneLine(place))}`] : []),
    `in the manifest at ${code(oneLine(row.place))}`
  ]
  return `<article class="failed"><h3>${code(oneLine(row.label, 150))}</h3>
<p>${facts.join(' · ')}</p>
${failure.lastLines.length > 0 ? lines(failure.lastLines.map(line => cutText(line, 2_000)).join('\n')) : ''}
${(failure.advice ?? []).map(line => `<p class="advice">${htmlText(oneLine(line, 1_000))}</p>`).join('')}
<p>${hasLog ? `<a href="#${logAnchor(anchor)}">Log</a> · ` : ''}Command: ${code(oneLine(escapeControls(shellLine(failure.command)), 4_000))}</p></article>`
}

/** What is to be known of each failed image. */
export function pageFailures(
  rows: readonly Row[],
  anchorOf: (row: Row) => string,
  logs: ReadonlyMap<string, LogText>
): string {
  const failed = rows.filter(({ failure }) => failure !== undefined)
  if (failed.length === 0) return ''
  const articles = failed
    .slice(0, MOST_FAILED)
    .map(row => failureArticle(row, anchorOf(row), logs.has(row.id)))
  const more = failed.length - articles.length
  const note = more > 0 ? `<p>${countText(more, 'more failed image')} in the table.</p>` : ''
  return `<section aria-labelledby="failed"><h2 id="failed">What failed</h2>${articles.join('\n')}${note}</section>`
}

function tableRow(row: Row, anchor: string, hasLog: boolean): string {
  const reason = row.failure?.message ?? row.reason
  const cells = [
    `<th scope="row">${htmlText(oneLine(row.name, 120))}</th>`,
    `<td>${row.tags
      .slice(0, 20)
      .map(tag => code(oneLine(tag, 250)))
      .join('<br>')}</td>`,
    `<td><strong>${LOOKS[row.state].symbol} ${row.state}</strong>: ${htmlText(oneLine(reason, 1_000))}${hasLog ? ` · <a href="#${logAnchor(anchor)}">log</a>` : ''}</td>`,
    `<td>${secondsText(row.seconds)}</td>`,
    `<td>${bytesText(row.bytes)}</td>`,
    `<td>${row.digest === null ? '–' : code(oneLine(row.digest))}</td>`
  ]
  return `<tr id="${anchor}" class="${row.state}">${cells.join('')}</tr>`
}

/** All images as a table, failures first. */
export function pageTable(
  rows: readonly Row[],
  anchorOf: (row: Row) => string,
  logs: ReadonlyMap<string, LogText>
): string {
  const shown: string[] = []
  let left = TABLE
  for (const row of byUrgency(rows)) {
    const line = tableRow(row, anchorOf(row), logs.has(row.id))
    left -= Buffer.byteLength(line)
    if (left < 0) break
    shown.push(line)
  }
  const more = rows.length - shown.length
  const note =
    more > 0 ? `<p>… and ${countText(more, 'image')} more, which the report has.</p>` : ''
  const heads = ['Image', 'Tags', 'Status and reason', 'Time', 'Size', 'Digest']
  return `<section aria-labelledby="images"><h2 id="images">Images</h2>
<div class="wide"><table class="images"><thead><tr>${heads.map(head => `<th scope="col">${head}</th>`).join('')}</tr></thead>
<tbody>
${shown.join('\n')}
</tbody></table></div>${note}</section>`
}
