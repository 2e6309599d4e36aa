import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from '../bench.js'
import { writeFamily } from '../family.js'
import { ratioAtMost } from '../figures.js'
import { ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'
import { writeStandIns } from '../stand-ins.js'

const LINE =
  'Get:1 http://archive.example/debian stable/main amd64 a-package amd64 1.0-1 [12.3 kB]\n'
const PIECE = 1_000_000
const MUCH = 1_000_000_000
const LITTLE = 10_000_000
/** Standard error of a program whose output nobody looks at. */
const NOWHERE = { out: '/dev/null', err: '/dev/null' }

function writeLines(path: string, bytes: number): void {
  const piece = Buffer.alloc(PIECE, LINE)
  const file = openSync(path, 'w')
  for (let written = 0; written < bytes; written += PIECE) writeSync(file, piece)
  closeSync(file)
}

/** A build whose builder says what is in a file; silent without one. */
function speakingBuild(bench: Bench, real: { docker: string; image: string }, says?: string): Call {
  const folder = bench.folder(`speaks-${says === undefined ? 'nothing' : says.split('/').at(-1)}`)
  const { env } = writeStandIns(folder, says === undefined ? real : { ...real, says })
  const state = bench.folder('speaks-state')
  const project = bench.folder('speaks')
  return ourCall({ project, state, args: ['build', '--reuse', 'off'], env })
}

/** A gigabyte of output against `cat` of the same into a file: time and memory. */
export async function builderOutput(bench: Bench, real: { docker: string; image: string }) {
  const folder = bench.folder('outputs')
  const [much, little] = [join(folder, 'much'), join(folder, 'little')]
  writeLines(much, MUCH)
  writeLines(little, LITTLE)
  const project = bench.folder('speaks')
  writeFamily({ project, mark: `${bench.mark}/speaks`, count: 1, depth: 1 })
  const [loud, quiet, silent] = [much, little, undefined].map(says =>
    speakingBuild(bench, real, says)
  ) as [Call, Call, Call]
  const cleared = (measure: () => Promise<number>) => async () => {
    bench.removeFolder('speaks-state')
    return measure()
  }
  const cat = { program: 'cat', args: [much] }
  const copy = join(folder, 'copy')
  const pipe = { program: 'sh', args: ['-c', 'cat "$0" | cat >"$1"', much, copy] }
  const { ours, none, hand, piped } = await bench.measure(
    '1 GB of output',
    {
      ours: cleared(() => timed(loud, NOWHERE)),
      none: cleared(() => timed(silent, NOWHERE)),
      hand: cleared(() => timed(cat, { out: copy, err: '/dev/null' })),
      piped: cleared(() => timed(pipe, NOWHERE))
    },
    { rounds: bench.rounds(3) }
  )
  const spoken = ours.map((seconds, at) => seconds - (none[at] ?? 0))
  bench.add(
    {
      id: 'overhead-output',
      name: '1 GB of builder output into the log',
      against: '`cat` of it into a file',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(2)]
    },
    spoken,
    hand
  )
  bench.add(
    {
      id: 'overhead-output-piped',
      name: '1 GB of builder output into the log',
      against: '`cat` of it into `cat`, and that into a file',
      unit: 'seconds',
      kind: 'cost',
      bars: []
    },
    spoken,
    piped
  )
  if (!bench.tellsMemory) return
  const memory = await bench.measure(
    '1 GB of output, memory',
    {
      much: cleared(() => peakBytes(loud, NOWHERE)),
      little: cleared(() => peakBytes(quiet, NOWHERE))
    },
    { rounds: bench.rounds(1), warmUp: false }
  )
  bench.add(
    {
      id: 'overhead-output-memory',
      name: 'a build with 1 GB of output, memory',
      against: 'one with 10 MB',
      unit: 'memory',
      kind: 'cost',
      bars: [ratioAtMost(1.25)]
    },
    memory.much,
    memory.little
  )
  bench.removeFolder('outputs')
}
