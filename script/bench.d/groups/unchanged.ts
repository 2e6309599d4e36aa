import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { startBuildKit } from '../buildkit.js'
import { buildKitClient, daemonAnswers } from '../daemon.js'
import { dockerLoop } from '../docker-loop.js'
import { writeFamily } from '../family.js'
import { ratioAtLeast } from '../figures.js'
import { ourCall } from '../ours.js'
import { type BuiltFamily, builtFamily } from '../projects.js'
import { type Call, output, timed } from '../run.js'
import { findBuildx } from '../tools.js'
import { unchangedPacker } from './unchanged-packer.js'
import { unchangedThirty } from './unchanged-thirty.js'

const COUNT = 100
const DEPTH = 11

/** The same images under tags of their own, since BuildKit makes others of them than the classic builder. */
const copyForBuildKit = (bench: Bench) =>
  writeFamily({
    project: bench.folder('family-buildkit'),
    mark: `${bench.mark}/buildkit`,
    count: COUNT,
    depth: DEPTH
  })

interface Rival {
  readonly id: string
  readonly name: string
  readonly rounds: number
  readonly least: number
  readonly call: Call
}

async function compare(bench: Bench, { project, state }: BuiltFamily, rival: Rival) {
  bench.say(`${rival.name}: building the images, to have nothing to build`)
  await timed(rival.call)
  const { ours, theirs } = await bench.measure(
    rival.name,
    {
      ours: () => timed(ourCall({ project, state, args: ['build'] })),
      theirs: () => timed(rival.call)
    },
    { rounds: rival.rounds, warmUp: false }
  )
  bench.add(
    {
      id: rival.id,
      name: '`build` of 100 unchanged images',
      against: rival.name,
      unit: 'seconds',
      kind: 'gain',
      bars: [ratioAtLeast(rival.least)]
    },
    ours,
    theirs
  )
}

async function compareClassic(bench: Bench, built: BuiltFamily) {
  await compare(bench, built, {
    id: 'unchanged-classic',
    name: '`docker build` in a loop, classic builder',
    rounds: bench.rounds(1),
    least: 25,
    call: dockerLoop('docker', built.members)
  })
}

async function compareBuildKit(bench: Bench, built: BuiltFamily) {
  const client = await buildKitClient(bench.folder('empty'))
  if (!client) return bench.leaveOut('BuildKit in a loop: no docker here can do BuildKit')
  await compare(bench, built, {
    id: 'unchanged-buildkit',
    name: '`docker build` in a loop, BuildKit',
    rounds: bench.rounds(1),
    least: 25,
    call: dockerLoop(client, copyForBuildKit(bench), '1')
  })
}

async function compareBake(bench: Bench, built: BuiltFamily) {
  const programs = await findBuildx().catch(() => undefined)
  if (programs === undefined)
    return bench.leaveOut('`docker buildx bake`: script/buildx has not built it')
  const { project, state } = built
  const file = join(project, 'docker-bake.json')
  const args = ['plan', '--format', 'bake']
  writeFileSync(file, await output(ourCall({ project, state, args })))
  const buildKit = await startBuildKit(bench, programs)
  try {
    const words = ['--builder', 'bench', '--file', file, '--allow', `fs=${project}`]
    await compare(bench, built, {
      id: 'unchanged-bake',
      name: 'one `docker buildx bake`',
      rounds: bench.rounds(1),
      least: 2,
      call: { ...buildKit.buildx('bake', ...words), cwd: project }
    })
  } finally {
    await buildKit.stop()
  }
}

/** How long it takes to find that nothing has changed. */
export async function unchanged(bench: Bench): Promise<void> {
  if (!(await daemonAnswers())) return bench.leaveOut('all of it: no Docker daemon answers')
  await unchangedThirty(bench)
  if (bench.isShort) return bench.leaveOut('100 images, and a chain of Packer images: minutes')
  const built = await builtFamily(bench, COUNT, DEPTH)
  await compareClassic(bench, built)
  await compareBake(bench, built)
  await compareBuildKit(bench, built)
  await unchangedPacker(bench)
}
