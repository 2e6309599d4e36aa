import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chainLengths,
  type ScheduleOptions,
  schedule,
  type Task,
  type TaskEnd
} from '../../../src/run/schedule.js'
import { type Gate, gate } from '../../fixtures/fake-ports.js'

const task = (...needs: number[]): Task => ({ needs, after: [], weight: 1 })
const later = (...after: number[]): Task => ({ needs: [], after, weight: 1 })
const weighing = (weight: number, ...needs: number[]): Task => ({ needs, after: [], weight })

/** All that is due has happened: every promise that was settled has been heard. */
const heard = () => new Promise(resolve => setImmediate(resolve))

/** A run whose tasks end when and as the test says. */
class Run {
  readonly started: number[] = []
  readonly blocked: [index: number, by: number][] = []
  readonly skipped: number[] = []
  readonly finished: Promise<void>
  isFinished = false
  readonly #gates = new Map<number, Gate<TaskEnd>>()
  readonly #places = new Map<number, () => void>()

  constructor(tasks: readonly Task[], options: Partial<ScheduleOptions> = {}) {
    this.finished = schedule(tasks, {
      parallel: 2,
      failFast: true,
      signal: new AbortController().signal,
      run: (index, _, freePlace) => {
        const end = gate<TaskEnd>()
        this.started.push(index)
        this.#places.set(index, freePlace)
        this.#gates.set(index, end)
        return end.promise
      },
      blocked: (index, by) => this.blocked.push([index, by]),
      skipped: index => this.skipped.push(index),
      ...options
    }).finally(() => {
      this.isFinished = true
    })
  }

