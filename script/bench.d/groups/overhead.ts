import type { Bench } from '../bench.js'
import { daemonAnswers, docker, dockerPath } from '../daemon.js'
import { writeFamily } from '../family.js'
import { oursAtMost } from '../figures.js'
import { emptyNode, ourCall } from '../ours.js'
import { writePackerChain } from '../packer-family.js'
import { timed } from '../run.js'
import { gapsOf, type StandIns, writeStandIns } from '../stand-ins.js'
import { median } from '../statistics.js'
import { builderOutput } from './overhead-output.js'

const COUNT = 12
const MOST_SECONDS = 0.03

interface Around {
  readonly id: string
  readonly name: string
  readonly project: string
  readonly standIns: StandIns
  readonly args: readonly string[]
}

/** Our time around a build: from the end of one builder to the start of the next in a chain. */
async function measureAround(bench: Bench, { id, name, project, standIns, args }: Around) {
  const { env, spans, forget } = standIns
  const state = bench.folder(`${id}-state`)
  const call = ourCall({ project, state, args: ['build', '--reuse', 'off', ...args], env })
  const ours = async () => {
    forget()
    await timed(call)
    return median(gapsOf(spans()))
  }
  const measured = await bench.measure(
    name,
    { ours, node: () => timed(emptyNode()) },
    { rounds: bench.rounds(5) }
  )
  bench.add(
    {
      id,
      name,
      against: '`node -e 0`',
      unit: 'seconds',
      kind: 'cost',
      bars: [oursAtMost(MOST_SECONDS)]
    },
    measured.ours,
    measured.node
  )
}

/** An image that is there, for a Packer that makes none. */
async function someImage(bench: Bench): Promise<string> {
  const tag = `${bench.mark}/made:1.0`
  const line = 'tar -c -T /dev/null | docker import - "$0"'
  await timed({ program: 'sh', args: ['-c', line, tag] })
  return (await docker('image', 'inspect', '--format', '{{.Id}}', tag)).trim()
}

/** What the program adds to what a builder takes. */
export async function overhead(bench: Bench): Promise<void> {
  if (!(await daemonAnswers())) return bench.leaveOut('all of it: no Docker daemon answers')
  const real = await dockerPath()
  const image = await someImage(bench)
  const standIns = writeStandIns(bench.folder('stand-ins'), { docker: real, image })
  const chain = { count: COUNT, depth: COUNT }
  const dockerfiles = bench.folder('around-docker')
  writeFamily({ project: dockerfiles, mark: `${bench.mark}/around`, ...chain })
  await measureAround(bench, {
    id: 'overhead-docker',
    name: 'our time around a `docker build`',
    project: dockerfiles,
    standIns,
    args: []
  })
  const templates = bench.folder('around-packer')
  const mark = `${bench.mark}/around-packer`
  writePackerChain(templates, { mark, base: `${bench.mark}/made:1.0`, count: COUNT, alone: false })
  await measureAround(bench, {
    id: 'overhead-packer',
    name: 'our time around a `packer build`',
    project: templates,
    standIns,
    args: ['--packer-plugins', 'none']
  })
  await builderOutput(bench, { docker: real, image })
}
