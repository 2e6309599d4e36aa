import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  errorSummary,
  planSummary,
  runSummary,
  SUMMARY_LIMIT
} from '../../../src/report/summary.js'
import type { ImageResult } from '../../../src/run/events.js'
import { anImage, aPlannedImage, aResult } from '../../fixtures/image.js'
import { foreignText, nodesOf, parseMarkdown, shownText } from '../../fixtures/rendered.js'
import { aFailure, aPlan, BEGAN, failedChain, longChain } from '../../fixtures/sample-run.js'

const { plan, results } = failedChain()
const summary = runSummary(plan, results)

const headings = (markdown: string) =>
  nodesOf(parseMarkdown(markdown))
    .filter(({ type }) => type === 'heading')
    .map(shownText)

const cellsOf = (markdown: string): string[][] =>
  nodesOf(parseMarkdown(markdown))
    .filter(({ type }) => type === 'tableRow')
    .map(row => (row.children ?? []).map(shownText))

const fencedBlocks = (markdown: string) =>
  nodesOf(parseMarkdown(markdown)).filter(({ type }) => type === 'code')

/** The same by its marks alone, for a text that a parser takes seconds for. */
const graphOf = (markdown: string) => /^```mermaid\n([^]*?)\n```$/m.exec(markdown)?.[1] ?? ''

const bytes = (text: string) => Buffer.byteLength(text)

describe('the summary of a failed chain of 30 images', () => {
  it('begins with which image failed, where, and why', () => {
    expect(headings(summary)[0]).toBe(
      '❌ acme/api-base:2.4 failed at Dockerfile:12: E: Unable to locate package postgresql-client-19'
    )
  })

  it('counts the images in each state, and what reuse saved', () => {
    expect(summary).toContain(
      '**30 images:** 1 failed · 6 blocked · 16 built · 7 reused · took 3 min 9 s · reuse saved about 4 min 2 s'
    )
  })

  it('shows the last lines of the failed image, and what was not built for it', () => {
    expect(summary).toContain('4.377 E: Unable to locate package postgresql-client-19\n------')
    expect(summary).toContain('6 images not built, standing on it: `acme/api:2.4`')
    expect(summary).toContain('`docker/IMAGES.json:63`')
  })

  it('has each image with its state in the graph', () => {
    const [graph] = fencedBlocks(summary)
    expect(graph?.lang).toBe('mermaid')
    expect(graph?.value?.match(/:::\w+;/g)).toHaveLength(30)
    expect(graph?.value).toContain('["✗ acme/api-base:2.4<br>failed, 4.6 s"]:::failed;')
    expect(graph?.value).toContain('n15 --> n18')
  })

  it('has a row for each image, the failed one first', () => {
    const [head, first, ...others] = cellsOf(summary)
    expect(head?.slice(1)).toEqual(['Image', 'Tags', 'Status and reason', 'Time', 'Size', 'Digest'])
    expect(first?.slice(1, 4)).toEqual([
      'api-base',
      'acme/api-base:2.4acme/api-base:latest',
      'failed: ended with exit status 100'
    ])
    expect(others).toHaveLength(29)
  })

  it('draws when each image was built', () => {
    expect(summary).toMatch(/✗ acme\/api-base:2\.4 +│ +▒ +│ 4\.6 s/)
    expect(summary).not.toMatch(/acme\/base:2\.4 +│/)
  })
})

