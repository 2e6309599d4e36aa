import { describe, expect, it } from 'vitest'
import { temporaryVariables } from '../../../src/builders/temporary.js'

describe('the folder for temporary files of a builder', () => {
  it('is told by TMPDIR', () => {
    expect(temporaryVariables('/tmp/run/t', ['build', '.'])).toEqual({ TMPDIR: '/tmp/run/t' })
  })

  it.each([[['--build-arg', 'TMPDIR']], [['--build-arg=TMPDIR']]])(
    "is the user's where the arguments %j take in the variable",
    args => expect(temporaryVariables('/tmp/run/t', args)).toEqual({})
  )

  it("is another argument's no matter", () => {
    expect(temporaryVariables('/t', ['--build-arg', 'TMPDIR=/x'])).toEqual({ TMPDIR: '/t' })
  })

  it("is the user's where the run has none, or where sockets would have too long a name in it", () => {
    expect(temporaryVariables(undefined, [])).toEqual({})
    expect(temporaryVariables(`/${'a'.repeat(80)}`, [])).toEqual({})
  })
})
