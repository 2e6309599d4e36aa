import { equalValues } from './template-hcl-functions.js'
import { type Cty, ctyBecause, ctyNumber, ctyString, ctyText } from './template-hcl-value.js'

const bool = (on: boolean): Cty => ({ kind: 'bool', on })

/** A value where a condition is expected. */
function asBool(value: Cty): boolean | undefined {
  if (value.kind === 'bool') return value.on
  if (value.kind !== 'string') return undefined
  if (value.text === 'true' || value.text === '1') return true
  return value.text === 'false' || value.text === '0' ? false : undefined
}

const wholeNumber = (value: Cty): bigint | undefined =>
  value.kind === 'number' && /^-?\d+$/.test(value.text) ? BigInt(value.text) : undefined

/** Division and remainder are certain only where nothing is rounded and nothing negative. */
function quotient(operator: string, left: bigint, right: bigint): bigint | undefined {
  if (right <= 0n || left < 0n) return undefined
  if (operator === '%') return left % right
  return left % right === 0n ? left / right : undefined
}

function arithmetic(operator: string, left: bigint, right: bigint): bigint | undefined {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  return operator === '*' ? left * right : quotient(operator, left, right)
}

function compared(operator: string, left: bigint, right: bigint): boolean {
  if (operator === '<') return left < right
  if (operator === '>') return left > right
  return operator === '<=' ? left <= right : left >= right
}

function numeric(operator: string, left: Cty, right: Cty): Cty | undefined {
  const a = wholeNumber(left)
  const b = wholeNumber(right)
  if (a === undefined || b === undefined) return undefined
  if (/[<>]/.test(operator)) return bool(compared(operator, a, b))
  const outcome = arithmetic(operator, a, b)
  return outcome === undefined ? undefined : ctyNumber(String(outcome))
}

function equality(operator: string, left: Cty, right: Cty): Cty | undefined {
  const equal = equalValues(left, right)
  return equal === undefined ? undefined : bool(equal === (operator === '=='))
}

function logical(operator: string, left: Cty, right: Cty): Cty | undefined {
  const a = asBool(left)
  const b = asBool(right)
  if (a === undefined || b === undefined) return undefined
  return bool(operator === '&&' ? a && b : a || b)
}

function certain(operator: string, left: Cty, right: Cty): Cty | undefined {
  if (operator === '==' || operator === '!=') return equality(operator, left, right)
  if (operator === '&&' || operator === '||') return logical(operator, left, right)
  return numeric(operator, left, right)
}

/** The outcome of an operator between two values. */
export function binaryValue(operator: string, left: Cty, right: Cty): Cty {
  return (
    certain(operator, left, right) ??
    ctyBecause(`an expression with ${operator} is left to Packer`, [left, right])
  )
}

/** The outcome of `-` or `!` before a value. */
export function unaryValue(operator: string, value: Cty): Cty {
  const on = asBool(value)
  if (operator === '!' && on !== undefined) return bool(!on)
  if (operator === '-' && value.kind === 'number') {
    return ctyNumber(value.text.startsWith('-') ? value.text.slice(1) : `-${value.text}`)
  }
  return ctyBecause(`an expression with ${operator} is left to Packer`, [value])
}

const ofTexts = (value: Cty): boolean =>
  value.kind === 'list' && value.items.every(item => item.kind === 'string')

/** A value as the type that it shares with another one. */
function unified(value: Cty, other: Cty): Cty | undefined {
  if (value.kind === 'string' || value.kind === 'null' || other.kind === 'null') return value
  if (value.kind === 'list') return ofTexts(value) && ofTexts(other) ? value : undefined
  if (value.kind === 'number' || value.kind === 'bool') {
    const text = ctyText(value)
    if (other.kind === 'string' && text.known) return ctyString(text.text)
    return other.kind === value.kind ? value : undefined
  }
  return undefined
}

/** One of two values, by a condition. */
export function conditionalValue(condition: Cty, yes: Cty, no: Cty): Cty {
  const on = asBool(condition)
  if (on === undefined) return ctyBecause('a condition is left to Packer', [condition, yes, no])
  const chosen = on ? yes : no
  if (chosen.kind === 'unknown') return chosen
  const other = on ? no : yes
  return unified(chosen, other) ?? ctyBecause('a condition is left to Packer', [yes, no])
}
