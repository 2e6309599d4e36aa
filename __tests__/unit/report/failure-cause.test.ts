import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failureCause } from '../../../src/report/failure-cause.js'
import {
  BUILDKIT_20,
  BUILDKIT_NEW,
  CLASSIC,
  linesOf,
  PACKER
} from '../../fixtures/builder-outputs.js'
import { foreignText } from '../../fixtures/rendered.js'

const causeOf = (text: string) => failureCause({ lastLines: linesOf(text).slice(-20) })

describe('the line that names why a build failed', () => {
  it.each([
    ['BuildKit 20.10', BUILDKIT_20, '/bin/sh: apt-get: not found'],
    ['a newer BuildKit', BUILDKIT_NEW, '/bin/sh: apt-get: not found'],
    ['the classic builder', CLASSIC, '/bin/sh: apt-get: not found'],
    ['Packer', PACKER, '/tmp/script_5210.sh: line 3: apt-get: not found']
  ])('is found in what %s prints', (_, output, cause) => {
    expect(causeOf(output)).toBe(cause)
  })

  it.each([
    [
      'a file that COPY lacks',
      '#4 ERROR: "/no-file" not found: not found\n------\n > [1/1] COPY no-file /x:\n------\nfailed to compute cache key: "/no-file" not found: not found',
      'failed to compute cache key: "/no-file" not found: not found'
    ],
    [
      'an unknown instruction',
      'Error response from daemon: dockerfile parse error line 2: unknown instruction: FOO',
      'Error response from daemon: dockerfile parse error line 2: unknown instruction: FOO'
    ],
    [
      'a base that cannot be had',
      'ERROR: failed to solve: acme/none:1: failed to resolve source metadata: not found',
      'failed to solve: acme/none:1: failed to resolve source metadata: not found'
    ],
    [
      'npm, which ends with the name of a log',
      'npm error code ENOENT\nnpm error enoent Could not read package.json\nnpm error A complete log of this run can be found in: /home/app/x.log',
      'npm error enoent Could not read package.json'
    ],
    ['words without any of an error', '#5 0.1 one\n#5 0.2 two', 'two']
  ])('is that of %s', (_, output, cause) => {
    expect(causeOf(output)).toBe(cause)
  })

  it('is none where the builder said nothing but that it failed', () => {
    expect(causeOf("The command '/bin/sh -c false' returned a non-zero code: 1")).toBeUndefined()
    expect(causeOf('')).toBeUndefined()
  })

  it('is one short line whatever the builder prints', () => {
    fc.assert(
      fc.property(fc.array(foreignText), lastLines => {
        const cause = failureCause({ lastLines }) ?? 'x'
        expect(cause).toMatch(/^\S(.*\S)?$/u)
        expect(cause.length).toBeLessThanOrEqual(240)
      })
    )
  })
})
