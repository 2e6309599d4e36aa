import { replacePattern, trimPrefix, trimSuffix } from './dockerfile-substring.js'
import { type Budget, UNKNOWN, type Value } from './dockerfile-values.js'

/** `${name OPERATOR operand}`, its operand already filled in. */
export interface Substitution {
  readonly name: string
  /** `-`, `+`, `?`, `#`, `%` or `/`. */
  readonly operator: string
  /** Whether a colon stands before the operator: an empty value counts as none. */
  readonly colon: boolean
  readonly operand: string
  /** `/` only: what comes in place of the operand, and whether everywhere. */
  readonly replacement?: string
  readonly all?: boolean
}

/** What a substitution gives: a value, the operand itself, or the reason why BuildKit refuses it. */
export type Outcome =
  | { readonly value: Value }
  | { readonly operand: true }
  | { readonly error: string }

/** Applies an operator of `${…}` to a variable's value. */
export function substitute(value: Value, substitution: Substitution, budget: Budget): Outcome {
  if (value === UNKNOWN) return { value }
  const present = value !== undefined && !(substitution.colon && value === '')
  switch (substitution.operator) {
    case '-':
      return present ? { value } : { operand: true }
    case '+':
      return present ? { operand: true } : { value: '' }
    case '?':
      return present ? { value } : { error: missing(substitution, value) }
    default:
      return edited(value ?? '', substitution, budget)
  }
}

function edited(value: string, substitution: Substitution, budget: Budget): Outcome {
  const { operator, operand } = substitution
  const starts = operator === '/' ? value.length + 1 : 1
  if (!budget.spend((value.length + 1) * (operand.length + 1) * starts)) return { value: UNKNOWN }
  const result = matched(value, substitution)
  if (result !== undefined) return { value: result }
  return { error: `invalid pattern (${operand}) in substitution` }
}

function missing(substitution: Substitution, value: Value): string {
  const { name, operand } = substitution
  const state = value === undefined ? 'unset' : 'empty'
  return `${name}: ${operand === '' ? `is not allowed to be ${state}` : operand}`
}

function matched(value: string, substitution: Substitution): Value {
  const { operator, operand } = substitution
  if (operator === '/') return replaced(value, substitution)
  const longest = operand.startsWith(operator)
  const pattern = longest ? operand.slice(1) : operand
  return operator === '#'
    ? trimPrefix(value, pattern, longest)
    : trimSuffix(value, pattern, longest)
}

function replaced(value: string, substitution: Substitution): Value {
  const { operand, replacement = '', all = false } = substitution
  // Go takes `$1` in the replacement for a group of the pattern when it replaces everywhere.
  if (all && replacement.includes('$')) return UNKNOWN
  return replacePattern(value, { pattern: operand, replacement, all })
}