  get running(): number[] {
    return [...this.#gates.keys()]
  }

  /** Those of them that have freed their places. */
  get ending(): number[] {
    return this.running.filter(index => !this.#places.has(index))
  }

  /** Has a task free its place and go on. */
  async free(index: number): Promise<void> {
    this.#places.get(index)?.()
    this.#places.delete(index)
    await heard()
  }

  async end(index: number, how: TaskEnd = 'done'): Promise<void> {
    this.#take(index).open(how)
    await heard()
  }

  async crash(index: number, error: Error): Promise<void> {
    this.#take(index).fail(error)
    await heard()
  }

  #take(index: number): Gate<TaskEnd> {
    const end = this.#gates.get(index)
    if (!end) throw new Error(`task ${index} does not run`)
    this.#gates.delete(index)
    return end
  }
}

describe('schedule', () => {
  it('ends at once where there is nothing to do', async () => {
    await expect(new Run([]).finished).resolves.toBeUndefined()
  })

  it('starts no more than so many tasks at a time, and the next when one ends', async () => {
    const run = new Run([task(), task(), task(), task()], { parallel: 2 })
    expect(run.started).toEqual([0, 1])
    await run.end(1)
    expect(run.started).toEqual([0, 1, 2])
    await run.end(0)
    await run.end(2)
    await run.end(3)
    await run.finished
  })

  it('starts a task only when all that it needs has ended', async () => {
    const run = new Run([task(), task(), task(0, 1)], { parallel: 3 })
    await run.end(0)
    expect(run.started).toEqual([0, 1])
    await run.end(1)
    expect(run.started).toEqual([0, 1, 2])
  })

  it('is not over before its last task is', async () => {
    const run = new Run([task()])
    await heard()
    expect(run.isFinished).toBe(false)
    await run.end(0)
    expect(run.isFinished).toBe(true)
  })

  it('starts first what the longest chain stands on', async () => {
    const run = new Run([task(), task(), task(1), task(2)], { parallel: 1 })
    expect(run.started).toEqual([1])
    await run.end(1)
    expect(run.started).toEqual([1, 2])
    await run.end(2)
    expect(run.started).toEqual([1, 2, 0])
  })

  it('measures a chain in the seconds that its tasks take', () => {
    const tasks = [task(), task(), weighing(50, 1), task(0), task(3)]
    expect(new Run(tasks, { parallel: 1 }).started).toEqual([1])
  })

  it('keeps the given order among chains of the same length', () => {
    expect(new Run([task(), task(), task()], { parallel: 3 }).started).toEqual([0, 1, 2])
  })
})

describe('a task that comes after others', () => {
  it('waits until they have ended', async () => {
    const run = new Run([task(), task(), later(0, 1)], { parallel: 3 })
    await run.end(1)
    expect(run.started).toEqual([0, 1])
    await run.end(0)
    expect(run.started).toEqual([0, 1, 2])
  })

  it('starts although they failed, since it only comes after them', async () => {
    const run = new Run([task(), later(0)], { failFast: false })
    await run.end(0, 'failed')
    expect(run.started).toEqual([0, 1])
  })

  it('starts although they are blocked', async () => {
    const run = new Run([task(), task(0), later(1)], { failFast: false })
    await run.end(0, 'failed')
    expect(run.started).toEqual([0, 2])
    expect(run.blocked).toEqual([[1, 0]])
  })
})

describe('a task that has freed its place', () => {
  it('lets another start before it ends', async () => {
    const run = new Run([task(), task(), task()], { parallel: 1 })
    await run.free(0)
    expect(run.started).toEqual([0, 1])
    await run.end(0)
    expect(run.started).toEqual([0, 1])
    expect(run.isFinished).toBe(false)
    await run.end(1)
    expect(run.started).toEqual([0, 1, 2])
  })

  it.each(['needs it', 'comes after it'])(
    'is still waited for by what %s, which starts before all shorter chains',
    async how => {
      const next = how === 'needs it' ? weighing(5, 0) : { ...weighing(5), after: [0] }
      const run = new Run([task(), task(), next], { parallel: 1 })
      await run.free(0)
      expect(run.started).toEqual([0])
      await run.end(0)
      expect(run.started).toEqual([0, 2])
    }
  )

  it('frees no more than one place, however often it says so, and none once it has ended', async () => {
    const started: number[] = []
    const frees: (() => void)[] = []
    const ends: (() => void)[] = []
    void schedule([task(), task(), task(), task()], {
      parallel: 1,
      failFast: true,
      signal: new AbortController().signal,
      run: (index, _, freePlace) => {
        started.push(index)
        frees.push(freePlace)
        return new Promise(resolve => ends.push(() => resolve('done')))
      },
      blocked: () => {},
      skipped: () => {}
    })
    for (const step of [frees[0], frees[0], ends[0], frees[0]]) {
      step?.()
      await heard()
    }
    expect(started).toEqual([0, 1])
  })
})

describe('a task that fails', () => {
  it('keeps everything from starting, and lets what runs come to its end', async () => {
    const run = new Run([task(), task(), task(), task()], { parallel: 2 })
    await run.end(0, 'failed')
    expect(run.running).toEqual([1])
    expect(run.isFinished).toBe(false)
    await run.end(1)
    await run.finished
    expect(run.started).toEqual([0, 1])
    expect(run.skipped).toEqual([2, 3])
  })

  it('leaves the rest to run where the run is not to fail fast', async () => {
    const run = new Run([task(), task(0), task()], { parallel: 1, failFast: false })
    await run.end(0, 'failed')
    await run.end(2)
    await run.finished
    expect(run.started).toEqual([0, 2])
    expect(run.skipped).toEqual([])
  })

  it('blocks all that stands on it, each told by what it stands on itself', async () => {
    const run = new Run([task(), task(0), task(1), task(2)], { failFast: false })
    await run.end(0, 'failed')
    await run.finished
    expect(run.blocked).toEqual([
      [1, 0],
      [2, 1],
      [3, 2]
    ])
  })

  it('blocks what stands on it with fail-fast, too, and skips only the rest', async () => {
    const run = new Run([task(), task(0), task()], { parallel: 1 })
    await run.end(0, 'failed')
    await run.finished
    expect(run.blocked).toEqual([[1, 0]])
    expect(run.skipped).toEqual([2])
  })

  it('blocks a task while another that it needs still runs', async () => {
    const run = new Run([task(), task(), task(0, 1)], { failFast: false })
    await run.end(1, 'failed')
    expect(run.blocked).toEqual([[2, 1]])
    expect(run.isFinished).toBe(false)
    await run.end(0)
    await run.finished
    expect(run.blocked).toHaveLength(1)
  })
})

describe('an abort', () => {
  it('starts nothing at all where it came before', async () => {
    const run = new Run([task(), task(0)], { signal: AbortSignal.abort() })
    await run.finished
    expect(run.started).toEqual([])
    expect(run.skipped).toEqual([0, 1])
  })

  it('lets what runs come to its end, and skips the rest', async () => {
    const controller = new AbortController()
    const run = new Run([task(), task()], { parallel: 1, signal: controller.signal })
    controller.abort()
    await heard()
    expect(run.isFinished).toBe(false)
    await run.end(0)
    await run.finished
    expect(run.started).toEqual([0])
    expect(run.skipped).toEqual([1])
  })
})

describe('a task that crashes', () => {
  it('is told only when nothing runs any more, so that nothing is left behind', async () => {
    const run = new Run([task(), task(), task()], { parallel: 2 })
    const told = expect(run.finished).rejects.toThrow('a bug')
    await run.crash(0, new Error('a bug'))
    expect(run.isFinished).toBe(false)
    await run.end(1)
    await told
    expect(run.started).toEqual([0, 1])
  })
})

/** Tasks that wait for any of the earlier ones. */
const chains: fc.Arbitrary<Task[]> = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      after: fc.array(fc.nat(), { maxLength: 2 }),
      weight: fc.nat({ max: 20 })
    }),
    { maxLength: 12 }
  )
  .map(rows =>
    rows.map(({ needs, after, weight }, index) => {
      const earlier = (each: number) => (index === 0 ? [] : [each % index])
      return { needs: needs.flatMap(earlier), after: after.flatMap(earlier), weight }
    })
  )

