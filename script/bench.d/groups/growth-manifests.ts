import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { write, writeFamily } from '../family.js'
import { oursAtMost } from '../figures.js'
import { addLinear, pointsOf, type Sample } from '../growing.js'
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
function plans(bench: Bench): Readonly<Record<string, Call>> {
  const calls = SIZES.map(count => {
    const project = bench.folder(`plan-${count}`)
    writeFamily({ project, mark: `${bench.mark}/plan`, count, depth: 9, files: ['a'] })
    const state = bench.folder(`plan-${count}-state`)
    return [String(count), ourCall({ project, state, args: ['plan'] })] as const
  })
  return { ...Object.fromEntries(calls), bare: bareCall(bench), node: emptyNode() }
}

const sides = (calls: Readonly<Record<string, Call>>, measure: (call: Call) => Promise<number>) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, () => measure(call)]))

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
  const plan = '`plan` of 10,000 images with their files'
  const bare = '`plan` of a manifest of 10,000 images'
  const one = '`plan`, one more image between 1,000 and 10,000'
  bench.add(
    {
      id: 'growth-manifest',
      name: bare,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [oursAtMost(MOST_SECONDS)]
    },
    times.bare,
    times.node
  )
  bench.add(
    {
      id: 'growth-plan',
      name: plan,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [oursAtMost(MOST_SECONDS)]
    },
    times[MOST],
    times.node
  )
  addLinear(bench, { id: 'growth-plan-linear', name: one, unit: 'seconds' }, samples)
  if (!peaks[MOST]) return
  bench.add(
    {
      id: 'growth-manifest-memory',
      name: `${bare}, memory`,
      against: '`node -e 0`',
      unit: 'memory',
      kind: 'cost',
      bars: [oursAtMost(MOST_MEMORY)]
    },
    peaks.bare,
    peaks.node
  )
  bench.add(
    {
      id: 'growth-plan-memory',
      name: `${plan}, memory`,
      against: '`node -e 0`',
      unit: 'memory',
      kind: 'cost',
      bars: [oursAtMost(MOST_MEMORY)]
    },
    peaks[MOST],
    peaks.node
  )
  addLinear(bench, { id: 'growth-memory-linear', name: `${one}, memory`, unit: 'memory' }, samples)
}
