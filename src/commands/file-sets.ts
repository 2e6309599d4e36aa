import { dirname, join } from 'node:path'
import { type FileRow, type FileSet, hashOfAll, NO_FILES } from '../chain/fingerprint.js'
import type { TreeEntry, Trees } from '../ports.js'

/** An entry with the name that a person knows it by, and its absolute path. */
export interface NamedEntry {
  readonly name: string
  readonly path: string
  readonly entry: TreeEntry
  /** Absolute path of the folder in which it was found: those from there on are on the way to it. */
  readonly root?: string
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const byNameAndPath = (a: NamedEntry, b: NamedEntry) =>
  compare(a.name, b.name) || compare(a.path, b.path)

function seenOf({ path, entry }: NamedEntry, trees: Trees): string {
  const { kind, mode, target, device, stamp } = entry
  const content = kind === 'file' ? trees.hash(path, stamp) : (target ?? device ?? '')
  return `${kind} ${mode.toString(8)} ${content}`
}

/** The folders on the way to entries, from those in which they were found on. */
function foldersAbove(entries: readonly NamedEntry[]): ReadonlySet<string> {
  const folders = new Set<string>()
  let last = ''
  for (const { path, root } of entries) {
    if (root === undefined) continue
    // Those beside one another have the same folders above them.
    if (path.lastIndexOf('/') === last.length && path.startsWith(last)) continue
    last = dirname(path)
    for (let at = last; at.length >= root.length && !folders.has(at); at = dirname(at)) {
      folders.add(at)
    }
  }
  return folders
}

/** When and how entries and the folders above them were last written, a text for each. */
function* stampsOf(entries: readonly NamedEntry[], trees: Trees): Generator<string> {
  const listed = new Map<string, string>()
  for (const { name, path, entry } of entries) {
    if (entry.kind === 'folder') listed.set(path, entry.stamp)
    yield `${name}\0${entry.stamp}`
  }
  for (const folder of [...foldersAbove(entries)].sort()) {
    yield `${folder}\0${listed.get(folder) ?? trees.look(folder)?.stamp ?? 'none'}`
  }
}

/** Entries by name, each once. */
function inOrder(entries: readonly NamedEntry[]): readonly NamedEntry[] {
  const isInOrder = entries.every(
    (entry, at) => at === 0 || byNameAndPath(entries[at - 1] as NamedEntry, entry) < 0
  )
  if (isInOrder) return entries
  return [...entries]
    .sort(byNameAndPath)
    .filter((entry, at, all) => at === 0 || byNameAndPath(all[at - 1] as NamedEntry, entry) !== 0)
}

/** Makes rows later: apart from what a set is made by, since a function keeps all that stands around it. */
const rowsOf = (names: readonly string[], seen: readonly string[]) => (): readonly FileRow[] =>
  names.map((name, at) => [name, seen[at] ?? ''])

/** Name and value of each row in turn, without making the rows: there may be a hundred thousand. */
function* textsOf(entries: readonly NamedEntry[], seen: readonly string[]): Generator<string> {
  for (const [at, text] of seen.entries()) {
    yield (entries[at] as NamedEntry).name
    yield text
  }
}

/**
 * The set of some entries: content and mode count, times do not. The stamps are of the folders on
 * the way too: a file that came and went, or a folder that was away, leaves no other trace.
 */
export function fileSet(entries: readonly NamedEntry[], trees: Trees): FileSet {
  if (entries.length === 0) return NO_FILES
  const sorted = inOrder(entries)
  const seen = sorted.map(entry => seenOf(entry, trees))
  return {
    rows: rowsOf(
      sorted.map(({ name }) => name),
      seen
    ),
    count: sorted.length,
    digest: hashOfAll(textsOf(sorted, seen)),
    stamps: hashOfAll(stampsOf(sorted, trees))
  }
}

/** All entries below a folder, or the one that a path names; empty where there is none. */
export function entriesAt(path: string, name: string, trees: Trees): readonly NamedEntry[] {
  const entry = trees.look(path)
  if (!entry) return []
  const own = { name, path, entry }
  const real = entry.kind === 'link' ? trees.real(path) : undefined
  if (real !== undefined) return [own, ...entriesAt(real, `${name} (${entry.target})`, trees)]
  if (entry.kind !== 'folder') return [own]
  const below = trees.list(path).map(inside => ({
    name: `${name}/${inside.path}`,
    path: join(path, inside.path),
    entry: inside
  }))
  return [own, ...below]
}

/** Where the links among entries lead, with the names of what is there. */
const linksIn = (entries: readonly NamedEntry[], trees: Trees) =>
  entries.flatMap(({ path, name, entry }) => {
    const real = entry.kind === 'link' ? trees.real(path) : undefined
    return real === undefined ? [] : [{ real, name: `${name} (${entry.target})` }]
  })

/** Entries with what their links lead to. */
interface Linked {
  readonly entries: readonly NamedEntry[]
  /** Where links lead that are not followed. */
  readonly left: readonly string[]
}

/**
 * Entries with all that links among them lead to and that is not among them, each place once.
 * @param mayFollow whether what lies at a path may be looked into
 */
export function withLinked(
  entries: readonly NamedEntry[],
  trees: Trees,
  mayFollow: (path: string) => boolean
): Linked {
  const seen = new Set<string>()
  const all: NamedEntry[] = []
  const left: string[] = []
  const waiting = [entries]
  for (let found = waiting.pop(); found; found = waiting.pop()) {
    for (const { path } of found) seen.add(path)
    for (const each of found) all.push(each)
    for (const { real, name } of linksIn(found, trees)) {
      if (seen.has(real)) continue
      seen.add(real)
      if (mayFollow(real)) waiting.push(entriesAt(real, name, trees))
      else left.push(real)
    }
  }
  return { entries: all, left }
}

const isCheckout = (path: string, trees: Trees) => trees.look(join(path, '.git')) !== undefined

/**
 * What git knows below a folder, or outside of a checkout all but `.git`. Checkouts within, which
 * git knows by one name each, count likewise.
 */
export async function projectEntries(
  folder: string,
  trees: Trees,
  within: { readonly prefix: string; readonly root: string } = { prefix: '', root: folder }
): Promise<readonly NamedEntry[]> {
  const { prefix, root } = within
  const tracked = await trees.tracked(folder)
  if (!tracked) {
    const all = trees.list(folder, path => path === '.git')
    return all.map(entry => ({
      name: prefix + entry.path,
      path: join(folder, entry.path),
      root,
      entry
    }))
  }
  const entries: NamedEntry[] = []
  for (const each of tracked) {
    const name = prefix + each.replace(/\/$/, '')
    const path = join(folder, each)
    const entry = trees.look(path)
    if (!entry) continue
    entries.push({ name, path, root, entry })
    if (entry.kind !== 'folder' || !isCheckout(path, trees)) continue
    entries.push(...(await projectEntries(path, trees, { prefix: `${name}/`, root })))
  }
  return entries
}
