import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { write, writeFamily } from '../family.js'
import { oursAtMost } from '../figures.js'
import { addLinear, pointsOf, type Sample } from '../growing.js'
import { newerNodes } from '../newer-nodes.js'
import { emptyNode, ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'

const SIZES = [10, 100, 1000, 10_000]
const MOST = 10_000
const MOST_SECONDS = 1.5
const MOST_MEMORY = 250 * 1024 ** 2

/** The plan of a manifest whose files are elsewhere: what is left is the work on the manifest. */
function bareCall(bench: Bench): Call {
  const [project, state] = [bench.folder('plan-bare'), bench.folder('plan-bare-state')]
  const images = Array.from({ length: MOST }, (_, number) => ({
    tag: `${bench.mark}/plan/image-${number}:1.0`,
    dockerfile: `image-${number}/Dockerfile`
  }))
  write(join(project, 'docker/IMAGES.json'), JSON.stringify({ images }, null, 2))
  return ourCall({ project, state, args: ['plan'] })
}

/** Plans of chains of nine, each image with a file of its own, by how many there are. */
async function plans(bench: Bench): Promise<Readonly<Record<string, Call>>> {
  const calls = SIZES.map(count => {
    const project = bench.folder(`plan-${count}`)
    writeFamily({ project, mark: `${bench.mark}/plan`, count, depth: 9, files: ['a'] })
    const state = bench.folder(`plan-${count}-state`)
    return [String(count), ourCall({ project, state, args: ['plan'] })] as const
  })
  const sized = Object.fromEntries(calls)
  const most = sized[MOST] as Call
  const newer = (await newerNodes(bench)).flatMap(({ path }) => [
    ['newer', { ...most, program: path }] as const,
    ['newerNode', emptyNode(path)] as const
  ])
  return { ...sized, bare: bareCall(bench), node: emptyNode(), ...Object.fromEntries(newer) }
}

const sides = (calls: Readonly<Record<string, Call>>, measure: (call: Call) => Promise<number>) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, () => measure(call)]))

const FILES = '`plan` of 10,000 images with their files'

/** The plans of 10,000 images, and the Node that each is compared with. */
const LARGEST = [
  {
    id: 'growth-manifest',
    name: '`plan` of a manifest of 10,000 images',
    ours: 'bare',
    node: 'node'
  },
  { id: 'growth-plan', name: FILES, ours: String(MOST), node: 'node' },
  { id: 'growth-plan-node24', name: `${FILES}, Node 24`, ours: 'newer', node: 'newerNode' }
] as const

function addLargest(
  bench: Bench,
  figures: Readonly<Record<string, readonly number[]>>,
  unit: 'seconds' | 'memory'
): void {
  const end = unit === 'memory' ? { id: '-memory', name: ', memory' } : { id: '', name: '' }
  const bars = [oursAtMost(unit === 'memory' ? MOST_MEMORY : MOST_SECONDS)]
  for (const { id, name, ours, node } of LARGEST) {
    if (!figures[ours]) continue
    const figure = { id: `${id}${end.id}`, name: `${name}${end.name}`, against: '`node -e 0`' }
    bench.add({ ...figure, unit, kind: 'cost', bars }, figures[ours], figures[node])
  }
}

/** Plans of 10 to 10,000 images: time and memory. */
export async function growManifests(bench: Bench): Promise<void> {
  bench.say('writing projects of up to 10,000 images')
  const calls = await plans(bench)
  const rounds = bench.rounds(5)
  const times = await bench.measure('plans of 10 to 10,000 images', sides(calls, timed), { rounds })
  const peaks = bench.tellsMemory
    ? await bench.measure('plans of 10 to 10,000 images, memory', sides(calls, peakBytes), {
        rounds: bench.rounds(3),
        warmUp: false
      })
    : {}
  const samples: Sample[] = SIZES.map(x => ({ x, seconds: times[x] ?? [], bytes: peaks[x] }))
  bench.series.push({
    id: 'images',
    group: 'growth',
    name: '`plan`',
    of: 'images',
    points: pointsOf(samples)
  })
  addLargest(bench, times, 'seconds')
  const one = '`plan`, one more image between 1,000 and 10,000'
  addLinear(bench, { id: 'growth-plan-linear', name: one, unit: 'seconds' }, samples)
  if (!peaks[MOST]) return
  addLargest(bench, peaks, 'memory')
  addLinear(bench, { id: 'growth-memory-linear', name: `${one}, memory`, unit: 'memory' }, samples)
}