describe('chainLengths', () => {
  const naive = (tasks: readonly Task[], index: number): number => {
    const dependents = [...tasks.keys()].filter(at =>
      [...(tasks[at]?.needs ?? []), ...(tasks[at]?.after ?? [])].includes(index)
    )
    const rest = Math.max(0, ...dependents.map(at => naive(tasks, at)))
    return (tasks[index]?.weight ?? 0) + rest
  }

  it('counts the seconds from the start of a task to the end of the last that waits for it', () => {
    expect(chainLengths([weighing(1), weighing(2, 0), weighing(4, 0), later(2)])).toEqual([
      6, 2, 5, 1
    ])
  })

  it('is the longest way through the tasks, for all tasks', () => {
    fc.assert(
      fc.property(chains, tasks => {
        expect(chainLengths(tasks)).toEqual([...tasks.keys()].map(index => naive(tasks, index)))
      })
    )
  })
})

interface Story {
  readonly tasks: Task[]
  readonly parallel: number
  readonly failFast: boolean
  /** Which of the running tasks ends next, and how. */
  readonly ends: [pick: number, how: TaskEnd][]
}

const stories: fc.Arbitrary<Story> = fc.record({
  tasks: chains,
  parallel: fc.integer({ min: 1, max: 4 }),
  failFast: fc.boolean(),
  ends: fc.array(fc.tuple(fc.nat(), fc.constantFrom<TaskEnd[]>('done', 'done', 'done', 'failed')), {
    minLength: 12,
    maxLength: 12
  })
})

/** What stands after each end of a task, before the next. */
interface Look {
  readonly started: readonly number[]
  /** Whether what was started could run by then. */
  readonly isAllDue: boolean
  readonly running: number
  /** Tasks that could run and do not. */
  readonly idle: readonly number[]
  readonly isStopped: boolean
}

class Play {
  readonly ended = new Map<number, TaskEnd>()
  readonly looks: Look[] = []
  readonly run: Run
  readonly #story: Story

  constructor(story: Story) {
    this.#story = story
    this.run = new Run(story.tasks, story)
  }

  isOut(index: number): boolean {
    return this.run.blocked.some(([blocked]) => blocked === index)
  }

  isDue(index: number): boolean {
    const { needs = [], after = [] } = this.#story.tasks[index] ?? {}
    const isOver = (at: number) => this.ended.has(at) || this.isOut(at)
    return needs.every(need => this.ended.get(need) === 'done') && after.every(isOver)
  }

  look(started: readonly number[]): void {
    const { tasks, failFast } = this.#story
    const waits = (at: number) => !this.run.started.includes(at) && !this.isOut(at)
    this.looks.push({
      started,
      isAllDue: started.every(at => this.isDue(at)),
      running: this.run.running.length,
      idle: [...tasks.keys()].filter(at => waits(at) && this.isDue(at)),
      isStopped: failFast && [...this.ended.values()].includes('failed')
    })
  }

