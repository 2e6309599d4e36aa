import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellLine } from '../../../src/run/command-line.js'

describe('a command as a person types it', () => {
  it('is its words, quoted only where a shell would read them otherwise', () => {
    const args = ['build', '-t', 'acme/app:1.0', '--build-arg', 'A=b c', "it's", '', '$HOME', '~']
    expect(shellLine({ tool: 'docker', args })).toBe(
      `docker build -t acme/app:1.0 --build-arg 'A=b c' 'it'\\''s' '' '$HOME' '~'`
    )
  })

  it('means the same words to a shell, whatever is in them', () => {
    const word = fc.oneof(
      fc.string({ unit: 'grapheme' }).filter(text => !text.includes('\0')),
      fc.string({ unit: fc.constantFrom(...'\'"\\$`*?[]{}~#&;|<>()! \n\t=%+-@a') })
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 5 }), args => {
        const line = shellLine({ tool: 'printf', args: ['%s\\0', ...args, 'end'] })
        const printed = execFileSync('/bin/sh', ['-c', line]).toString()
        expect(printed).toBe(`${[...args, 'end'].join('\0')}\0`)
      }),
      { numRuns: 100 }
    )
  })
})
