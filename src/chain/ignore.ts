import { posix } from 'node:path'
import { Steps } from '../steps.js'
import { ignoreMatcher } from './dockerfile-globs.js'
import { trim } from './dockerfile-words.js'

/** Steps for all paths that are held against one ignore file; with none left, no path is ignored. */
const MOST_STEPS = 5_000_000

/** Steps that each path brings along, so that a context of any size is held against a usual file. */
const STEPS_OF_A_PATH = 20_000

/** Tells whether an ignore file keeps a path of the context from the builder. */
export interface ContextIgnore {
  readonly ignores: (path: string) => boolean
  /** Nothing below an ignored folder is taken back in, so that it need not be looked at. */
  readonly prunes: boolean
  /** Whether it was asked for more than there are steps for: no path is ignored since. */
  readonly isSpent: () => boolean
}

/**
 * Reads a `.dockerignore`: https://docs.docker.com/build/concepts/context/#dockerignore-files.
 * What is malformed, or means something else to Docker than it seems to, keeps nothing from the
 * builder: a file too many is looked at, never one too few. The Dockerfile and the ignore file
 * themselves reach the builder whatever they say, but no instruction sees them where they are ignored.
 */
export function readIgnore(text: string): ContextIgnore {
  const steps = new Steps(MOST_STEPS)
  const rules = text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .flatMap(line => lineRule(line, steps))
  return {
    ignores: ignorer(rules, steps),
    prunes: !rules.some(({ negated }) => negated),
    isSpent: () => steps.areSpent
  }
}

/** Tells which paths of a context the builder gets; all of them where there is no ignore file. */
export function contextFilter(text: string | undefined): (path: string) => boolean {
  const { ignores } = readIgnore(text ?? '')
  return path => !ignores(path)
}

/** Tells which paths `--exclude` leaves out, below the folder that is copied. */
export function excluder(
  patterns: readonly string[],
  steps = new Steps(MOST_STEPS)
): (path: string) => boolean {
  return ignorer(
    patterns.flatMap(pattern => patternRule(pattern, steps)),
    steps
  )
}

/**
 * Where BuildKit looks for the ignore file, in order: the first that is there counts, alone.
 * The classic builder looks at the last one only.
 */
export function ignoreFiles(dockerfile: string, context: string): readonly string[] {
  return [`${dockerfile}.dockerignore`, posix.join(context, '.dockerignore')]
}

interface Rule {
  readonly negated: boolean
  /** Undefined where it is not sure what Docker takes the pattern for. */
  readonly matches: ((path: string) => boolean) | undefined
}

/** https://github.com/moby/patternmatcher/blob/v0.6.1/ignorefile/ignorefile.go */
function lineRule(line: string, steps: Steps): readonly Rule[] {
  const text = trim(line)
  if (line.startsWith('#') || text === '') return []
  const negated = text.startsWith('!')
  const path = clean(negated ? trim(text.slice(1)) : text)
  const pattern = path.length > 1 && path.startsWith('/') ? path.slice(1) : path
  return patternRule(`${negated ? '!' : ''}${pattern}`, steps)
}

function patternRule(text: string, steps: Steps): readonly Rule[] {
  const pattern = clean(trim(text))
  const negated = pattern.startsWith('!')
  if (pattern === '!') return []
  return [{ negated, matches: ignoreMatcher(negated ? pattern.slice(1) : pattern, steps) }]
}

function clean(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

/** What the rules say of a folder. */
interface FolderVerdict {
  /** Which rules match it or a folder above it. */
  readonly named: readonly boolean[]
  /** Which rules came to bear on it, from the first folder down. */
  readonly applied: readonly boolean[]
}

/**
 * Tells what rules keep back: what BuildKit does, which goes from folder to folder, and the classic
 * builder too, which looks at each path by itself. They differ where `!` names a folder whose
 * content an earlier line keeps back.
 */
function ignorer(rules: readonly Rule[], steps: Steps): (path: string) => boolean {
  // With negations after it, a rule that is not sure makes all others unsure.
  const unsure = rules.some(({ matches }) => !matches)
  if (rules.length === 0 || (unsure && rules.some(({ negated }) => negated))) return () => false
  const matchesOf = (path: string) => rules.map(({ matches }) => matches?.(path) === true)
  const verdict = (path: string, above: FolderVerdict | undefined) => {
    const own = matchesOf(path)
    steps.spend(4 * rules.length + path.length)
    const named = own.map((matches, index) => matches || above?.named[index] === true)
    return { named, ...apply(rules, own, above?.applied) }
  }
  const folders = new Map<string, FolderVerdict>()
  const folderVerdict = (path: string): FolderVerdict | undefined => {
    let above: FolderVerdict | undefined
    for (
      let slash = path.indexOf('/');
      slash >= 0 && !steps.areSpent;
      slash = path.indexOf('/', slash + 1)
    ) {
      const folder = path.slice(0, slash)
      const known: FolderVerdict = folders.get(folder) ?? verdict(folder, above)
      folders.set(folder, known)
      above = known
    }
    return above
  }
  return path => {
    if (steps.areSpent) return false
    steps.grant(STEPS_OF_A_PATH)
    const { named, ignored } = verdict(path, folderVerdict(path))
    return ignored && apply(rules, named).ignored && !steps.areSpent
  }
}

/** `MatchesUsingParentResults`: rules in order, those that bear on the folder above bearing here too. */
function apply(rules: readonly Rule[], own: readonly boolean[], above?: readonly boolean[]) {
  let ignored = false
  const applied = rules.map(({ negated }, index) => {
    const applies = above?.[index] === true || (negated === ignored && own[index] === true)
    if (applies) ignored = !negated
    return applies
  })
  return { applied, ignored }
}