  async toEnd(): Promise<this> {
    this.look([...this.run.started])
    for (const [pick, how] of this.#story.ends) {
      const { running, started } = this.run
      const index = running[pick % running.length]
      if (index === undefined) break
      const before = started.length
      this.ended.set(index, how)
      await this.run.end(index, how)
      this.look(started.slice(before))
    }
    await this.run.finished
    return this
  }
}

/** Plays a story in which every other task frees its place some time before it ends. */
async function playFreeing(story: Story, look: (run: Run, started: readonly number[]) => void) {
  const run = new Run(story.tasks, story)
  for (const [pick, how] of [...story.ends, ...story.ends]) {
    const { running, ending, started } = run
    const index = running[pick % running.length]
    if (index === undefined) break
    const before = started.length
    if (index % 2 === 0 && !ending.includes(index)) await run.free(index)
    else await run.end(index, index % 2 === 0 ? 'done' : how)
    look(run, started.slice(before))
  }
}

/** Holds the rule to every run of every chain. */
const always = (rule: (play: Play, story: Story) => void) =>
  fc.assert(
    fc.asyncProperty(stories, async story => rule(await new Play(story).toEnd(), story)),
    { numRuns: 300 }
  )

describe('every run of every chain', () => {
  it('runs no more than so many at a time, and no fewer than could', () =>
    always(({ looks }, { parallel }) => {
      for (const { running, idle, isStopped } of looks) {
        expect(running).toBeLessThanOrEqual(parallel)
        if (!isStopped) expect(Math.min(parallel - running, idle.length)).toBe(0)
      }
    }))

  it('gives the place of a task that is about to end to no shorter chain than what waits for it', () =>
    fc.assert(
      fc.asyncProperty(stories, async story => {
        const lengths = chainLengths(story.tasks)
        const waitsFor = (at: number) =>
          [...story.tasks.entries()].flatMap(([index, { needs, after }]) =>
            needs.includes(at) || after.includes(at) ? [lengths[index] ?? 0] : []
          )
        await playFreeing(story, ({ running, ending }, started) => {
          expect(running.length - ending.length).toBeLessThanOrEqual(story.parallel)
          const longest = Math.max(0, ...ending.flatMap(waitsFor))
          for (const index of started) expect(lengths[index]).toBeGreaterThanOrEqual(longest)
        })
      }),
      { numRuns: 300 }
    ))

  it('starts only what is due, and nothing after a failure where it is to fail fast', () =>
    always(({ looks }) => {
      for (const { started, isAllDue, isStopped } of looks) {
        expect(isAllDue).toBe(true)
        if (isStopped) expect(started).toEqual([])
      }
    }))

  it('starts what the longest chain stands on before all else', () =>
    always(({ looks }, { tasks }) => {
      const lengths = chainLengths(tasks)
      for (const { started, idle } of looks) {
        const shortest = Math.min(...started.map(index => lengths[index] ?? 0))
        for (const left of idle) expect(lengths[left]).toBeLessThanOrEqual(shortest)
      }
    }))

  it('accounts for each task once: run, blocked by what failed or is blocked, or skipped', () =>
    always((play, { tasks, failFast }) => {
      const { started, blocked, skipped } = play.run
      const all = [...started, ...blocked.map(([index]) => index), ...skipped]
      expect(all.sort((a, b) => a - b)).toEqual([...tasks.keys()])
      for (const [index, by] of blocked) {
        expect(tasks[index]?.needs).toContain(by)
        expect(play.ended.get(by) === 'failed' || play.isOut(by)).toBe(true)
      }
      if (!failFast) expect(skipped).toEqual([])
    }))
})

it('looks at each need a few times, however many tasks there are', async () => {
  let looks = 0
  const counted = (needs: readonly number[]) =>
    new Proxy(needs, {
      get: (list, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1
        return Reflect.get(list, key)
      }
    })
  const count = 2_000
  const tasks = Array.from({ length: count }, (_, index) => {
    const isLast = index === count - 1
    const needs = isLast ? [...Array(index).keys()] : index === 0 ? [] : [index >> 2]
    return { ...task(), needs: counted(needs) }
  })
  await schedule(tasks, {
    parallel: 64,
    failFast: true,
    signal: new AbortController().signal,
    run: () => heard().then(() => 'done' as const),
    blocked: () => {},
    skipped: () => {}
  })
  expect(looks).toBeLessThan(10 * 2 * count)
})
