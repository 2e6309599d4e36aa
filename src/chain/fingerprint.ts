import type { Hash } from 'node:crypto'
import type { Warning } from '../manifest/image.js'
import { hasLoneBytes } from './byte-text.js'
import { nodeCrypto, sha256 } from './node-crypto.js'
import { changeWords, FILES_PART, isMovedBase, partWords } from './parts.js'

/**
 * What an image is made from: a short text for each thing that a build takes in, by a name that
 * no other kind of thing can have (`file Dockerfile`, `base docker.io/library/debian:12`).
 */
export type Parts = ReadonlyMap<string, string>

/** What is known of all that goes into an image. */
export interface Inputs {
  readonly parts: Parts
  /** The files that the build can see; their digest is the part `files`. */
  readonly files: FileSet
  /** Why a change might go unseen; such an image is built each time. */
  readonly untracked: readonly string[]
  /** ONBUILD instructions of its outside bases, by what those bases are. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
  /** References of bases whose ONBUILD instructions are not known, normalised. */
  readonly missing?: readonly string[]
  /** What a person should know of them. */
  readonly warnings?: readonly Warning[]
}

/** A file, folder or link by its path, with what a build can see of it: content and mode, not times. */
export type FileRow = readonly [path: string, value: string]

/** A set of files, sorted by path. */
export interface FileSet {
  /** Makes the rows: only where it is to be told what changed, or where they are remembered. */
  readonly rows: () => readonly FileRow[]
  /** How many rows there are. */
  readonly count: number
  /** Hash of the rows. */
  readonly digest: string
  /** When and how each was last written, as one text: it differs where a file was touched and put back. */
  readonly stamps: string
  /** It is as an earlier run made it, and no file of it was looked at: a build needs a look of its own. */
  readonly isRecalled?: boolean
}

/** What is remembered of a set of files. */
export type FileRows = Pick<FileSet, 'rows' | 'count'>

/** No files at all. */
export const NO_FILES: FileSet = { rows: () => [], count: 0, digest: '', stamps: '' }

/** Version of how fingerprints are made: another one is another fingerprint for everything. */
const VERSION = 'build-chain 2'

/** A text that bytes can stand for: UTF-8 has no lone surrogates, so that those in a file's name would all be hashed alike. */
export const hashable = (text: string) => (hasLoneBytes(text) ? `\0${JSON.stringify(text)}` : text)

/** Hash of bytes, or of a text such as a value that should not stand in a record itself. */
export function hashOf(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? hashable(content) : content
  return sha256(bytes)
}

/** Characters that are handed to a hash at a time: a call for each text takes longer than the hash. */
const BATCH = 1 << 16

/** Hash of many texts, in order. */
export function hashOfAll(texts: Iterable<string>): string {
  let hash: Hash | undefined
  let batch = ''
  for (const text of texts) {
    batch += `${text.length}:${hashable(text)}`
    if (batch.length < BATCH) continue
    hash ??= nodeCrypto().createHash('sha256')
    hash.update(batch)
    batch = ''
  }
  return hash?.update(batch).digest('hex') ?? sha256(batch)
}

/** `sha256:…` of all parts, whatever their order. */
export function fingerprintOf(parts: Parts): string {
  const rows = [...parts].sort(([a], [b]) => (a < b ? -1 : 1))
  return `sha256:${hashOf(JSON.stringify([VERSION, rows]))}`
}

type Change = readonly [name: string, before: string | undefined, now: string | undefined]

function changesOf(before: Iterable<FileRow>, now: Iterable<FileRow>): Change[] {
  const old = new Map(before)
  const changed: Change[] = []
  const added: Change[] = []
  for (const [name, value] of now) {
    const earlier = old.get(name)
    old.delete(name)
    if (earlier === undefined) added.push([name, earlier, value])
    else if (earlier !== value) changed.push([name, earlier, value])
  }
  const removed = [...old].map(([name, value]): Change => [name, value, undefined])
  return [...changed, ...removed, ...added]
}

/** Changes that are named before the rest is counted. */
const SHOWN = 3

/** What an earlier build was made from. */
export interface Earlier {
  readonly parts: Parts
  /** The files of that build; undefined where they are not remembered. */
  readonly files: () => readonly FileRow[] | undefined
  /** ONBUILD instructions of the outside bases of that build, by what those were. */
  readonly triggers: ReadonlyMap<string, readonly string[]>
}

/**
 * The parts that changed, moved bases first. That a base moved is told where nothing else changed, or where
 * its ONBUILD instructions may be why: of one that the daemon lacks it is only seen later.
 */
function changedParts(before: Earlier, now: Inputs): readonly Change[] {
  const all = changesOf(before.parts, now.parts)
  const hasTriggers = (identity: string | undefined) =>
    (before.triggers.get(identity ?? '') ?? now.triggers.get(identity ?? '') ?? []).length > 0
  const isCertain = (change: Change) =>
    !isMovedBase(...change) || hasTriggers(change[1]) || hasTriggers(change[2])
  const certain = all.filter(isCertain)
  const told = certain.length > 0 ? certain : all
  const isMoved = (change: Change) => isMovedBase(...change)
  return [...told.filter(isMoved), ...told.filter(change => !isMoved(change))]
}

/** Names what changed since an earlier build, to the file; an empty text where nothing did. */
export function describeChange(before: Earlier, now: Inputs): string {
  const changes = changedParts(before, now).flatMap(change => {
    const rows = change[0] === FILES_PART ? before.files() : undefined
    if (!rows) return [partWords(...change)]
    return changesOf(rows, now.files.rows()).map(row => changeWords(...row))
  })
  const more = changes.length - SHOWN
  return changes.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