describe('a summary', () => {
  it('of a run that went well says how much was built and reused', () => {
    const run = longChain(3, index => (index === 0 ? { status: 'reused', attempts: [] } : {}))
    expect(headings(runSummary(run.plan, run.results))[0]).toBe('✅ 2 images built, 1 reused')
  })

  it('of an interrupted run says so', () => {
    const run = longChain(2, index =>
      index === 1 ? { status: 'skipped', reason: 'interrupted' } : {}
    )
    expect(headings(runSummary(run.plan, run.results))[0]).toBe(
      '⚠️ interrupted: 1 of 2 images built'
    )
  })

  it('of a plan says what would be built and why', () => {
    const text = planSummary(plan)
    expect(headings(text)[0]).toBe('📋 23 of 30 images would be built')
    expect(text).toContain('23 to build · 7 to reuse · reuse saves about 4 min 2 s')
    expect(cellsOf(text).slice(0, 2)).toEqual([
      ['', 'Image', 'Tags', 'Action and reason', 'Last time', 'Size'],
      ['●', 'python', 'acme/python:2.4', 'build: not built before', '48.0\u00a0s', '–']
    ])
    expect(text).not.toContain('### Time')
  })

  it('shows the digest of what was pushed', () => {
    const image = anImage()
    const digest = `sha256:${'ab'.repeat(32)}`
    const run = { plan: aPlan([aPlannedImage({ image })]), results: [aResult({ image, digest })] }
    expect(cellsOf(runSummary(run.plan, run.results))[1]?.at(-1)).toBe('sha256:abababababab')
  })

  it('says which image was not pushed and why, and how many were', () => {
    const run = longChain(3)
    const pushes = run.results.map(({ image }, index) => ({
      image,
      status: (['pushed', 'failed', 'skipped'] as const)[index] ?? 'skipped',
      reason: index === 1 ? 'the registry refused it' : 'not started after a failure',
      ...(index === 1 && {
        failure: aFailure(aPlannedImage({ image }), { lastLines: ['denied: no <write> access'] })
      })
    }))
    const text = runSummary(run.plan, run.results, { pushes })
    expect(headings(text)[0]).toBe('❌ acme/image-1:1.0 was not pushed: denied: no <write> access')
    expect(text).toContain('1 failed · 2 built · 1 pushed')
    expect(cellsOf(text)[1]?.[3]).toBe('failed: push: the registry refused it')
    expect(text).toContain('not pushed: not started after a failure')
    const all = runSummary(run.plan, run.results, {
      pushes: run.results.map(({ image }) => ({ image, status: 'pushed', reason: '' }))
    })
    expect(headings(all)[0]).toBe('✅ 3 images built, 3 pushed')
  })

  it('of what kept a run from starting tells all of it', () => {
    const text = errorSummary('docker/IMAGES.json:3:5: found `x`\n<b>second</b>\nhint')
    expect(headings(text)).toEqual(['❌ docker/IMAGES.json:3:5: found `x`'])
    expect(text).toContain('&lt;b&gt;second&lt;/b&gt;\nhint')
  })
})

describe('whatever the texts of others are', () => {
  const OWN_TAGS = /^(<\/?(span|code|b|details|summary|pre)>|<br>)+$/

  const nastyRun = (text: string) => {
    const images = [anImage({ id: `a${text}`, name: text, tags: [`x${text}`], manifest: text })]
    images.push(anImage({ id: 'b', name: 'b', tags: [] }))
    const planned = images.map(image =>
      aPlannedImage({
        image,
        dependsOn: image.id === 'b' ? [`a${text}`] : [],
        command: { tool: 'docker', args: ['build', text], cwd: text }
      })
    )
    const [first] = planned
    const failure = aFailure(first ?? aPlannedImage(), {
      message: text,
      lastLines: [text, `error: ${text}`],
      advice: [text],
      where: { file: `/p/${text}`, position: { line: 2, column: 1 } }
    })
    const attempts = [{ startedAt: BEGAN, seconds: 1 }]
    return {
      plan: aPlan(planned),
      results: images.map(image =>
        image.id === 'b'
          ? aResult({ image, status: 'blocked', reason: text, tags: [] })
          : aResult({ image, status: 'failed', reason: text, digest: text, failure, attempts })
      )
    }
  }

  it('the summary keeps its parts, and nothing of theirs becomes one', () => {
    fc.assert(
      fc.property(foreignText, text => {
        const run = nastyRun(text)
        const nodes = nodesOf(parseMarkdown(runSummary(run.plan, run.results)))
        const kinds = new Set(nodes.map(({ type }) => type))
        for (const kind of ['link', 'image', 'footnoteReference', 'definition', 'thematicBreak']) {
          expect([...kinds]).not.toContain(kind)
        }
        expect(nodes.filter(({ type }) => type === 'heading')).toHaveLength(5)
        expect(nodes.filter(({ type }) => type === 'tableRow')).toHaveLength(3)
        expect(nodes.filter(({ type }) => type === 'code')).toHaveLength(1)
        const tags = nodes.flatMap(node =>
          node.type === 'html' ? ((node.value ?? '').match(/<[^>]*>/g) ?? ['<none>']) : []
        )
        expect(tags.filter(tag => !OWN_TAGS.test(tag))).toEqual([])
      }),
      { numRuns: 200 }
    )
  })

  it('the graph keeps its lines, and labels hold nothing but codes and plain characters', () => {
    fc.assert(
      fc.property(foreignText, text => {
        const run = nastyRun(text)
        const lines = graphOf(runSummary(run.plan, run.results)).split('\n')
        const nodes = lines.slice(1, 3)
        for (const line of nodes) {
          expect(line).toMatch(
            /^ {2}n\d\["[✗⊘] (?:[A-Za-z0-9 ./:,_-]|#\d+;)*<br>(failed, 1\.5 s|blocked, 1\.5 s|blocked)"\]:::\w+;$/
          )
        }
        expect(lines[3]).toBe('  n0 --> n1')
      }),
      { numRuns: 200 }
    )
  })
})

