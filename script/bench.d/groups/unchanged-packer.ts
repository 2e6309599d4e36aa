import type { Bench } from '../bench.js'
import { ratioAtLeast } from '../figures.js'
import { ourCall } from '../ours.js'
import { importPackerBase, packerLoop, writePackerChain } from '../packer-family.js'
import { buildAll } from '../projects.js'
import { timed } from '../run.js'
import { staticBusybox } from '../tools.js'

const COUNT = 20

/** A chain of 20 unchanged Packer images against Packer, which knows nothing of what it did before. */
export async function unchangedPacker(bench: Bench): Promise<void> {
  const busybox = await staticBusybox()
  if (!busybox) return bench.leaveOut('a chain of Packer images: there is no static busybox')
  const base = await importPackerBase(bench, busybox)
  const [project, alone] = [bench.folder('packer'), bench.folder('packer-alone')]
  const state = bench.folder('packer-state')
  const shape = { base, count: COUNT }
  writePackerChain(project, { ...shape, mark: `${bench.mark}/packer`, alone: false })
  const templates = writePackerChain(alone, {
    ...shape,
    mark: `${bench.mark}/packer-alone`,
    alone: true
  })
  const packerWorks = await timed(packerLoop(alone, templates.slice(0, 1))).catch(() => 0)
  if (packerWorks === 0) {
    return bench.leaveOut('a chain of Packer images: no packer here builds with its docker builder')
  }
  bench.say('building the chain of Packer images, to have nothing to build')
  await buildAll(project, state)
  const { ours, theirs } = await bench.measure(
    'a chain of 20 Packer images',
    {
      ours: () => timed(ourCall({ project, state, args: ['build'] })),
      theirs: () => timed(packerLoop(alone, templates))
    },
    { rounds: bench.rounds(1), warmUp: false }
  )
  bench.add(
    {
      id: 'unchanged-packer',
      name: '`build` of a chain of 20 unchanged Packer images',
      against: '`packer build` of each',
      unit: 'seconds',
      kind: 'gain',
      bars: [ratioAtLeast(50)]
    },
    ours,
    theirs
  )
}
