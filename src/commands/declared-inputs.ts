import { join, relative } from 'node:path'
import { ChainError } from '../errors.js'
import { quoteText } from '../manifest/describe-value.js'
import type { Image, Warning } from '../manifest/image.js'
import { openScan } from '../manifest/input-pattern.js'
import type { ContextFilter } from './context-listing.js'
import { entriesAt, type NamedEntry } from './file-sets.js'
import type { Look } from './look.js'
import { checkoutAbove, isWithin } from './project-bounds.js'
import { withinTime } from './within-time.js'

/** What the `inputs` of a manifest name. */
export interface DeclaredInputs {
  readonly entries: readonly NamedEntry[]
  /** Absolute paths of the folders that were listed. */
  readonly watched: readonly string[]
  readonly warnings: readonly Warning[]
}

/** What git keeps for itself changes with every commit, and nothing is built from it. */
const NO_GIT: ContextFilter = {
  key: '\0inputs',
  skip: path => path === '.git',
  isSpent: () => false,
  anew: () => NO_GIT
}

interface Pattern {
  /** As written. */
  readonly text: string
  /** Absolute path of its part without wildcards. */
  readonly base: string
  /** Whether a path below the base, relative to it, is meant. */
  readonly matches: (path: string) => boolean
  readonly isGlob: boolean
  readonly mayTakeLong: boolean
}

/** What stands for any number of characters. */
const REPEATS = /\*/g

/** What may hold others, and be repeated as a whole. */
const GROUPS = /[(){}]/

/** With no more than these the matching of a name takes the square of its length at most. */
const FEW = 2

async function patternOf(text: string, folder: string): Promise<Pattern> {
  const { default: picomatch } = await import('picomatch')
  const { base, glob, isNegated } = (await openScan())(text, folder)
  const isGlob = glob !== ''
  const mayTakeLong = isGlob && ((text.match(REPEATS)?.length ?? 0) > FEW || GROUPS.test(text))
  const globs = isNegated ? glob : [glob, join(glob, '**')]
  const matches = isGlob ? picomatch(globs, { dot: true }) : () => true
  return { text, base, matches, isGlob, mayTakeLong }
}

const noPattern = (image: Image, text: string) =>
  new ChainError('MANIFEST_INVALID', `${image.id}: inputs ${quoteText(text)} is no pattern`, {
    where: { file: image.manifest, position: image.position },
    hint: 'docs/manifest.md#fields tells what a pattern is made of.'
  })

const leadsOut = (image: Image, text: string) =>
  new ChainError(
    'MANIFEST_INVALID',
    `${image.id}: inputs ${quoteText(text)} leads out of the project`,
    {
      where: { file: image.manifest, position: image.position },
      hint: 'Put what it leads to into the project, or set outside-paths where the manifest is your own.'
    }
  )

const tooLong = (image: Image, text: string) =>
  new ChainError(
    'MANIFEST_INVALID',
    `${image.id}: inputs ${quoteText(text)} takes too long to match`,
    {
      where: { file: image.manifest, position: image.position },
      hint: 'Write it with fewer wildcards, or as several patterns.'
    }
  )

/** A link that a pattern happens to match is not followed out of the project, nor out of the checkout. */
function followed(entry: NamedEntry, folder: string, look: Look): readonly NamedEntry[] {
  if (entry.entry.kind !== 'link' || look.mayRead?.(entry.path) === false) return [entry]
  const checkout = checkoutAbove(folder, look.exists)
  const bound = checkout && look.trees.real(checkout)
  const real = look.trees.real(entry.path)
  const leadsOut = bound !== undefined && real !== undefined && !isWithin(bound, real)
  return leadsOut ? [entry] : entriesAt(entry.path, entry.name, look.trees)
}

/** Milliseconds for all names below a folder, and for each of them. */
const LONGEST = 500
const EACH = 0.05

const NOT_KNOWN: readonly NamedEntry[] = []

/** The entries that a pattern matches; undefined where that takes too long. */
function entriesOf(
  pattern: Pattern,
  folder: string,
  look: Look
): readonly NamedEntry[] | undefined {
  const { base, text, matches, isGlob, mayTakeLong } = pattern
  const nameOf = (path: string) => relative(folder, path) || '.'
  const isFolder = look.trees.look(base)?.kind === 'folder'
  if (!isFolder && !isGlob) return entriesAt(base, nameOf(base), look.trees)
  const all = look.context(base, NO_GIT)
  const match = () => all.filter(({ name }) => matches(name))
  const matching = look.choose(all, `\0inputs ${text}`, () =>
    mayTakeLong ? (withinTime(match, LONGEST + EACH * all.length) ?? NOT_KNOWN) : match()
  )
  if (matching === NOT_KNOWN) return undefined
  return matching.flatMap(entry => followed({ ...entry, name: nameOf(entry.path) }, folder, look))
}

/**
 * The files that a manifest names by `inputs`: as they lie there, whatever git ignores, and outside
 * of the working directory too.
 */
export async function declaredInputs(
  image: Image,
  inputs: readonly string[],
  look: Look
): Promise<DeclaredInputs> {
  const folder = image.workingDirectory
  const entries: NamedEntry[] = []
  const watched: string[] = []
  const warnings: Warning[] = []
  for (const text of inputs) {
    const pattern = await patternOf(text, folder).catch(() => undefined)
    if (!pattern) throw noPattern(image, text)
    if (look.mayRead?.(pattern.base) === false) throw leadsOut(image, text)
    const found = entriesOf(pattern, folder, look)
    if (!found) throw tooLong(image, text)
    for (const each of found) entries.push(each)
    watched.push(pattern.base)
    if (found.length > 0 || look.trees.look(pattern.base)) continue
    warnings.push({
      message: `${image.id}: inputs ${JSON.stringify(text)} matches nothing`,
      file: image.manifest,
      position: image.position
    })
  }
  return { entries, watched, warnings }
}
