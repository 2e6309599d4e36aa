import { describe, expect, it } from 'vitest'
import { outcomeText } from '../../../src/report/outcome-text.js'
import { anImage, aResult } from '../../fixtures/image.js'

const image = anImage({ tags: ['acme/app:1'] })
const command = { tool: 'docker', args: [], cwd: '/' }

describe('the outcome of an image', () => {
  it.each([
    ['acme/app:1 built in 1.5 s', aResult({ image })],
    ['acme/app:1 built', aResult({ image, seconds: null })],
    ['acme/app:1 reused: unchanged', aResult({ image, status: 'reused', reason: 'unchanged' })],
    [
      'acme/app:1 blocked: stands on packer__base.json',
      aResult({ image, status: 'blocked', reason: 'stands on packer__base.json', seconds: null })
    ],
    [
      'acme/app:1 skipped: interrupted',
      aResult({ image, status: 'skipped', reason: 'interrupted' })
    ],
    [
      'acme/app:1 failed in 1.5 s: ended with exit status 2',
      aResult({
        image,
        status: 'failed',
        failure: { message: 'ended with exit status 2', command, exitStatus: 2, lastLines: [] }
      })
    ]
  ])('is one line: %s', (line, result) => {
    expect(outcomeText(result)).toBe(line)
  })

  it('names an image by the tag that its template gave, or by its id, where it has none itself', () => {
    const base = anImage({ builder: 'packer', tags: [], id: 'packer__base.json' })
    expect(outcomeText(aResult({ image: base, tags: ['acme/base:1'] }))).toMatch(/^acme\/base:1 /)
    expect(outcomeText(aResult({ image: base, tags: [] }))).toMatch(/^packer__base\.json /)
  })
})
