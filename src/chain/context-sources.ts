import type { ContextSource } from './dockerfile-reading.js'

/** What of an entry in a build context the choice depends on. */
export interface ContextEntry {
  readonly path: string
  readonly isLink: boolean
}

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** Runs of stars, a question mark, an escaped character, a range, or any other character. */
const TOKEN = /\*+|\?|\\[^]|\[\^?(?:\\[^]|[^\]\\])+\]|[^]/gu

function tokenSource(token: string): string {
  if (token.startsWith('*')) return '[^/]*'
  if (token === '?') return '[^/]'
  if (token.length > 1 && token.startsWith('[')) {
    const negated = token[1] === '^' ? '^' : ''
    return `[${negated}${token.slice(1 + negated.length, -1).replace(/[[^]/g, '\\$&')}]`
  }
  return literal(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token)
}

/**
 * A component of Go's `filepath.Match` (https://pkg.go.dev/path/filepath#Match) as a regular
 * expression; undefined where the pattern is malformed.
 */
function componentPattern(pattern: string): RegExp | undefined {
  try {
    const tokens: readonly string[] = pattern.match(TOKEN) ?? []
    return tokens.includes('[')
      ? undefined
      : new RegExp(`^${tokens.map(tokenSource).join('')}$`, 'su')
  } catch {
    return undefined
  }
}

type Matcher = (path: string) => boolean

const ALL: Matcher = () => true

/** What a source takes: the paths that it names, and all below them; more than that where in doubt. */
function matcherOf({ path, wildcards }: ContextSource): Matcher {
  if (path === '') return ALL
  if (!wildcards) return candidate => candidate === path || candidate.startsWith(`${path}/`)
  const patterns = path.split('/').map(componentPattern)
  if (patterns.includes(undefined)) return ALL
  return candidate => {
    const names = candidate.split('/')
    return (
      names.length >= patterns.length &&
      patterns.every((pattern, at) => pattern?.test(names[at] ?? ''))
    )
  }
}

/** Whether a link stands where a source is named, or on the way to it: the builder follows it anywhere. */
function leadsThroughLink(link: string, { path, wildcards }: ContextSource): boolean {
  if (path === '') return false
  if (!wildcards) return path === link || path.startsWith(`${link}/`)
  return link.split('/').length <= path.split('/').length
}

/**
 * The entries of a context that the instructions of a Dockerfile can see; all of them where a link
 * makes that uncertain.
 */
export function selectSources<T extends ContextEntry>(
  entries: readonly T[],
  sources: readonly ContextSource[]
): readonly T[] {
  const links = entries.filter(({ isLink }) => isLink)
  const doubt = links.some(link => sources.some(source => leadsThroughLink(link.path, source)))
  if (doubt) return entries
  const matchers = sources.map(matcherOf)
  if (matchers.includes(ALL)) return entries
  return entries.filter(({ path }) => matchers.some(matches => matches(path)))
}
