import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, ROOT } from './bench.js'
import { betterOf, findRegressions, type Regression } from './compare.js'
import type { Figure, GroupName } from './figures.js'
import { describeMachine } from './machine.js'
import type { BenchOptions } from './options.js'
import { pagesOf } from './pages.js'
import { mergeResults, type Results } from './results.js'
import { figuresTable, regressionWords } from './table.js'

const FILE = join(ROOT, 'docs/benchmarks.json')

/** The results that are committed; undefined where there are none yet. */
function committedResults(): Results | undefined {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8')) as Results
  } catch {
    return undefined
  }
}

async function resultsOf(bench: Bench): Promise<Results> {
  return {
    measured: new Date().toISOString().slice(0, 10),
    machine: await describeMachine(),
    figures: bench.figures,
    series: bench.series,
    schedule: bench.schedule,
    leftOut: bench.leftOut
  }
}

function writeResults(results: Results): void {
  writeFileSync(FILE, `${JSON.stringify(results, null, 2)}\n`)
  for (const [path, text] of pagesOf(results)) writeFileSync(join(ROOT, path), text)
}

/** Makes the page and its plots once more; false where no results are committed. */
export function redraw(): boolean {
  const results = committedResults()
  if (results) writeResults(results)
  return results !== undefined
}

/** What is worse twice: whatever else the machine does makes a figure worse only for a while. */
async function confirmed(
  bench: Bench,
  committed: readonly Figure[],
  again: (group: GroupName) => Promise<boolean>
): Promise<readonly Regression[]> {
  const first = findRegressions(bench.figures, committed)
  const groups = [...new Set(first.map(({ now }) => now.group))]
  const before = new Map(bench.figures.map(figure => [figure.id, figure]))
  for (const group of groups) {
    bench.group = group
    bench.say('a ratio is worse than the committed one: measured once more')
    bench.forgetGroup()
    await again(group)
  }
  const better = bench.figures.map(figure => betterOf(figure, before.get(figure.id) ?? figure))
  return findRegressions(better, committed)
}

/** Prints the figures, compares them and keeps them as the options say; gives the exit status. */
export async function finish(
  bench: Bench,
  options: BenchOptions,
  again: (group: GroupName) => Promise<boolean>
): Promise<number> {
  const committed = committedResults()
  const known = committed?.figures ?? []
  const worse = options.checks ? await confirmed(bench, known, again) : []
  process.stdout.write(figuresTable(bench.figures))
  for (const { group, why } of bench.leftOut) process.stdout.write(`left out, ${group}: ${why}\n`)
  for (const each of worse) process.stdout.write(`WORSE: ${regressionWords(each)}\n`)
  if (options.writes) writeResults(mergeResults(committed, await resultsOf(bench), options.groups))
  return worse.length > 0 ? 1 : 0
}
