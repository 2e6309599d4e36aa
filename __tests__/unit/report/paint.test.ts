import { describe, expect, it } from 'vitest'
import { coloured, plain, wantsColours } from '../../../src/report/paint.js'
import { paintDiff } from '../../../src/report/paint-diff.js'

describe('colours', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { CI: 'true' }, false],
    [true, { CI: 'false' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '1', CI: 'true' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [true, { FORCE_COLOR: 'false' }, false]
  ])('on a terminal (%s) with %j: %s', (isTerminal, env, expected) => {
    expect(wantsColours(isTerminal, env)).toBe(expected)
  })

  it('go round a text, and no colours leave it as it is', () => {
    expect(coloured('red', 'x')).toBe('\u001B[31mx\u001B[39m')
    expect(plain('red', 'x')).toBe('x')
  })

  it('of a diff tell what goes from what comes', () => {
    const diff = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n same\n'
    const styles = paintDiff(diff, (style, text) => `${style}(${text})`)
    expect(styles).toBe(
      'bold(--- a/x)\nbold(+++ b/x)\ncyan(@@ -1 +1 @@)\nred(-old)\ngreen(+new)\n same\n'
    )
    expect(paintDiff(diff, plain)).toBe(diff)
  })
})
