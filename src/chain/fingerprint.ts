import { createHash } from 'node:crypto'

/**
 * What an image is made from: a short text for each thing that a build takes in, by a name that a
 * person reads (`Dockerfile`, `base debian:12`, `variable VERSION`).
 */
export type Parts = ReadonlyMap<string, string>

/** What is known of all that goes into an image. */
export interface Inputs {
  readonly parts: Parts
  /** The files that the build can see; their digest is the part `files`. */
  readonly files: FileSet
  /** Why a change might go unseen; such an image is built each time. */
  readonly untracked: readonly string[]
  /** ONBUILD instructions of its outside bases, by image id. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
}

/** A file, folder or link by its path, with what a build can see of it: content and mode, not times. */
export type FileRow = readonly [path: string, value: string]

/** A set of files, sorted by path. */
export interface FileSet {
  readonly rows: readonly FileRow[]
  /** Hash of the rows. */
  readonly digest: string
  /** Hash of when and how each was last written: it differs where a file was touched and put back. */
  readonly stamps: string
}

/** Version of how fingerprints are made: another one is another fingerprint for everything. */
const VERSION = 'build-chain 1'

/** Name of the part that stands for all files. */
export const FILES_PART = 'files'

/** Hash of a text, such as a value that should not stand in a record itself. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Hash of many texts, in order. */
export function hashOfAll(texts: Iterable<string>): string {
  const hash = createHash('sha256')
  for (const text of texts) hash.update(`${text.length}:${text}`)
  return hash.digest('hex')
}

/** `sha256:…` of all parts, whatever their order. */
export function fingerprintOf(parts: Parts): string {
  const rows = [...parts].sort(([a], [b]) => (a < b ? -1 : 1))
  return `sha256:${hashOf(JSON.stringify([VERSION, rows]))}`
}

function changeOf(name: string, before: string | undefined, now: string | undefined): string {
  if (name.startsWith('base ')) return before === undefined ? `${name} is new` : `${name} moved`
  if (before === undefined) return `${name} added`
  return now === undefined ? `${name} removed` : `${name} changed`
}

function changesOf(before: Iterable<FileRow>, now: Iterable<FileRow>): string[] {
  const old = new Map(before)
  const changes: string[] = []
  for (const [name, value] of now) {
    if (old.get(name) !== value) changes.push(changeOf(name, old.get(name), value))
    old.delete(name)
  }
  return [...changes, ...[...old].map(([name, value]) => changeOf(name, value, undefined))]
}

/** Changes that are named before the rest is counted. */
const SHOWN = 3

/** What an earlier build was made from. */
export interface Earlier {
  readonly parts: Parts
  /** The files of that build; undefined where they are not remembered. */
  readonly files: () => readonly FileRow[] | undefined
}

/** Names what changed since an earlier build, to the file; an empty text where nothing did. */
export function describeChange(before: Earlier, now: Inputs): string {
  const changes = changesOf(before.parts, now.parts).flatMap(change => {
    if (!change.startsWith(`${FILES_PART} `)) return [change]
    const rows = before.files()
    return rows ? changesOf(rows, now.files.rows) : [change]
  })
  const more = changes.length - SHOWN
  return changes.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
