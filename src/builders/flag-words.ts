/** A flag in a list of arguments, with its value where it has one. */
export interface FlagWord {
  /** Without dashes. */
  readonly name: string
  readonly value: string | undefined
  /** Position of its word, and that of the word after its value. */
  readonly at: number
  readonly end: number
}

interface FlagRules {
  /** Names of flags whose value is the next word where no `=` gives it. */
  readonly withValue: ReadonlySet<string>
  /** Long names by their one-letter ones. */
  readonly short: Readonly<Record<string, string>>
}

/**
 * Flags in a list of arguments, in order: `--name value`, `--name=value`, `-n value`, `-nvalue`;
 * `-qn value` is two, and Go's `-name` counts as `--name`. Words that are no flags are left out.
 */
export function flagWords(words: readonly string[], rules: FlagRules): readonly FlagWord[] {
  const flags: FlagWord[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const match = /^-{1,2}([^-=][^=]*)(?:=([^]*))?$/.exec(word)
    if (!match) continue
    const [name, value] = last(flags, at, named(word, match[1] ?? '', match[2], rules))
    const next = value === undefined && rules.withValue.has(name) ? words[at + 1] : undefined
    const start = at
    if (next !== undefined) at += 1
    flags.push({ name, value: value ?? next, at: start, end: at + 1 })
  }
  return flags
}

type Named = readonly [name: string, value: string | undefined]

/** Keeps all flags of a word but the last, which may take the next word. */
function last(flags: FlagWord[], at: number, all: readonly Named[]): Named {
  for (const [name, value] of all.slice(0, -1)) flags.push({ name, value, at, end: at + 1 })
  return all.at(-1) as Named
}

/** The flags of a word: after a letter that takes no value others may follow, as in `-qo out`. */
function named(
  word: string,
  name: string,
  value: string | undefined,
  rules: FlagRules
): readonly Named[] {
  if (word.startsWith('--') || rules.short[name.slice(0, 1)] === undefined) return [[name, value]]
  const all: Named[] = []
  const rest = value === undefined ? name : `${name}=${value}`
  for (let from = 0; from < rest.length; from += 1) {
    const long = rules.short[rest[from] ?? '']
    const after = rest.slice(from + 1)
    if (long === undefined) return [...all, [rest.slice(from), undefined]]
    if (after === '') return [...all, [long, undefined]]
    if (rules.withValue.has(long) || after.startsWith('=')) {
      return [...all, [long, after.replace(/^=/, '')]]
    }
    all.push([long, undefined])
  }
  return all
}
