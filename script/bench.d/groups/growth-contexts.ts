import { rmSync } from 'node:fs'
import type { Bench } from '../bench.js'
import { writeContext } from '../contexts.js'
import { ratioAtLeast, ratioAtMost } from '../figures.js'
import { addLinear, pointsOf, type Sample } from '../growing.js'
import { ourCall } from '../ours.js'
import { type Call, peakBytes, timed } from '../run.js'

const HASHED = 20_000

const sizesOf = (bench: Bench): readonly number[] =>
  bench.isShort ? [10, 1000, 10_000] : [10, 100, 1000, 10_000, 100_000]

/** A plan of a context, with what was remembered of its files or without. */
class ContextPlan {
  readonly project: string
  readonly #state: string
  readonly #call: Call

  constructor(bench: Bench, count: number) {
    this.project = bench.folder(`context-${count}`)
    this.#state = bench.folder(`context-${count}-state`)
    writeContext(this.project, bench.mark, count)
    this.#call = ourCall({ project: this.project, state: this.#state, args: ['plan'] })
  }

  /** Hashes every file. */
  first(measure = timed): Promise<number> {
    rmSync(this.#state, { recursive: true, force: true })
    return measure(this.#call)
  }

  /** Plans after so many others: the first hashes every file, and the second finds that nothing has changed. */
  async again(times: number): Promise<number> {
    await this.first()
    for (let time = 1; time < times; time += 1) await timed(this.#call)
    return timed(this.#call)
  }
}

async function growFiles(bench: Bench): Promise<void> {
  const sizes = sizesOf(bench)
  bench.say(`writing contexts of up to ${sizes.at(-1)?.toLocaleString('en-US')} files`)
  const plans = sizes.map(count => [String(count), new ContextPlan(bench, count)] as const)
  const sides = (measure: typeof timed | typeof peakBytes) =>
    Object.fromEntries(plans.map(([name, plan]) => [name, () => plan.first(measure)]))
  const name = 'a first plan of contexts of all sizes'
  const times = await bench.measure(name, sides(timed), { rounds: bench.rounds(5) })
  const peaks = bench.tellsMemory
    ? await bench.measure(`${name}, memory`, sides(peakBytes), {
        rounds: bench.rounds(3),
        warmUp: false
      })
    : {}
  const samples: Sample[] = sizes.map(x => ({ x, seconds: times[x] ?? [], bytes: peaks[x] }))
  for (const size of sizes) bench.removeFolder(`context-${size}`)
  const points = pointsOf(samples)
  bench.series.push({ id: 'files', group: 'growth', name: 'first `plan`', of: 'files', points })
  if (bench.isShort) return
  const head = { name: 'first `plan`, one more file between 10,000 and 100,000' }
  addLinear(bench, { ...head, id: 'growth-files-linear', unit: 'seconds' }, samples)
  if (!bench.tellsMemory) return
  const memory = {
    id: 'growth-files-memory',
    name: `${head.name}, memory`,
    unit: 'memory'
  } as const
  addLinear(bench, memory, samples)
}

/** Everything that git knows, hashed by the fastest that is at hand everywhere. */
const hashedByHand = (cwd: string): Call => ({
  program: 'sh',
  args: ['-c', 'git ls-files -z src | xargs -0 sha256sum'],
  cwd
})

/** The least that any program takes to see whether files have changed: each is asked for its size and times. */
const askedByHand = (cwd: string): Call => ({
  program: 'find',
  args: ['src', '-printf', '%p %s %T@ %C@ %i %m\\n'],
  cwd
})

async function hashFiles(bench: Bench): Promise<void> {
  bench.say('writing a context of 20,000 files')
  const [full, empty] = [new ContextPlan(bench, HASHED), new ContextPlan(bench, 0)]
  await timed({ program: 'sh', args: ['-c', 'git init -q . && git add src'], cwd: full.project })
  const { first, second, third, hand, asked, nothing } = await bench.measure(
    'a context of 20,000 files',
    {
      first: () => full.first(),
      second: () => full.again(1),
      third: () => full.again(2),
      hand: () => timed(hashedByHand(full.project)),
      asked: () => timed(askedByHand(full.project)),
      nothing: () => empty.again(1)
    },
    { rounds: bench.rounds(7) }
  )
  bench.add(
    {
      id: 'growth-hash',
      name: 'first `plan` of a context of 20,000 files',
      against: '`git ls-files | xargs sha256sum`',
      unit: 'seconds',
      kind: 'cost',
      bars: [ratioAtMost(1.5)]
    },
    first,
    hand
  )
  // Less what the same plan takes without files: it is the hashes that are kept.
  const less = (values: readonly number[]) => values.map((value, at) => value - (nothing[at] ?? 0))
  const known = 'looking at 20,000 files that are known'
  const gain = { against: 'hashing them the first time', unit: 'seconds', kind: 'gain' } as const
  bench.add(
    {
      ...gain,
      id: 'growth-kept',
      name: `${known}, from the third plan on`,
      bars: [ratioAtLeast(10)]
    },
    less(third),
    less(first)
  )
  bench.add(
    { ...gain, id: 'growth-kept-second', name: `${known}, in the second plan`, bars: [] },
    less(second),
    less(first)
  )
  bench.add(
    {
      id: 'growth-kept-floor',
      name: `${known}, from the third plan on`,
      against: '`find -printf` of their sizes and times',
      unit: 'seconds',
      kind: 'cost',
      bars: []
    },
    less(third),
    asked
  )
  bench.add(
    {
      ...gain,
      id: 'growth-kept-whole',
      name: 'third `plan` of a context of 20,000 files, all in all',
      against: 'the first',
      bars: []
    },
    third,
    first
  )
}

/** Contexts of 10 to 100,000 files, hashes that are kept, and hashing by hand. */
export async function growContexts(bench: Bench): Promise<void> {
  await growFiles(bench)
  await hashFiles(bench)
}
