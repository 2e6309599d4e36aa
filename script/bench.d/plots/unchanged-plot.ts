import type { Figure } from '../figures.js'
import { drawPanels, type Panel, type PanelRow, panelWords } from './bar-panel.js'
import { drawing } from './svg.js'

interface Wanted {
  readonly title: string
  /** Figures by id, with the name of what they are against. */
  readonly rivals: Readonly<Record<string, string>>
}

const WANTED: readonly Wanted[] = [
  {
    title: '100 unchanged images, time',
    rivals: {
      'unchanged-bake': 'one docker buildx bake',
      'unchanged-classic': 'docker build, classic, each',
      'unchanged-buildkit': 'docker build, BuildKit, each'
    }
  },
  {
    title: 'A chain of 20 unchanged Packer images, time',
    rivals: { 'unchanged-packer': 'packer build, each' }
  },
  {
    title: '30 unchanged images or tasks, time',
    rivals: {
      'thirty-node': 'node -e 0',
      'thirty-turbo': 'turbo',
      'thirty-wireit': 'wireit',
      'thirty-docker': 'docker build, classic, each'
    }
  },
  {
    title: '30 unchanged images or tasks, memory',
    rivals: {
      'thirty-node-memory': 'node -e 0',
      'thirty-turbo-memory': 'turbo',
      'thirty-wireit-memory': 'wireit'
    }
  }
]

function panelOf(figures: readonly Figure[], { title, rivals }: Wanted): Panel[] {
  const found = figures.filter(({ id }) => id in rivals)
  const [first] = found
  if (!first) return []
  const others: PanelRow[] = found.map(({ id, theirs }) => ({
    name: rivals[id] ?? '',
    value: theirs,
    isOurs: false
  }))
  const rows = [{ name: 'build-chain', value: first.ours, isOurs: true }, ...others]
  return [{ title, unit: first.unit, rows: rows.sort((one, other) => one.value - other.value) }]
}

/** What it takes to find that nothing has changed, beside the others. */
export function unchangedPlot(figures: readonly Figure[]): string {
  const panels = WANTED.flatMap(wanted => panelOf(figures, wanted))
  const { parts, end } = drawPanels(panels, 54)
  return drawing({
    title: 'Nothing changed',
    words: panelWords(panels),
    width: 920,
    height: end + 6,
    parts
  })
}
