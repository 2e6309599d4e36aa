import { describe, expect, it } from 'vitest'
import { sharedOptions } from '../../src/cli-export.js'

describe('the options that jobs have from the plan', () => {
  it('are those that were given, lists in one word', () => {
    const raw = {
      'skip-images': 'acme/a:1\nacme/b:1',
      'builder-args': '--pull --no-cache',
      squash: 'true',
      'fail-fast': 'false',
      retries: undefined,
      'max-age': ''
    }
    expect(sharedOptions(raw)).toEqual([
      '--skip-images',
      'acme/a:1,acme/b:1',
      '--builder-args',
      '--pull --no-cache',
      '--fail-fast=false',
      '--squash=true'
    ])
  })

  it("are never the plan's own, nor a secret", () => {
    const raw = { command: 'plan', images: 'a', format: 'gitlab', quiet: 'true', report: 'x' }
    expect(sharedOptions({ ...raw, 'github-token': 'ghs_secret' })).toEqual([])
  })
})
