import { benchmarksPage } from './markdown.js'
import { barsPlot } from './plots/bars-plot.js'
import { chainsPlot } from './plots/chains-plot.js'
import { growthPlot } from './plots/growth-plot.js'
import { unchangedPlot } from './plots/unchanged-plot.js'
import type { Results } from './results.js'

/** The plots that there is something to draw for, by the names of their files. */
function plotsOf({ figures, series, schedule }: Results): ReadonlyMap<string, string> {
  const plots = new Map<string, string>()
  const has = (group: string) => figures.some(figure => figure.group === group)
  if (figures.some(({ bars }) => bars.length > 0)) plots.set('bars', barsPlot(figures))
  if (has('unchanged')) plots.set('unchanged', unchangedPlot(figures))
  if (schedule.length > 0) plots.set('chains', chainsPlot(figures, schedule))
  if (series.length > 0) plots.set('growth', growthPlot(series))
  return plots
}

/** What is written of results, by path from the project's root. */
export function pagesOf(results: Results): ReadonlyMap<string, string> {
  const plots = plotsOf(results)
  return new Map([
    ['docs/benchmarks.md', benchmarksPage(results, new Set(plots.keys()))],
    ...[...plots].map(([name, text]) => [`docs/assets/benchmarks-${name}.svg`, text] as const)
  ])
}
