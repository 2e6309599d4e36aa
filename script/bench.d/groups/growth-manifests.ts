import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { write, writeFamily, writeVersions } from '../family.js'
import { oursAtMost } from '../figures.js'
import { addLinear, pointsOf, type Sample } from '../growing.js'
import { emptyNode, ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'

const SIZES = [10, 100, 1000, 10_000]
const MOST = 10_000
const VERSIONS = 20
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

/** The plan of as many images, twenty versions of each of five hundred. */
function versionsCall(bench: Bench): Call {
  const [project, state] = [bench.folder('plan-versions'), bench.folder('plan-versions-state')]
  const shape = { folders: MOST / VERSIONS, versions: VERSIONS, depth: 9 }
  writeVersions({ project, mark: `${bench.mark}/plan`, ...shape })
  return ourCall({ project, state, args: ['plan'] })
}

/** Plans of chains of nine, each image with a file of its own, by how many there are. */
function plans(bench: Bench): Readonly<Record<string, Call>> {
  const calls = SIZES.map(count => {
    const project = bench.folder(`plan-${count}`)
    writeFamily({ project, mark: `${bench.mark}/plan`, count, depth: 9, files: ['a'] })
    const state = bench.folder(`plan-${count}-state`)
    return [String(count), ourCall({ project, state, args: ['plan'] })] as const
  })
  return {
    ...Object.fromEntries(calls),
    bare: bareCall(bench),
    ...(bench.isShort ? {} : { versions: versionsCall(bench) }),
    node: emptyNode()
  }
}

const sides = (calls: Readonly<Record<string, Call>>, measure: (call: Call) => Promise<number>) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, () => measure(call)]))

/** Figures of ten thousand images, which are held against the same bars; one of them has no short form. */
const WHOLE = [
  { id: 'growth-manifest', name: '`plan` of a manifest of 10,000 images', side: 'bare' },
  {
    id: 'growth-versions',
    name: '`plan` of 10,000 images, twenty versions of each Dockerfile',
    side: 'versions'
  },
  { id: 'growth-plan', name: '`plan` of 10,000 images with their files', side: String(MOST) }
] as const

/** Plans of 10 to 10,000 images: time and memory. */
export async function growManifests(bench: Bench): Promise<void> {
  bench.say('writing projects of up to 10,000 images')
  const calls = plans(bench)
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
  const one = '`plan`, one more image between 1,000 and 10,000'
  const whole = WHOLE.filter(({ side }) => times[side])
  for (const { id, name, side } of whole) {
    const row = { id, name, against: '`node -e 0`', unit: 'seconds', kind: 'cost' } as const
    bench.add({ ...row, bars: [oursAtMost(MOST_SECONDS)] }, times[side], times.node)
  }
  addLinear(bench, { id: 'growth-plan-linear', name: one, unit: 'seconds' }, samples)
  if (!peaks[MOST]) return
  for (const { id, name, side } of whole) {
    const row = { against: '`node -e 0`', unit: 'memory', kind: 'cost' } as const
    bench.add(
      {
        ...row,
        id: `${id}-memory`,
        name: `${name}, memory`,
        bars: [oursAtMost(MOST_MEMORY)]
      },
      peaks[side],
      peaks.node
    )
  }
  addLinear(bench, { id: 'growth-memory-linear', name: `${one}, memory`, unit: 'memory' }, samples)
}
