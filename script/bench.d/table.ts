import type { Regression } from './compare.js'
import { type Figure, meets } from './figures.js'
import { barWords, inDigits, spreadWords, withUnit } from './format.js'

const HEAD = ['figure', 'against', 'ratio', 'quartiles (ends)', 'ours', 'theirs', 'bar', '']

function rowOf(figure: Figure): string[] {
  const { name, against, ratio, unit, ours, theirs, bars } = figure
  return [
    name.replaceAll('`', ''),
    against.replaceAll('`', ''),
    inDigits(ratio.median),
    spreadWords(figure),
    withUnit(ours, unit),
    withUnit(theirs, unit),
    bars.map(bar => barWords(bar, unit)).join(', '),
    bars.length === 0 ? '' : bars.every(bar => meets(figure, bar)) ? 'met' : 'MISSED'
  ]
}

/** Figures as a table for a terminal. */
export function figuresTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(rowOf)]
  const widths = HEAD.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return `${rows.map(row => line(row).trimEnd()).join('\n')}\n`
}

/** What became worse, in a line. */
export function regressionWords({ now, committed, factor }: Regression): string {
  const [is, was] = [now, committed].map(({ ratio }) => inDigits(ratio.median))
  return `${now.name} / ${now.against}: ${is}, committed ${was}: ${inDigits(factor)} times worse`
}
