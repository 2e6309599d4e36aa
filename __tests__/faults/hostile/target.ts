import fc from 'fast-check'
import { ChainError } from '../../../src/errors.js'

/** Something of the program that is given hostile input. */
export interface Target {
  readonly name: string
  /**
   * Tries it with many inputs.
   * @param begin is called before each of them
   * @returns what went wrong, with the input and the seed; undefined where nothing did
   */
  check(runs: number, seed: number, begin: () => void): Promise<string | undefined>
  /** The input of one case, for a person. */
  show(seed: number, at: number): string
}

/** Milliseconds of the processor that a case may take. */
const MOST = 1_000

const OWNERS = [Object, Array, Function, String, Number, Map, Set, Promise, RegExp, Buffer]

const nowThere = () =>
  JSON.stringify(
    OWNERS.map(owner => [owner, owner.prototype].map(each => Reflect.ownKeys(each).map(String)))
  )

const BEFORE = nowThere()

function refusePollution(): void {
  for (const key in {}) throw new Error(`every object has now a ${key}`)
  if (nowThere() !== BEFORE) throw new Error('a prototype was changed')
}

/** Milliseconds of the processor that some work takes, others being busy on it too. */
async function processorTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

async function refuseSlowness(work: () => unknown, first: number): Promise<void> {
  if (first <= MOST) return
  // Once may be by chance: a collection of garbage, or code that was compiled just now.
  const again = [await processorTime(work), await processorTime(work)]
  const least = Math.min(first, ...again)
  if (least > MOST) throw new Error(`it took ${Math.round(least)} ms`)
}

/**
 * A target that holds for every input: it ends within a second, throws nothing but a ChainError, and
 * leaves the prototypes of all objects as they were.
 * @param hold throws, too, where the input did what it must not
 */
export function target<T>(
  name: string,
  inputs: fc.Arbitrary<T>,
  hold: (input: T) => unknown
): Target {
  const attempt = async (input: T) => {
    try {
      await hold(input)
    } catch (error) {
      if (!(error instanceof ChainError)) throw error
    }
  }
  const check = async (runs: number, seed: number, begin: () => void) => {
    const property = fc.asyncProperty(inputs, async input => {
      begin()
      const work = () => attempt(input)
      await refuseSlowness(work, await processorTime(work))
      refusePollution()
    })
    const details = await fc.check(property, {
      numRuns: runs,
      seed,
      // A counterexample may be slow, and to make it small takes many attempts.
      endOnFailure: process.env.HOSTILE_SHRINK === undefined
    })
    if (!details.failed) return undefined
    const report = fc.defaultReportMessage(details) ?? ''
    return `${report.slice(0, 6_000)}\n${(details.errorInstance as Error | null)?.stack}`
  }
  const show = (seed: number, at: number) => {
    const [input] = fc.sample(inputs, { seed, numRuns: at + 1 }).slice(at)
    return fc.stringify(input).slice(0, 4_000)
  }
  return { name, check, show }
}

/** Fails where something does not hold. */
export function must(holds: boolean, words: string): asserts holds {
  if (!holds) throw new Error(words)
}
