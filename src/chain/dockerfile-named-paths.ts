import { posix } from 'node:path'
import type { Steps } from '../steps.js'
import { matchesWhole } from './dockerfile-automaton.js'
import { contextPath } from './dockerfile-copies.js'
import { filePattern, STEPS_TO_READ } from './dockerfile-globs.js'

/** A path that an instruction names: literal names, then those from the first with a wildcard on. */
export interface NamedPath {
  readonly head: string
  readonly pattern: string
}

/** Parts a path before its first name with a wildcard; escapes count from there on only. */
export function namedPath(path: string, wildcards: boolean): NamedPath {
  const names = path.split('/')
  const first = wildcards ? names.findIndex(hasWildcard) : -1
  if (first < 0) return { head: path, pattern: '' }
  return { head: names.slice(0, first).join('/'), pattern: names.slice(first).join('/') }
}

function hasWildcard(name: string): boolean {
  return /[*?[]/.test(name.replace(/\\./gsu, ''))
}

/** What of a path stands below a named one: nothing for that itself, undefined for another path. */
export type Below = (path: string) => string | undefined

/**
 * Compares paths with a named one.
 * @param steps with none left no path is below: whoever gave them has to ask
 */
export function below({ head, pattern }: NamedPath, steps?: Steps): Below {
  const rest = belowLiteral(head)
  if (pattern === '') return rest
  steps?.spend(STEPS_TO_READ * pattern.length)
  const elements = steps?.areSpent ? undefined : filePattern(pattern)
  const start = pattern.slice(0, pattern.search(/[*?[\\]/))
  return path => {
    const candidate = rest(path)
    if (!elements || !candidate?.startsWith(start)) return undefined
    for (
      let end = candidate.indexOf('/');
      end >= 0 && !steps?.areSpent;
      end = candidate.indexOf('/', end + 1)
    ) {
      if (matchesWhole(elements, candidate.slice(0, end), steps)) return candidate.slice(end + 1)
    }
    return matchesWhole(elements, candidate, steps) ? '' : undefined
  }
}

function belowLiteral(head: string): Below {
  return path => {
    if (head === '') return path
    if (!path.startsWith(head)) return undefined
    if (path.length === head.length) return ''
    return path[head.length] === '/' ? path.slice(head.length + 1) : undefined
  }
}

/** Where a named path leads when one of the names on its way is a link; undefined where none is. */
export function through(
  { head, pattern }: NamedPath,
  link: { readonly path: string; readonly target: string }
): NamedPath | undefined {
  const target = contextPath(
    link.target.startsWith('/') ? link.target : posix.join(posix.dirname(link.path), link.target)
  )
  const after = belowLiteral(link.path)(head)
  if (after !== undefined) return { head: contextPath(`${target}/${after}`), pattern }
  const name = belowLiteral(head)(link.path)
  if (pattern === '' || !name) return undefined
  const names = pattern.split('/')
  const depth = name.split('/').length
  const elements = filePattern(names.slice(0, depth).join('/'))
  if (depth > names.length || !elements || !matchesWhole(elements, name)) return undefined
  const { head: more, pattern: left } = namedPath(names.slice(depth).join('/'), true)
  return { head: contextPath(`${target}/${more}`), pattern: left }
}
