import { type Figure, GROUPS, type GroupName, meets, missedBars } from './figures.js'
import { barWords, inDigits, spreadWords, withUnit } from './format.js'
import { PROSE } from './prose.js'
import { REASONS } from './reasons.js'
import type { Machine, Results } from './results.js'

const cell = (text: string) => text.replaceAll('|', '\\|')

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n')

const metWords = (figure: Figure): string =>
  figure.bars.length === 0 ? '' : figure.bars.every(bar => meets(figure, bar)) ? 'yes' : '**no**'

function figureRow(figure: Figure): string[] {
  const { name, against, unit, ours, theirs, ratio, bars, kind } = figure
  return [
    name,
    against,
    `${inDigits(ratio.median)}${kind === 'gain' ? ' times faster' : ''}`,
    ratio.runs === 1 ? '' : spreadWords(figure),
    ratio.runs === 1 ? '' : String(ratio.runs),
    `${withUnit(ours, unit)} to ${withUnit(theirs, unit)}`,
    bars.map(bar => barWords(bar, unit)).join(', '),
    metWords(figure)
  ]
}

const HEAD = ['what', 'against', 'ratio', 'quartiles (ends)', 'rounds', 'medians', 'bar', 'reached']

const picture = (file: string, words: string) => `![${words}](assets/benchmarks-${file}.svg)`

function groupPart(
  group: GroupName,
  figures: readonly Figure[],
  plots: ReadonlySet<string>
): string[] {
  const own = figures.filter(figure => figure.group === group)
  if (own.length === 0) return []
  const { title, text, plot } = PROSE[group]
  return [
    `## ${title}`,
    text,
    ...(plot && plots.has(plot.file) ? [picture(plot.file, plot.words)] : []),
    table(HEAD, own.map(figureRow))
  ]
}

function missedLine(figure: Figure): string {
  const { id, name, against, ratio, ours, unit } = figure
  const shortfalls = missedBars(figure).map(bar => {
    const value = bar.of === 'ratio' ? inDigits(ratio.median) : withUnit(ours, unit)
    return `${value}, hoped for ${barWords(bar, unit)}`
  })
  const reason = REASONS[id] === undefined ? '' : `: ${REASONS[id]}`
  return `- ${name}, against ${against}: ${shortfalls.join('; ')}${reason}.`
}

function worsePart({ figures, leftOut }: Results): string[] {
  const missed = figures.filter(figure => missedBars(figure).length > 0)
  return [
    '## Worse than hoped',
    missed.length === 0 ? 'Every bar is reached.' : missed.map(missedLine).join('\n'),
    ...(leftOut.length === 0
      ? []
      : [
          'What could not be measured on this machine:',
          leftOut.map(({ group, why }) => `- ${PROSE[group].title}: ${why}`).join('\n')
        ])
  ]
}

function machineWords({ processor, processors, memory, system, versions }: Machine): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const gibibytes = Math.round(memory / 1024 ** 3)
  return `${processor}, ${processors} processors, ${gibibytes} GiB, ${system}; ${programs.join(', ')}`
}

const METHOD = `Everything that is compared is measured in one run, on the machine at hand, in turns: a round measures each side once, and every other round goes in reverse, so that a machine that becomes slower does so for both. A ratio is that of the two measurements of one round; what stands in the tables is the median of these ratios, between which values its middle half lies, and the ends. A first round that does not count puts files into memory, where a round does not take many seconds. Time is from the start of a process to its end, output goes to files. Memory is the most that one of the processes held at once, as the kernel tells GNU time, in rounds of their own, so that measuring it changes no time.

Nothing is compared with a number from another machine: a bar of seconds is about this machine, and the ratio beside it can be compared.`

const RUN = `\`\`\`text
script/bench                     every figure: half an hour
script/bench growth size         some groups
script/bench --short --check     what CI does: fails where a ratio is worse by a quarter
script/bench --write             and keeps this page, its plots and benchmarks.json
\`\`\`

It needs Docker; what else is missing (Packer, a static busybox, docker-registry, zstd, Go for buildx, npm for wireit, turbo and Node 24) leaves out what needs it, and says so. It removes the images and folders that it makes; the daemon's own cache of BuildKit layers keeps a hundred small ones. A figure that is worse with \`--check\` is measured a second time, and fails when it is worse again.`

/**
 * The page of the benchmarks.
 * @param plots names of those that were drawn
 */
export function benchmarksPage(results: Results, plots: ReadonlySet<string>): string {
  const { figures, machine, measured } = results
  const bars = figures.flatMap(figure => figure.bars.map(bar => meets(figure, bar)))
  const parts = [
    '# Benchmarks',
    `How fast build-chain is beside what one would take in its place, and beside what no program can be faster than. \`script/bench\` makes this page, its plots and [benchmarks.json](benchmarks.json), so anyone can measure it again. Bars were set beforehand, and one that can be read in several ways is held against each of them: of ${bars.length} rows with a bar ${bars.filter(Boolean).length} reach it; [the others](#worse-than-hoped) are told, too.`,
    ...(plots.has('bars') ? [picture('bars', 'Each figure as a part of what its bar allows')] : []),
    `Measured on ${measured}: ${machineWords(machine)}.`,
    RUN,
    ...GROUPS.flatMap(group => groupPart(group, figures, plots)),
    ...worsePart(results),
    '## Method',
    METHOD
  ]
  return `${parts.join('\n\n')}\n`
}
