import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { missedBars } from '../../../script/bench.d/figures.js'
import { pagesOf } from '../../../script/bench.d/pages.js'
import type { Results } from '../../../script/bench.d/results.js'
import { benchFigure } from '../../fixtures/bench-figure.js'
import { ROOT } from '../../fixtures/markdown.js'

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const committed = JSON.parse(read('docs/benchmarks.json')) as Results

const FIGURES = [
  benchFigure({ id: 'reached', name: 'what is reached', median: 1.2 }),
  benchFigure({ id: 'missed', name: 'what is <missed>', median: 1.7 })
]
const page = (results: Results) => pagesOf(results).get('docs/benchmarks.md') ?? ''

describe('the committed results', () => {
  test.each([...pagesOf(committed)])('are what %s shows', (path, text) => {
    expect(read(path)).toBe(text)
  })

  test('have every group of figures, or say that it was not measured', () => {
    const told = [...committed.figures, ...committed.leftOut].map(({ group }) => group)
    expect([...new Set(told)].sort()).toEqual([
      'chains',
      'growth',
      'overhead',
      'size',
      'start',
      'stores',
      'unchanged',
      'versions'
    ])
  })

  test('have every missed bar under what was worse than hoped', () => {
    const [, worse = ''] = page(committed).split('## Worse than hoped')
    for (const figure of committed.figures) {
      const line = `- ${figure.name}, against ${figure.against}: `
      expect(worse.includes(line)).toBe(missedBars(figure).length > 0)
    }
  })
})

describe('a page', () => {
  it('counts the bars, and tells the missed ones alone with what was hoped for', () => {
    const text = page({ ...committed, figures: FIGURES })
    expect(text).toContain('of 2 rows with a bar 1 reach it')
    const [, worse = ''] = text.split('## Worse than hoped')
    expect(worse).toContain('- what is <missed>, against `node -e 0`: 1.7, hoped for at most 1.5.')
    expect(worse).not.toContain('what is reached')
  })

  it('shows no plot of what was not measured', () => {
    const { series, schedule } = { series: [], schedule: [] }
    const pages = pagesOf({ ...committed, figures: FIGURES, series, schedule })
    expect([...pages.keys()]).toEqual(['docs/benchmarks.md', 'docs/assets/benchmarks-bars.svg'])
  })
})

describe('a plot', () => {
  const plots = [...pagesOf(committed)].filter(([path]) => path.endsWith('.svg'))

  it.each(plots)('says in words what it shows, for a light and a dark page: %s', (_, text) => {
    expect(text).toMatch(/<title id="title">[^<]{10,}<\/title>/)
    expect(text).toMatch(/<desc id="text">[^<]{60,}<\/desc>/)
    expect(text).toContain('prefers-color-scheme: dark')
    expect(text).not.toMatch(/NaN|Infinity|undefined/)
  })

  it.each(plots)('keeps everything on its page: %s', (_, text) => {
    const [, width = 0, height = 0] = /viewBox="0 0 (\d+) ([\d.]+)"/.exec(text) ?? []
    const places = (name: string) =>
      [...text.matchAll(new RegExp(` ${name}="([-\\d.]+)"`, 'g'))].map(([, at]) => Number(at))
    for (const x of ['x', 'x1', 'x2', 'cx'].flatMap(places)) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(Number(width))
    }
    for (const y of ['y', 'y1', 'y2', 'cy'].flatMap(places)) {
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(Number(height))
    }
  })

  it('makes what a name holds a literal text', () => {
    const text = pagesOf({ ...committed, figures: FIGURES }).get('docs/assets/benchmarks-bars.svg')
    expect(text).toContain('what is &#60;missed&#62;')
  })
})
