/** Text that Packer would use to the letter; what is known is never a guess. */
export interface KnownValue {
  readonly known: true
  readonly text: string
}

/** Text that only a run of Packer can tell; `changing` where each run may get another one. */
export interface UnknownValue {
  readonly known: false
  readonly why: string
  readonly changing: boolean
  /** What the text begins with, where that much is certain. */
  readonly start?: string
}

export type Value = KnownValue | UnknownValue

/** A value that is certain. */
export function known(text: string): KnownValue {
  return { known: true, text }
}

/** A value that is the same each time, though only Packer can tell it. */
export function unknown(why: string): UnknownValue {
  return { known: false, why, changing: false }
}

/** A value that each run may see differently: a time, a random id, an answer of a service. */
export function changing(why: string): UnknownValue {
  return { known: false, why, changing: true }
}

/** The first reason for not knowing, changing if any of the values is. */
export function blame(values: readonly UnknownValue[]): UnknownValue {
  return values.find(value => value.changing) ?? values[0] ?? unknown('not known')
}

/** Longer texts are not followed: a command line takes 128 KiB in one word. */
const LONGEST = 200_000

export const TOO_LONG = 'the template comes to more text than is read'

/** Several texts as one: unknown if any is. */
export function joined(values: readonly Value[]): Value {
  let text = ''
  for (const value of values) {
    if (!value.known) {
      const missing = values.filter(other => !other.known)
      return { ...blame(missing), start: text + (value.start ?? '') }
    }
    text += value.text
    if (text.length > LONGEST) return unknown(TOO_LONG)
  }
  return known(text)
}

/** Applies a function to a known text. */
export function mapped(value: Value, change: (text: string) => string): Value {
  return value.known ? known(change(value.text)) : value
}
