import { describe, expect, it } from 'vitest'
import { GROUPS } from '../../../script/bench.d/figures.js'
import { readBenchOptions, USAGE } from '../../../script/bench.d/options.js'

describe('the words after script/bench', () => {
  it('are none for every figure', () => {
    expect(readBenchOptions([])).toMatchObject({ groups: GROUPS, isShort: false, checks: false })
  })

  it('name groups, which are taken in their own order', () => {
    const read = readBenchOptions(['size', '--short', 'start', '--check', '--rounds=3'])
    expect(read).toMatchObject({
      groups: ['start', 'size'],
      isShort: true,
      checks: true,
      rounds: 3
    })
  })

  it.each([
    ['--fast'],
    ['sizes'],
    ['--rounds=0'],
    ['--short', '--write'],
    ['--write', '--rounds=9']
  ])('are refused with what is wrong: %s %s', (...words) => {
    expect(readBenchOptions(words)).toEqual(expect.any(String))
  })

  it('are all in the usage', () => {
    for (const group of GROUPS) expect(USAGE).toContain(group)
    expect(readBenchOptions(['--help'])).toMatchObject({ help: true })
  })
})
