import { ChainError } from '../errors.js'

type Numbers = readonly [number, number, number]

interface Comparison {
  readonly operator: string
  readonly version: Numbers
  /** How many numbers were written. */
  readonly precision: number
}

/** Says whether a released version satisfies a constraint; prereleases never do. */
export type Accepts = (version: string) => boolean

const COMPARISON = /^(=|!=|>=|<=|>|<|~>)?\s*v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/
const RELEASE = /^v?(\d+)\.(\d+)\.(\d+)$/

function numbersOf(version: string): Numbers | undefined {
  const [, major, minor, patch] = RELEASE.exec(version) ?? []
  return major === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

function compareNumbers(a: Numbers, b: Numbers): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/** Orders released versions, older first. */
export function compareVersions(a: string, b: string): number {
  return compareNumbers(numbersOf(a) ?? [0, 0, 0], numbersOf(b) ?? [0, 0, 0])
}

function parseComparison(text: string, whole: string): Comparison {
  const [, operator = '=', major, minor, patch] = COMPARISON.exec(text.trim()) ?? []
  if (major === undefined) {
    throw new ChainError(
      'OPTIONS_INVALID',
      `${whole} is not a version constraint of a Packer plugin`,
      {
        hint: 'Write one such as 1.1.2, >=1.1.2, ~> 1.1 or ">=1.1, <2".'
      }
    )
  }
  const version: Numbers = [Number(major), Number(minor ?? 0), Number(patch ?? 0)]
  return { operator, version, precision: patch ? 3 : minor ? 2 : 1 }
}

function satisfies(version: Numbers, comparison: Comparison): boolean {
  const order = compareNumbers(version, comparison.version)
  switch (comparison.operator) {
    case '!=':
      return order !== 0
    case '>=':
      return order >= 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '<':
      return order < 0
    case '~>': {
      const fixed = comparison.precision - 1
      return order >= 0 && version.every((n, i) => i >= fixed || n === comparison.version[i])
    }
    default:
      return order === 0
  }
}

/**
 * A constraint as Packer has it, comparisons parted by commas; empty takes every release. It is not
 * semver's: `~> 1.1` goes up to 2. See https://pkg.go.dev/github.com/hashicorp/go-version.
 */
export function parseConstraint(text: string): Accepts {
  const parts = text.split(',').filter(part => part.trim() !== '')
  const comparisons = parts.map(part => parseComparison(part, text))
  return version => {
    const numbers = numbersOf(version)
    return numbers !== undefined && comparisons.every(each => satisfies(numbers, each))
  }
}
