import type { Figure } from '../figures.js'
import { inDigits } from '../format.js'
import type { ScheduledBuild } from '../results.js'
import { drawPanels, type Panel, panelWords } from './bar-panel.js'
import { linearScale, type Scale } from './scale.js'
import { drawing, line, rect, text } from './svg.js'

const PLOT = [120, 890] as const
const ROW = 24
const KINDS = ['first', 'second', 'third']

/** Panels of the places that were measured: ours, what is possible, and one after another. */
function panelsOf(figures: readonly Figure[]): Panel[] {
  return [2, 4, 8].flatMap(places => {
    const of = (kind: string) => figures.find(({ id }) => id === `chains-${kind}-${places}`)
    const [bound, list] = [of('bound'), of('list')]
    if (!bound) return []
    const rows = [
      { name: 'what the builds themselves need', value: bound.theirs, isOurs: false },
      { name: 'build-chain', value: bound.ours, isOurs: true },
      ...(list ? [{ name: 'one after another, as listed', value: list.theirs, isOurs: false }] : [])
    ]
    return [{ title: `max-parallel ${places}`, unit: 'seconds', rows }]
  })
}

const kindOf = (build: ScheduledBuild, all: readonly ScheduledBuild[]): string => {
  const earlier = all.filter(({ chain, from }) => chain === build.chain && from < build.from)
  return KINDS[Math.min(earlier.length, KINDS.length - 1)] ?? ''
}

function drawSchedule(builds: readonly ScheduledBuild[], top: number, { at, ticks }: Scale) {
  const chains = Math.max(...builds.map(({ chain }) => chain)) + 1
  const bottom = top + chains * ROW
  return [
    ...ticks.flatMap(tick => [
      line({ from: [at(tick), top - 4], to: [at(tick), bottom] }, 'grid'),
      text(`${inDigits(tick)} s`, at(tick), bottom + 16, { class: 'quiet middle' })
    ]),
    ...Array.from({ length: chains }, (_, chain) =>
      text(`chain ${chain + 1}`, PLOT[0] - 12, top + chain * ROW + 14, { class: 'quiet right' })
    ),
    ...builds.map(build =>
      rect(
        {
          x: at(build.from) + 0.5,
          y: top + build.chain * ROW + 2,
          width: Math.max(1, at(build.to) - at(build.from) - 1),
          height: ROW - 6
        },
        kindOf(build, builds)
      )
    )
  ]
}

/** Cold builds of chains: one run as it went, and all against what is possible. */
export function chainsPlot(figures: readonly Figure[], builds: readonly ScheduledBuild[]): string {
  const panels = panelsOf(figures)
  const top = 76
  const scale = linearScale(Math.max(...builds.map(({ to }) => to)), PLOT)
  const chains = Math.max(...builds.map(({ chain }) => chain)) + 1
  const drawn = drawPanels(panels, top + chains * ROW + 44)
  return drawing({
    title: 'Eight chains of three images, built cold',
    words: `When each of ${builds.length} images was built in one run with max-parallel 4. ${panelWords(panels)}`,
    width: 920,
    height: drawn.end + 6,
    parts: [
      text('One run with max-parallel 4: the first, second and third image of each chain', 20, 54, {
        class: 'quiet'
      }),
      ...drawSchedule(builds, top, scale),
      ...drawn.parts
    ]
  })
}
