import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitOutputs, tooLargeText } from '../../../src/report/fit-outputs.js'
import { buildOutputs } from '../../../src/report/outputs.js'
import { longChain } from '../../fixtures/sample-run.js'

const MEBIBYTE = 1_048_576

/** Bytes as GitHub counts them, and as a file has them. */
const sizes = (text = '') => Math.max(text.length * 2, Buffer.byteLength(text))

const outputsOf = (images: number, reason = 'x') =>
  buildOutputs(longChain(images, () => ({ reason })).results)

describe('outputs', () => {
  it('stay as they are where they fit', () => {
    const outputs = outputsOf(30)
    expect(fitOutputs(outputs)).toEqual({ fitting: outputs, tooLarge: [] })
  })

  it('of 10,000 images stay below the limit, and those that do not fit are empty in their shape', () => {
    const { fitting, tooLarge } = fitOutputs(outputsOf(10_000))
    for (const text of Object.values(fitting)) expect(sizes(text)).toBeLessThan(MEBIBYTE)
    expect(tooLarge).toEqual(['images'])
    expect(fitting.images).toBe('[]')
    expect(JSON.parse(fitting['tags-json'] ?? '')).toHaveLength(10_000)
  })

  it('keep every image where a shorter reason is enough to fit', () => {
    const { fitting, tooLarge } = fitOutputs(outputsOf(20, '漢'.repeat(100_000)))
    expect(tooLarge).toEqual([])
    expect(JSON.parse(fitting.images ?? '')).toHaveLength(20)
  })

  it('are whole or empty, below the limit, and JSON where JSON is expected', () => {
    const text = fc
      .tuple(fc.constantFrom('a', '漢', '😀', '"', '\n'), fc.integer({ min: 0, max: MEBIBYTE }))
      .map(([character, count]) => JSON.stringify([character.repeat(count)]))
    fc.assert(
      fc.property(text, text, (tags, stages) => {
        const outputs = { tags, 'tags-json': tags, stages, matrix: stages, other: tags }
        const { fitting, tooLarge } = fitOutputs(outputs)
        for (const [name, value] of Object.entries(fitting)) {
          expect(sizes(value)).toBeLessThan(MEBIBYTE)
          if (!tooLarge.includes(name)) expect(value).toBe(outputs[name as keyof typeof outputs])
          if (name !== 'tags' && name !== 'other') JSON.parse(value)
        }
      }),
      { numRuns: 20 }
    )
  })

  it('that are too large are told with the place of the report', () => {
    expect(tooLargeText(['images', 'tags'], '/runs/1/report.json')).toBe(
      'too large for an output of a step, and left empty: images, tags; the report has everything: /runs/1/report.json'
    )
  })
})
