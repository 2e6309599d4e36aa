/** How often and with what a flag may be given. */
export type FlagKind = 'boolean' | 'text' | 'list'

/** Flags by name: a boolean's value is `true` or `false`. */
export interface Flags {
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly problems: readonly string[]
}

/** Reads `--name=value` words as BuildKit's `BFlags` does. */
export function parseFlags(
  words: readonly string[],
  known: Readonly<Record<string, FlagKind>>
): Flags {
  const values = new Map<string, string[]>()
  const problems: string[] = []
  for (const word of words) {
    const equals = word.indexOf('=')
    const name = word.slice(2, equals < 0 ? undefined : equals)
    const value = equals < 0 ? undefined : word.slice(equals + 1)
    const kind = Object.hasOwn(known, name) ? known[name] : undefined
    const problem = kind ? flagProblem(kind, value, values.has(name)) : 'unknown flag'
    if (problem) problems.push(`${problem}: --${name}`)
    else append(values, name, flagValue(kind, value))
  }
  return { values, problems }
}

function append(values: Map<string, string[]>, name: string, value: string): void {
  const list = values.get(name)
  if (list) list.push(value)
  else values.set(name, [value])
}

function flagValue(kind: FlagKind | undefined, value = 'true'): string {
  return kind === 'boolean' ? value.toLowerCase() : value
}

function flagProblem(kind: FlagKind, value: string | undefined, repeated: boolean) {
  if (repeated && kind !== 'list') return 'duplicate flag specified'
  if (kind !== 'boolean') return value === undefined ? 'missing a value on flag' : undefined
  if (value === '') return 'missing a value on flag'
  const allowed = value === undefined || /^(true|false)$/i.test(value)
  return allowed ? undefined : 'expecting boolean value for flag'
}
