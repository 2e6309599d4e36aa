import { blame, known, type UnknownValue, unknown, type Value } from './template-value.js'

/** A value of HCL. Lists stand for tuples and sets, objects for maps. */
export type Cty =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'bool'; readonly on: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly items: readonly Cty[] }
  | { readonly kind: 'object'; readonly entries: ReadonlyMap<string, Cty> }
  | { readonly kind: 'unknown'; readonly value: UnknownValue }

export type UnknownCty = Extract<Cty, { kind: 'unknown' }>

/** More marks on one character than any script has: to put them in order takes their square. */
const MANY_MARKS = /\p{M}{100}/u

/** A text as HCL holds it: in Unicode's composed form. */
export function ctyString(text: string): Cty {
  if (MANY_MARKS.test(text)) return ctyUnknown('so many marks on a character are left to Packer')
  return { kind: 'string', text: text.normalize('NFC') }
}

export function ctyUnknown(why: string): UnknownCty {
  return { kind: 'unknown', value: unknown(why) }
}

/** A value that is not known because of others that may not be. */
export function ctyBecause(why: string, of: readonly Cty[]): UnknownCty {
  const causes = of.flatMap(unknownsIn)
  return { kind: 'unknown', value: causes.length > 0 ? blame(causes) : unknown(why) }
}

/** Everything that is not known in a value, however deep. */
export function unknownsIn(value: Cty): UnknownValue[] {
  if (value.kind === 'unknown') return [value.value]
  if (value.kind === 'list') return value.items.flatMap(unknownsIn)
  return value.kind === 'object' ? [...value.entries.values()].flatMap(unknownsIn) : []
}

/** A number as HCL writes it, or undefined where that is not certain. */
export function numberText(text: string): string | undefined {
  const match = /^(-?)(\d*)(?:\.(\d*))?$/.exec(text)
  const [, sign = '', before = '', after = ''] = match ?? []
  const whole = before.replace(/^0+/, '')
  const fraction = after.replace(/(?<!0)0+$/, '')
  if (!match || whole.length + fraction.length > 100) return undefined
  const digits = fraction === '' ? whole || '0' : `${whole || '0'}.${fraction}`
  if (digits === '0') return sign === '' ? '0' : undefined
  return sign + digits
}

export function ctyNumber(text: string): Cty {
  const canonical = numberText(text)
  return canonical === undefined
    ? ctyUnknown(`how HCL writes the number ${text}`)
    : { kind: 'number', text: canonical }
}

/** A value where a text is expected. */
export function ctyText(value: Cty): Value {
  switch (value.kind) {
    case 'string':
    case 'number':
      return known(value.text)
    case 'bool':
      return known(String(value.on))
    case 'unknown':
      return value.value
    default:
      return unknown(`${value.kind === 'null' ? 'null' : `a ${value.kind}`} is no text`)
  }
}

/** The text of a value that is one already, undefined for all else. */
export function stringIn(value: Cty | undefined): string | undefined {
  return value?.kind === 'string' ? value.text : undefined
}
