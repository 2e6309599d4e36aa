import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVersions, parseConstraint } from '../../../src/packer/plugin-constraint.js'

const version = fc.tuple(fc.nat(9), fc.nat(9), fc.nat(9)).map(numbers => numbers.join('.'))

describe('a constraint of a plugin', () => {
  it.each([
    ['', '0.0.1', true],
    ['1.1.2', '1.1.2', true],
    ['= v1.1.2', '1.1.3', false],
    ['>=1.1.2', '1.1.2', true],
    ['>= 1.1, < 2', '1.9.9', true],
    ['>= 1.1, < 2', '2.0.0', false],
    ['!= 1.1.2', '1.1.2', false],
    ['~> 1.1.2', '1.1.9', true],
    ['~> 1.1.2', '1.2.0', false],
    ['~> 1.1', '1.9.0', true],
    ['~> 1.1', '2.0.0', false],
    ['~> 1.1', '1.0.9', false]
  ])('%j takes %s: %s', (constraint, candidate, expected) => {
    expect(parseConstraint(constraint)(candidate)).toBe(expected)
  })

  it.each(['latest', '^1.1', '1.x', '>= 1.1 < 2', '>='])(
    'refuses %s, which Packer does not know',
    text => {
      expect(() => parseConstraint(text)).toThrow(`${text} is not a version constraint`)
    }
  )

  it('never takes a prerelease', () => {
    expect(parseConstraint('')('1.1.2-dev')).toBe(false)
  })

  it('takes what the order of versions says', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const order = compareVersions(a, b)
        expect(parseConstraint(`>=${b}`)(a)).toBe(order >= 0)
        expect(parseConstraint(`<${b}`)(a)).toBe(order < 0)
        expect(parseConstraint(b)(a)).toBe(order === 0)
        expect(parseConstraint(`!=${b}`)(a)).toBe(order !== 0)
        expect(parseConstraint(`<=${b}, >=${b}`)(a)).toBe(order === 0)
      })
    )
  })

  it('takes with ~> no less than the version, and nothing beyond the number before its last', () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        const [major, minor] = b.split('.')
        const fits = compareVersions(a, b) >= 0 && a.startsWith(`${major}.${minor}.`)
        expect(parseConstraint(`~> ${b}`)(a)).toBe(fits)
      })
    )
  })
})
