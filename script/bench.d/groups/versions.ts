import type { Bench } from '../bench.js'
import { writeVersions } from '../family.js'
import { type Bar, oursAtMost } from '../figures.js'
import { newerNodes } from '../newer-nodes.js'
import { emptyNode, ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'

const VERSIONS = 20
const MOST_SECONDS = 1.5
const MOST_MEMORY = 250 * 1024 ** 2

const BARE = '`node -e 0`'

/** The plan of so many images, by the Node at a path; by the one that runs this where there is none. */
function planCall(bench: Bench, count: number): (node?: string) => Call {
  const project = bench.folder(`versions-${count}`)
  const state = bench.folder(`versions-${count}-state`)
  const shape = { folders: count / VERSIONS, versions: VERSIONS, depth: 9 }
  writeVersions({ project, mark: `${bench.mark}/versions`, ...shape })
  return node => ourCall({ project, state, args: ['plan'], node })
}

interface Measured {
  readonly id: string
  readonly name: string
  /** Path of the Node. */
  readonly node?: string
  readonly call: (node?: string) => Call
}

async function addTime(bench: Bench, { id, name, node, call }: Measured, bars: readonly Bar[]) {
  const [ours, nothing] = [call(node), emptyNode(node)]
  const times = await bench.measure(
    name,
    { ours: () => timed(ours), node: () => timed(nothing) },
    { rounds: bench.rounds(5) }
  )
  const row = { id, name, against: BARE, unit: 'seconds', kind: 'cost', bars } as const
  bench.add(row, times.ours, times.node)
}

async function addMemory(bench: Bench, { id, name, node, call }: Measured) {
  const [ours, nothing] = [call(node), emptyNode(node)]
  const peaks = await bench.measure(
    name,
    { ours: () => peakBytes(ours), node: () => peakBytes(nothing) },
    { rounds: bench.rounds(3), warmUp: false }
  )
  const bars = [oursAtMost(MOST_MEMORY)]
  const row = { id, name, against: BARE, unit: 'memory', kind: 'cost', bars } as const
  bench.add(row, peaks.ours, peaks.node)
}

/** Plans of twenty versions of each image. */
export async function versions(bench: Bench): Promise<void> {
  const few = planCall(bench, 1000)
  const small = '`plan` of 1,000 images, twenty versions of each'
  await addTime(bench, { id: 'versions-few', name: small, call: few }, [])
  if (bench.isShort) return
  const call = planCall(bench, 10_000)
  const name = '`plan` of 10,000 images, twenty versions of each'
  const newer = (await newerNodes(bench)).map(({ path, major }) => ({
    node: path,
    id: `-node${major}`,
    words: `, Node ${major}`
  }))
  for (const { id, words, ...node } of [{ id: '', words: '' }, ...newer]) {
    const bars = [oursAtMost(MOST_SECONDS)]
    await addTime(bench, { id: `versions-many${id}`, name: `${name}${words}`, call, ...node }, bars)
    if (!bench.tellsMemory) continue
    const memory = `${name}${words}, memory`
    await addMemory(bench, { id: `versions-memory${id}`, name: memory, call, ...node })
  }
}