describe('a summary of 10,000 images', () => {
  const many = 10_000

  const statuses: readonly (readonly [string, (index: number) => Partial<ImageResult>])[] = [
    ['that were all built', () => ({})],
    ['that were all reused', () => ({ status: 'reused', attempts: [] })],
    [
      'of which the last failed',
      index => (index === many - 1 ? failedResult('no space left') : {})
    ],
    ['that all failed', () => failedResult('no space left')],
    ['that all failed with huge words', () => failedResult('<&漢'.repeat(2_000))],
    ['with huge names of all kinds', index => hugeNames(index)]
  ]

  const failedResult = (line: string): Partial<ImageResult> => ({
    status: 'failed',
    reason: line,
    failure: aFailure(aPlannedImage(), { message: line, lastLines: Array(20).fill(line) })
  })

  const hugeNames = (index: number): Partial<ImageResult> => ({
    reason: '`|<'.repeat(3_000),
    tags: Array.from({ length: 30 }, (_, tag) => `x/${'|`'.repeat(500)}:${index}-${tag}`)
  })

  it.each(statuses)('%s stays below the limit of GitHub', (_, change) => {
    const run = longChain(many, change)
    const text = runSummary(run.plan, run.results)
    expect(bytes(text)).toBeLessThan(1_000_000)
    expect(text).toMatch(/the report has|left out/)
    const graph = graphOf(text)
    expect(graph.length).toBeLessThan(50_000)
    expect(graph.match(/-->/g)?.length).toBeLessThan(500)
  })

  it('has failures first in the table, and what is next to them in the graph', () => {
    const run = longChain(many, index => (index === 7_000 ? failedResult('no space left') : {}))
    const text = runSummary(run.plan, run.results)
    expect(text).toMatch(/^## ❌ `acme\/image-7000:1\.0` failed: `no space left`\n/)
    expect(text).toMatch(/^\|-[^\n]*\n\| ✗ \| image-7000 \|/m)
    const graph = graphOf(text)
    for (const near of [7_000, 6_999, 7_001, 3_500])
      expect(graph).toContain(`image-${near}:1.0<br>`)
    expect(text).toContain('9,900 of its images are not in the graph, which shows what failed')
  })

  it.each([100, 2_000, 20_000, 300_000])('keeps to %d bytes where that is all there is', limit => {
    const run = longChain(2_000, () => failedResult('no space left'))
    expect(bytes(runSummary(run.plan, run.results, { limit }))).toBeLessThanOrEqual(limit)
    expect(bytes(planSummary(run.plan, limit))).toBeLessThanOrEqual(limit)
  })

  it('of a plan stays below the limit', () => {
    expect(bytes(planSummary(longChain(many).plan))).toBeLessThan(SUMMARY_LIMIT)
  })
})
