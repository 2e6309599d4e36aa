import { describe, expect, it } from 'vitest'
import { runRows } from '../../../src/report/row.js'
import { traceJson } from '../../../src/report/trace.js'
import { mainBars, waterfall } from '../../../src/report/waterfall.js'
import { waterfallText } from '../../../src/report/waterfall-text.js'
import type { ImageResult } from '../../../src/run/events.js'
import { BEGAN, longChain } from '../../fixtures/sample-run.js'

type Times = readonly (readonly [start: number, seconds: number])[]

/** A run whose images have attempts at the given seconds. */
const runOf = (images: readonly Times[], change: Partial<ImageResult> = {}) =>
  longChain(images.length, index => ({
    attempts: (images[index] ?? []).map(([start, seconds]) => ({
      startedAt: BEGAN + start,
      seconds
    })),
    ...change
  }))

const timesOf = (images: readonly Times[], change?: Partial<ImageResult>) => {
  const { plan, results } = runOf(images, change)
  return waterfall(runRows(plan, results))
}

describe('a run over time', () => {
  it('has each image in the lowest lane that is free', () => {
    const times = timesOf([[[0, 10]], [[1, 2]], [[4, 3]], [[5, 1]]])
    expect(times?.bars.map(({ lane, start, end }) => [lane, start, end])).toEqual([
      [0, 0, 10],
      [1, 1, 3],
      [1, 4, 7],
      [2, 5, 6]
    ])
    expect(times?.total).toBe(10)
  })

  it('goes from the first attempt at an image to the end of the last', () => {
    expect(
      timesOf([
        [
          [0, 2],
          [5, 3]
        ]
      ])?.bars
    ).toMatchObject([{ start: 0, end: 8 }])
  })

  it('is none where nothing was built', () => {
    expect(timesOf([[], []])).toBeUndefined()
  })

  it('is drawn by failures and the longest builds where there are too many', () => {
    const times = timesOf(Array.from({ length: 30 }, (_, index) => [[index, index + 1]] as const))
    const shown = mainBars(times?.bars ?? [], 3).map(({ start }) => start)
    expect(shown).toEqual([27, 28, 29])
  })

  it('is as many lines of the same width as there are builds, and tells attempts', () => {
    const times = timesOf([
      [[0, 10]],
      [
        [10, 5],
        [20, 20]
      ]
    ])
    expect(times && waterfallText(times)).toEqual([
      `${' '.repeat(19)}0${'40.0 s'.padStart(50)}`,
      `✓ acme/image-0:1.0 │${'█'.repeat(13).padEnd(50)}│ 10.0 s`,
      `✓ acme/image-1:1.0 │${' '.repeat(12)}${'█'.repeat(38)}│ 30.0 s (2 attempts)`
    ])
  })
})

interface TraceEvent {
  readonly ph: string
  readonly name: string
  readonly tid: number
  readonly ts: number
  readonly dur: number
  readonly args: { readonly name?: string; readonly status?: string }
}

describe('the trace of a run', () => {
  const run = runOf([
    [[0, 2]],
    [
      [2, 1],
      [4, 2]
    ],
    [[2, 3]]
  ])
  const trace = JSON.parse(traceJson(run.plan, run.results)) as { traceEvents: TraceEvent[] }
  const events = (ph: string) => trace.traceEvents.filter(event => event.ph === ph)

  it('has a complete event in microseconds for each image, and within it for each attempt', () => {
    expect(events('X').map(({ name, tid, ts, dur }) => [name, tid, ts, dur])).toEqual([
      ['acme/image-0:1.0', 1, 0, 2_000_000],
      ['acme/image-1:1.0', 1, 2_000_000, 4_000_000],
      ['attempt 1', 1, 2_000_000, 1_000_000],
      ['attempt 2', 1, 4_000_000, 2_000_000],
      ['acme/image-2:1.0', 2, 2_000_000, 3_000_000]
    ])
    expect(events('X')[0]?.args).toMatchObject({ status: 'built' })
  })

  it('names the process and its lanes', () => {
    expect(events('M').map(({ args }) => args.name)).toEqual(['build-chain', 'lane 1', 'lane 2'])
  })

  it('leads an arrow from each base to what stands on it', () => {
    expect(events('s')).toHaveLength(events('f').length)
    expect(events('s').map(({ tid, ts }) => [tid, ts])).toContainEqual([1, 1_999_999])
    expect(events('f').map(({ tid, ts }) => [tid, ts])).toContainEqual([2, 2_000_000])
  })

  it('has each push that was begun after the builds', () => {
    const push = { image: { id: run.plan.images[0]?.image.id ?? '' }, reason: '' }
    const pushes = [
      { ...push, status: 'pushed', startedAt: 100, seconds: 3 },
      { ...push, status: 'skipped', seconds: null }
    ] as const
    const text = traceJson(run.plan, run.results, pushes)
    const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] }
    const pushed = traceEvents.filter(event => event.name.startsWith('push'))
    expect(pushed.map(event => [event.name, event.dur])).toEqual([
      ['push acme/image-0:1.0', 3_000_000]
    ])
  })

  it('of a run in which nothing was built is an empty one', () => {
    const { plan, results } = runOf([[]])
    const empty = JSON.parse(traceJson(plan, results)) as { traceEvents: TraceEvent[] }
    expect(empty.traceEvents.map(({ ph }) => ph)).toEqual(['M'])
  })
})
