import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failedLine } from '../../../src/builders/failed-line.js'
import {
  BUILDKIT_20,
  BUILDKIT_NEW,
  CLASSIC,
  FAILING_DOCKERFILE,
  linesOf
} from '../../fixtures/builder-outputs.js'
import { foreignText } from '../../fixtures/rendered.js'

const at = (output: string, text = FAILING_DOCKERFILE) =>
  failedLine(linesOf(output), { file: '/project/Dockerfile', text })

describe('the line of a Dockerfile at which a build failed', () => {
  it.each([
    ['BuildKit 20.10', BUILDKIT_20],
    ['a newer BuildKit', BUILDKIT_NEW],
    ['the classic builder', CLASSIC],
    ['the classic builder, its steps too far back', CLASSIC.split('\n').slice(-3).join('\n')]
  ])('is told by %s', (_, output) => {
    expect(at(output)).toBe(11)
  })

  it.each([
    [
      'the classic builder',
      'Error response from daemon: dockerfile parse error line 2: unknown instruction: FOO'
    ],
    [
      'BuildKit',
      'ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: FOO'
    ]
  ])('is that of a word that %s does not know', (_, output) => {
    expect(at(output, 'FROM scratch\nFOO bar\n')).toBe(2)
  })

  it('is that of the stage that BuildKit names, where two have the same instruction', () => {
    const text = 'FROM scratch AS one\nRUN make\nFROM one AS two\nRUN make\n'
    expect(at(' > [one 1/1] RUN make:\n------', text)).toBe(2)
    expect(at(' > [two 1/1] RUN make:\n------', text)).toBe(4)
  })

  it('is counted where BuildKit has filled in the variables of the instruction', () => {
    const text = 'FROM debian:12\nARG FILE=x\nENV A=b\nCOPY one /\nCOPY $FILE /\n'
    expect(at(' > [3/3] COPY x /:\n------', text)).toBe(5)
  })

  it('is found though another name of the builder stands in the output', () => {
    const quoted = 'app.Dockerfile:2\n--------------------\n   2 | >>> RUN false'
    expect(
      failedLine(linesOf(quoted), { file: '/p/app.Dockerfile', text: 'FROM a\nRUN false\n' })
    ).toBe(2)
    expect(at(quoted, 'FROM a\nRUN false\n')).toBeUndefined()
  })

  it('is not made up', () => {
    expect(at('nothing to see')).toBeUndefined()
    expect(at('Step 99/100 : RUN something')).toBeUndefined()
    expect(at('Dockerfile:99\n--------------------')).toBeUndefined()
    expect(at(CLASSIC, '')).toBeUndefined()
  })

  it('is a line of the file, whatever is printed', () => {
    const lines = FAILING_DOCKERFILE.split('\n').length
    const output = fc.array(
      fc.oneof(
        foreignText,
        fc.nat(200).map(line => `Step ${line}/9 : RUN x`)
      ),
      { maxLength: 5 }
    )
    fc.assert(
      fc.property(output, printed => {
        const line = failedLine(printed, { file: '/p/Dockerfile', text: FAILING_DOCKERFILE }) ?? 1
        expect(line).toBeGreaterThanOrEqual(1)
        expect(line).toBeLessThanOrEqual(lines)
      })
    )
  })
})
