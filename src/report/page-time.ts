import { htmlText } from './markdown-text.js'
import { oneLine } from './plain-text.js'
import { secondsText } from './quantity-text.js'
import type { Row } from './row.js'
import { LOOKS } from './state-look.js'
import { type Bar, mainBars, type Waterfall } from './waterfall.js'

const MOST = 400

/** Seconds between the lines of the scale. */
const STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400
]
const MOST_TICKS = 8

const percent = (part: number, whole: number) =>
  `${Math.round((whole > 0 ? part / whole : 0) * 10_000) / 100}%`

function ticks(total: number): string {
  const step = STEPS.find(each => total / each <= MOST_TICKS) ?? total
  const count = step > 0 ? Math.floor(total / step) : 0
  return Array.from({ length: count + 1 }, (_, index) => index * step)
    .map(at => `<i style="left:${percent(at, total)}">${tickText(at)}</i>`)
    .join('')
}

const tickText = (seconds: number) =>
  seconds < 60
    ? `${Math.round(seconds * 10) / 10} s`
    : `${Math.round((seconds / 60) * 10) / 10} min`

function attemptBars({ row, start }: Bar, total: number): string {
  const [first] = row.attempts
  return row.attempts
    .map(({ startedAt, seconds }, index) => {
      const from = start + startedAt - (first?.startedAt ?? 0)
      const state = index < row.attempts.length - 1 ? 'failed' : row.state
      return `<b class="${state}" style="left:${percent(from, total)};width:max(2px,${percent(seconds, total)})"></b>`
    })
    .join('')
}

/** A run over time as a table with bars. */
export function pageTime({ bars, total }: Waterfall, anchorOf: (row: Row) => string): string {
  const shown = mainBars(bars, MOST)
  const rows = shown.map(bar => {
    const { row, start, end } = bar
    const name = htmlText(`${LOOKS[row.state].symbol} ${oneLine(row.label, 120)}`)
    return `<tr class="${row.state}"><th scope="row"><a href="#${anchorOf(row)}">${name}</a></th><td>${secondsText(start)}</td><td>${secondsText(end - start)}</td><td class="bar" aria-hidden="true">${attemptBars(bar, total)}</td></tr>`
  })
  const hidden = bars.length - shown.length
  const note = hidden > 0 ? `<p>… and ${hidden} shorter builds.</p>` : ''
  return `<section aria-labelledby="time"><h2 id="time">Time</h2>
<div class="wide"><table class="time"><thead><tr><th scope="col">Image</th><th scope="col">Began after</th><th scope="col">Took</th><td class="bar scale" aria-hidden="true">${ticks(total)}</td></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>${note}</section>`
}
