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
 * Go's `-name` counts as `--name`. Words that are no flags are left out.
 */
export function flagWords(words: readonly string[], rules: FlagRules): readonly FlagWord[] {
  const flags: FlagWord[] = []
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const match = /^-{1,2}([^-=][^=]*)(?:=([^]*))?$/.exec(word)
    if (!match) continue
    const { name, value } = named(word, match[1] ?? '', match[2], rules)
    const next = value === undefined && rules.withValue.has(name) ? words[at + 1] : undefined
    const start = at
    if (next !== undefined) at += 1
    flags.push({ name, value: value ?? next, at: start, end: at + 1 })
  }
  return flags
}

function named(
  word: string,
  name: string,
  value: string | undefined,
  rules: FlagRules
): Pick<FlagWord, 'name' | 'value'> {
  if (word.startsWith('--')) return { name, value }
  const long = rules.short[name.slice(0, 1)]
  if (long === undefined) return { name, value }
  const joined = name.slice(1) + (value === undefined ? '' : `=${value}`)
  return { name: long, value: joined === '' ? undefined : joined.replace(/^=/, '') }
}
