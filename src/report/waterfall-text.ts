import { oneLine } from './plain-text.js'
import { secondsText } from './quantity-text.js'
import { LOOKS } from './state-look.js'
import { type Bar, mainBars, type Waterfall } from './waterfall.js'

/** Characters of the bars, and of the names before them. */
const WIDTH = 50
const NAME = 44

/** Lines that are drawn. */
const MOST = 100

/** Half characters, so that short builds can be told apart. */
function bar({ start, end, row }: Bar, total: number): string {
  const scale = total > 0 ? WIDTH / total : 0
  const from = Math.min(WIDTH - 1, Math.floor(start * scale))
  const length = Math.max(1, Math.min(WIDTH - from, Math.round((end - start) * scale)))
  const body = (row.state === 'failed' ? '▒' : '█').repeat(length)
  return `${' '.repeat(from)}${body}`.padEnd(WIDTH)
}

/** A run over time as lines of text, one for each image that was built. */
export function waterfallText({ bars, total }: Waterfall): readonly string[] {
  const shown = mainBars(bars, MOST)
  const names = shown.map(({ row }) => `${LOOKS[row.state].symbol} ${oneLine(row.label, NAME - 2)}`)
  const width = Math.max(...names.map(name => name.length))
  const lines = shown.map((each, index) => {
    const attempts = each.row.attempts.length
    const again = attempts > 1 ? ` (${attempts} attempts)` : ''
    const time = secondsText(each.end - each.start)
    return `${(names[index] ?? '').padEnd(width)} │${bar(each, total)}│ ${time}${again}`
  })
  const scale = `${''.padEnd(width)} 0${secondsText(total).padStart(WIDTH)}`
  const hidden = bars.length - shown.length
  return [scale, ...lines, ...(hidden > 0 ? [`… and ${hidden} shorter builds`] : [])]
}
