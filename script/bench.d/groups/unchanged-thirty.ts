import type { Bench } from '../bench.js'
import { dockerLoop } from '../docker-loop.js'
import { oursAtMost, ratioAtMost } from '../figures.js'
import { emptyNode, ourCall } from '../ours.js'
import { unchangedPeers } from '../peers.js'
import { builtFamily } from '../projects.js'
import { type Call, peakBytes, timed } from '../run.js'
import { withCertificates } from '../settings.js'
import { installPeers, ownNode } from '../tools.js'

const COUNT = 30
const DEPTH = 8
const MOST = 2.5
/** The Node with which the bar was laid down: it reads certificates at each start. */
const JUDGED = 20
const MOST_MEMORY = 100 * 1024 ** 2

type Calls = Readonly<Record<string, Call>>

const NAME = '`build` of 30 unchanged images'
const AGAINST: Readonly<Record<string, string>> = {
  node: '`node -e 0`',
  wireit: 'wireit, 30 unchanged scripts',
  turbo: 'turbo, 30 unchanged packages',
  docker: '`docker build` of each, classic builder'
}

const sidesOf = (calls: Calls, measure: (call: Call) => Promise<number>) =>
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, () => measure(call)]))

function addTimes(bench: Bench, times: Readonly<Record<string, number[]>>): void {
  for (const [rival, against] of Object.entries(AGAINST)) {
    if (!times[rival]) continue
    bench.add(
      {
        id: `thirty-${rival}`,
        name: NAME,
        against,
        unit: 'seconds',
        kind: 'cost',
        bars: rival === 'node' ? [ratioAtMost(MOST)] : []
      },
      times.ours,
      times[rival]
    )
  }
}

function addMemory(bench: Bench, bytes: Readonly<Record<string, number[]>>): void {
  for (const [rival, against] of Object.entries(AGAINST)) {
    if (!bytes[rival]) continue
    bench.add(
      {
        id: `thirty-${rival}-memory`,
        name: `${NAME}, memory`,
        against,
        unit: 'memory',
        kind: 'cost',
        bars: rival === 'node' ? [oursAtMost(MOST_MEMORY)] : []
      },
      bytes.ours,
      bytes[rival]
    )
  }
}

async function peerCalls(bench: Bench): Promise<Calls> {
  try {
    return await unchangedPeers(bench, await installPeers(), { count: COUNT, depth: DEPTH })
  } catch (error) {
    bench.leaveOut(
      `wireit and turbo: ${error instanceof Error ? error.message.split('\n')[0] : ''}`
    )
    return {}
  }
}

/** The same against a Node that has certificates to read, as on the machine on which the bar was set. */
async function addWithCertificates(bench: Bench, ours: Call): Promise<void> {
  const setting = withCertificates()
  if (!setting) return bench.leaveOut('30 images with certificates: there is no bundle of them')
  const { major } = await ownNode()
  if (major !== JUDGED) return bench.leaveOut('30 images with certificates: it is about Node 20')
  const node = emptyNode(process.execPath, setting)
  const calls = { ours: { ...ours, env: { ...ours.env, ...setting.env } }, node }
  const rounds = bench.rounds(10, 20)
  const times = await bench.measure('30 unchanged images, certificates', sidesOf(calls, timed), {
    rounds
  })
  bench.add(
    {
      id: `thirty-node${setting.id}`,
      name: `${NAME}${setting.words}`,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(MOST)]
    },
    times.ours,
    times.node
  )
}

/** Thirty unchanged images against an empty Node, and against task runners on the same graph. */
export async function unchangedThirty(bench: Bench): Promise<void> {
  const { project, state, members } = await builtFamily(bench, COUNT, DEPTH)
  const ours = ourCall({ project, state, args: ['build'] })
  const programs: Calls = { ours, node: emptyNode(), ...(await peerCalls(bench)) }
  const calls: Calls = { ...programs, docker: dockerLoop('docker', members) }
  const rounds = bench.rounds(10, 20)
  addTimes(bench, await bench.measure('30 unchanged images', sidesOf(calls, timed), { rounds }))
  await addWithCertificates(bench, ours)
  if (!bench.tellsMemory) return
  const bytes = await bench.measure('30 unchanged images, memory', sidesOf(programs, peakBytes), {
    rounds: bench.rounds(5),
    warmUp: false
  })
  addMemory(bench, bytes)
}
