import { expect, test } from 'vitest'
import { mergeResults, type Results } from '../../../script/bench.d/results.js'
import { benchFigure } from '../../fixtures/bench-figure.js'

const results = (some: Partial<Results>): Results => ({
  measured: '2026-01-01',
  machine: { processor: 'x', processors: 2, memory: 1, system: 'Linux', versions: {} },
  figures: [],
  series: [],
  schedule: [],
  leftOut: [],
  ...some
})

const build = { name: '1.1', chain: 0, from: 0, to: 1 }
const start = benchFigure({ id: 'old' })
const size = benchFigure({ id: 'size', group: 'size' })

test('groups that are measured again stand in the place of what they had', () => {
  const earlier = results({ figures: [start, size], schedule: [build] })
  const now = results({ measured: '2026-02-02', figures: [benchFigure({ id: 'new' })] })
  const merged = mergeResults(earlier, now, ['start'])
  expect(merged.figures.map(({ id }) => id)).toEqual(['new', 'size'])
  expect(merged).toMatchObject({ measured: '2026-02-02', schedule: [build] })
})

test('results without earlier ones stay as they are', () => {
  const now = results({ figures: [start] })
  expect(mergeResults(undefined, now, ['start'])).toBe(now)
})
