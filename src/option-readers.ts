const list = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map(item => item.trim())
    .filter(item => item !== '')

/** How the text of an option is read. */
export interface Reader<Value> {
  /** What `accepts` asks for, in the words of a message. */
  readonly expected: string
  readonly accepts: (text: string) => boolean
  /** Of a text that is accepted. */
  readonly value: (text: string) => Value
}

const any = <Value>(value: (text: string) => Value): Reader<Value> => ({
  expected: 'a text',
  accepts: () => true,
  value
})

/** A list, an item a line or between commas. */
export const texts = any(list)
/** Any text. */
export const text = any(given => given)

const TRUE = new Set(['true', 'True', 'TRUE'])
const FALSE = new Set(['false', 'False', 'FALSE'])

/** YAML 1.2's booleans: https://yaml.org/spec/1.2.2/#10212-boolean */
export const boolean: Reader<boolean> = {
  expected: 'true or false',
  accepts: given => TRUE.has(given) || FALSE.has(given),
  value: given => TRUE.has(given)
}

/** A number, as digits with or without a fraction. */
export const number = (expected: string, accepts: (value: number) => boolean): Reader<number> => ({
  expected,
  accepts: given => /^\d+(\.\d+)?$/.test(given) && accepts(Number(given)),
  value: Number
})

/** A whole number, `least` or more. */
export const whole = (least: number) =>
  number(`a whole number, ${least} or more`, value => Number.isInteger(value) && value >= least)

/** One of some words. */
export const choice = <const Name extends string>(...names: readonly Name[]): Reader<Name> => ({
  expected: names.join(', '),
  accepts: given => (names as readonly string[]).includes(given),
  value: given => given as Name
})

/** Seconds in a unit of time. */
export const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const

/** `7d`, `12h`, `30m`, `45s` in seconds; `none` is undefined. */
export const age: Reader<number | undefined> = {
  expected: '7d, 12h, 30m or none',
  accepts: given => /^(none|\d+[dhms])$/.test(given),
  value: given =>
    given === 'none'
      ? undefined
      : Number(given.slice(0, -1)) * SECONDS[given.slice(-1) as keyof typeof SECONDS]
}

const STORES = ['local', 'github', 'registry'] as const
/** A place that an unchanged image may come from. */
export type StoreName = (typeof STORES)[number]

const isReuse = (given: string) => {
  const names = list(given)
  return (
    given.trim() === 'off' ||
    (names.length > 0 && names.every(name => STORES.includes(name as StoreName)))
  )
}

/** Places that an unchanged image may come from; none for `off`. */
export const reuse: Reader<readonly StoreName[]> = {
  expected: 'off, or any of local, github, registry',
  accepts: isReuse,
  value: given => (given.trim() === 'off' ? [] : (list(given) as StoreName[]))
}
