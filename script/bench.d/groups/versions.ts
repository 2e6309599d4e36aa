import type { Bench } from '../bench.js'
import { writeVersions } from '../family.js'
import { oursAtMost } from '../figures.js'
import { emptyNode, ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'

const VERSIONS = 20
const MOST_SECONDS = 1.5
const MOST_MEMORY = 250 * 1024 ** 2

/** The plan of so many images. */
function planCall(bench: Bench, count: number): Call {
  const project = bench.folder(`versions-${count}`)
  const state = bench.folder(`versions-${count}-state`)
  const shape = { folders: count / VERSIONS, versions: VERSIONS, depth: 9 }
  writeVersions({ project, mark: `${bench.mark}/versions`, ...shape })
  return ourCall({ project, state, args: ['plan'] })
}

/** Plans of twenty versions of each image. */
export async function versions(bench: Bench): Promise<void> {
  const node = emptyNode()
  const few = planCall(bench, 1000)
  const row = { against: '`node -e 0`', kind: 'cost', unit: 'seconds' } as const
  const name = '`plan` of 10,000 images, twenty versions of each'
  const small = '`plan` of 1,000 images, twenty versions of each'
  const times = await bench.measure(
    small,
    { few: () => timed(few), node: () => timed(node) },
    { rounds: bench.rounds(5) }
  )
  bench.add({ ...row, id: 'versions-few', name: small, bars: [] }, times.few, times.node)
  if (bench.isShort) return
  const many = planCall(bench, 10_000)
  const long = await bench.measure(
    name,
    { many: () => timed(many), node: () => timed(node) },
    { rounds: bench.rounds(5) }
  )
  const bars = [oursAtMost(MOST_SECONDS)]
  bench.add({ ...row, id: 'versions-many', name, bars }, long.many, long.node)
  if (!bench.tellsMemory) return
  const peaks = await bench.measure(
    `${name}, memory`,
    { many: () => peakBytes(many), node: () => peakBytes(node) },
    { rounds: bench.rounds(3), warmUp: false }
  )
  const memory = { ...row, unit: 'memory', bars: [oursAtMost(MOST_MEMORY)] } as const
  bench.add({ ...memory, id: 'versions-memory', name: `${name}, memory` }, peaks.many, peaks.node)
}
