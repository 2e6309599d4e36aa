import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runPage } from '../../../src/report/page.js'
import { wantedLogs } from '../../../src/report/page-logs.js'
import { anImage, aPlannedImage, aResult } from '../../fixtures/image.js'
import { foreignText } from '../../fixtures/rendered.js'
import {
  aFailure,
  aPlan,
  BEGAN,
  failedChain,
  longChain,
  type SampleRun
} from '../../fixtures/sample-run.js'

const NO_LOGS = new Map()

const failed = failedChain()
const page = runPage({
  ...failed,
  logs: new Map([
    ['dockerfile__acme/api-base:2.4', { text: 'a\n\u001b[31mb\u001b[0m<i>', leftOut: 2_500 }]
  ])
})

/** The tags of a page without the text between them. */
const skeleton = (html: string) => html.match(/<[^>]*>/g) ?? []

describe('the page of a failed chain', () => {
  it('begins with which image failed, where, and why', () => {
    expect(page).toMatch(
      /<h1>.*✗.*<code>acme\/api-base:2\.4<\/code> failed at Dockerfile:12: <code class="cause">E: Unable to locate package postgresql-client-19<\/code><\/h1>/
    )
    expect(page).toContain(
      '<title>❌ acme/api-base:2.4 failed at Dockerfile:12 – build-chain</title>'
    )
  })

  it('draws every image, each leading to its row in the table', () => {
    const links = [...page.matchAll(/<a href="#(image-\d+)" class="node/g)].map(match => match[1])
    expect(links).toHaveLength(30)
    for (const id of links) expect(page).toContain(`<tr id="${id}"`)
  })

  it('marks the ways from what failed', () => {
    expect(page.match(/class="edge stopped"/g)).toHaveLength(6)
  })

  it('folds the logs in, and says what of them is left out', () => {
    expect(page).toMatch(/<details id="image-15-log"><summary>✗ acme\/api-base:2\.4<\/summary>/)
    expect(page).toContain('The first 2.50 kB are in <code>/runs/1/api-base.log</code> only.')
    expect(page).toContain('a\nb&lt;i&gt;</pre>')
  })

  it('needs nothing from anywhere, and lets nothing run', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).not.toMatch(
      /<(script|link|img|iframe|object|embed|base|form)\b|url\(|@import|\son\w+=/i
    )
    const addresses = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map(match => match[1] ?? '')
    expect(addresses.filter(address => !address.startsWith('#'))).toEqual([])
  })

  it('has a place for every link, and no name twice', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(match => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target)
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g))
      expect(ids).toContain(target)
  })
})

describe('a page', () => {
  const runOf = (text: string): SampleRun => {
    const image = anImage({ id: `a${text}`, name: text, tags: [`x${text}`], manifest: text })
    const planned = aPlannedImage({ image, command: { tool: 'docker', args: [text], cwd: text } })
    const failure = aFailure(planned, {
      message: `x${text}`,
      lastLines: [`x${text}`],
      advice: [text],
      where: { file: `/p/x${text}`, position: { line: 2, column: 1 } }
    })
    const attempts = [{ startedAt: BEGAN, seconds: 1 }]
    const told = { status: 'failed', reason: text, digest: text, failure, attempts } as const
    return { plan: aPlan([planned]), results: [aResult({ image, ...told })] }
  }

  it('has the same parts whatever the texts of others are', () => {
    const withLog = (text: string) =>
      runPage({ ...runOf(text), logs: new Map([[`a${text}`, { text, leftOut: 1 }]]) })
    const plain = skeleton(withLog('plain'))
    fc.assert(
      fc.property(foreignText, text => {
        expect(skeleton(withLog(text))).toEqual(plain)
      }),
      { numRuns: 300 }
    )
  })

  it.each([
    ['10,000 images', longChain(10_000)],
    [
      '10,000 images that failed',
      longChain(10_000, () => runOf('<&'.repeat(5_000)).results[0] ?? {})
    ]
  ])('of %s is of a size that a browser takes', (_, run) => {
    expect(Buffer.byteLength(runPage({ ...run, logs: NO_LOGS }))).toBeLessThan(8_000_000)
  })

  it('of a run in which nothing was built has no times and no logs', () => {
    const run = longChain(2, () => ({ status: 'reused', attempts: [], logFile: null }))
    const html = runPage({ ...run, logs: NO_LOGS })
    expect(html).toContain('nothing to build: 2 images unchanged')
    expect(html).not.toMatch(/id="time"|id="logs"/)
  })

  it('shows each attempt at an image', () => {
    const attempts = [0, 10].map(after => ({ startedAt: BEGAN + after, seconds: 5 }))
    const run = longChain(1, () => ({ attempts }))
    expect(runPage({ ...run, logs: NO_LOGS })).toContain(
      '<b class="failed" style="left:0%;width:max(2px,33.33%)"></b><b class="built" style="left:66.67%;width:max(2px,33.33%)"></b>'
    )
  })
})

describe('the logs that a page holds', () => {
  it('are those of failed images first, and not more than a browser takes', () => {
    const { results } = longChain(1_000, index => (index === 999 ? { status: 'failed' } : {}))
    const wanted = wantedLogs(results)
    expect(wanted[0]?.id).toBe('dockerfile__acme/image-999:1.0')
    expect(wanted.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(8_000_000)
    expect(wanted[0]?.bytes).toBeGreaterThan(wanted[1]?.bytes ?? 0)
  })
})
