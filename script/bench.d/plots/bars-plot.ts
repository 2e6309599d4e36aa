import { type Bar, barValue, type Figure, meets } from '../figures.js'
import { barWords, inDigits, withUnit } from '../format.js'
import { logScale } from './scale.js'
import { drawing, element, line, text } from './svg.js'

const WIDTH = 920
const ROW = 38
const TOP = 76
const PLOT = [450, 715] as const
/** What is further from its bar than this is drawn at the edge. */
const MOST = 1000

interface Row {
  readonly figure: Figure
  readonly bar: Bar
  /** How many times what the bar allows: 1 and less reaches it. */
  readonly of: number
  readonly lower: number
  readonly upper: number
}

/** A figure with its bar, as a part of what the bar allows. */
function rowOf(figure: Figure, bar: Bar): Row {
  const part = (value: number) =>
    Math.min(
      MOST,
      Math.max(1 / MOST, bar.way === 'at most' ? value / bar.limit : bar.limit / value)
    )
  const of = part(barValue(figure, bar))
  if (bar.of === 'ours') return { figure, bar, of, lower: of, upper: of }
  const ends = [part(figure.ratio.lower), part(figure.ratio.upper)]
  return { figure, bar, of, lower: Math.min(...ends), upper: Math.max(...ends) }
}

function valueWords({ figure, bar }: Row): string {
  const value = barValue(figure, bar)
  const shown = bar.of === 'ratio' ? inDigits(value) : withUnit(value, figure.unit)
  return `${shown}, ${barWords(bar, figure.unit)}`
}

function drawRow(row: Row, y: number, at: (value: number) => number): string[] {
  const { figure, bar, of, lower, upper } = row
  const kind = meets(figure, bar) ? 'met' : 'missed'
  return [
    text(figure.name, 20, y),
    text(`against ${figure.against}`, 20, y + 15, { class: 'quiet' }),
    line({ from: [at(lower), y], to: [at(upper), y] }, `${kind}-line`),
    element('circle', { class: kind, cx: at(of), cy: y, r: 5 }),
    text(valueWords(row), PLOT[1] + 16, y + 4, { 'font-size': 12 })
  ]
}

const timesWords = (value: number): string =>
  value < 1 ? `1/${inDigits(1 / value)}` : inDigits(value)

/** All figures that have a bar, by how far they are from it. */
export function barsPlot(figures: readonly Figure[]): string {
  const rows = figures.flatMap(figure => figure.bars.map(bar => rowOf(figure, bar)))
  const scale = logScale([0.1, 10, ...rows.flatMap(({ lower, upper }) => [lower, upper])], PLOT)
  const bottom = TOP + rows.length * ROW
  const grid = scale.ticks.flatMap(tick => [
    line({ from: [scale.at(tick), TOP - 20], to: [scale.at(tick), bottom] }, 'grid'),
    text(timesWords(tick), scale.at(tick), bottom + 18, { class: 'quiet middle' })
  ])
  const met = rows.filter(({ figure, bar }) => meets(figure, bar)).length
  return drawing({
    title: 'Every figure, as a part of what its bar allows',
    words: `Of ${rows.length} bars ${met} are reached: ${rows.map(row => `${row.figure.name} against ${row.figure.against}: ${valueWords(row)}`).join('; ')}.`,
    width: WIDTH,
    height: bottom + 34,
    parts: [
      ...grid,
      line({ from: [scale.at(1), TOP - 20], to: [scale.at(1), bottom] }, 'bar'),
      text('dot: the median; line: the middle half', 20, TOP - 26, { class: 'quiet' }),
      text('reached', scale.at(1) - 8, TOP - 26, { class: 'quiet right' }),
      text('missed', scale.at(1) + 8, TOP - 26, { class: 'quiet' }),
      ...rows.flatMap((row, number) => drawRow(row, TOP + 8 + number * ROW, scale.at))
    ]
  })
}
