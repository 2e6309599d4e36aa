import { hasLoneBytes } from '../chain/byte-text.js'
import { readSealed, writeSealed } from './sealed-file.js'
import { changedAt } from './tree-entry.js'

/** Hashes of files by path and stamp, kept between runs. */
export interface KeptHashes {
  /** Earlier runs have kept none. */
  readonly isEmpty: boolean
  /** This run has added one. */
  isAdded(path: string, stamp: string): boolean
  find(path: string, stamp: string): string | undefined
  add(path: string, stamp: string, hash: string): void
  save(): Promise<void>
}

/**
 * In the file stands a row for each file, its path, a NUL, its stamp, a NUL, its hash and a line end, in the
 * order in which they were asked for.
 */
const NAME = 'hashes 3'

const HASH = 64

/** Characters of a row after its stamp's NUL. */
const REST = HASH + 1

/** Rows that are kept at most; beyond, those that this run did not ask for go first. */
const MOST_ROWS = 500_000

/**
 * Milliseconds within which a later write may leave a file's times as they were: its hash is not kept
 * (git's "racy" entries, https://git-scm.com/docs/racy-git).
 */
export const RACY = 100

/** Whether a write from now on shows in the times of a file that has this stamp. */
export const isSettled = (stamp: string): boolean => Date.now() - changedAt(stamp) >= RACY

/** Where the row of each path begins. */
function placesIn(rows: string): Map<string, number> {
  const places = new Map<string, number>()
  for (let at = 0; at < rows.length; ) {
    const path = rows.indexOf('\0', at)
    const stamp = rows.indexOf('\0', path + 1)
    if (path < 0 || stamp < 0) break
    places.set(rows.slice(at, path), at)
    at = stamp + 1 + REST
  }
  return places
}

const rowAt = (rows: string, at: number) =>
  rows.slice(at, rows.indexOf('\0', rows.indexOf('\0', at) + 1) + 1 + REST)

/** What a run asked for: the place of a row that was there, or the path and the stamp of a new one. */
type Asked = number | string

/** The rows that a run asked for, in its order, then those that it did not ask for. */
function rowsToKeep(rows: string, asked: readonly Asked[], added: ReadonlyMap<string, string>) {
  const kept = new Map<string, string>()
  for (const each of asked) {
    const row = typeof each === 'number' ? rowAt(rows, each) : `${each}${added.get(each)}\n`
    const path = row.slice(0, row.indexOf('\0'))
    // The file is UTF-8, which would make one name of several that are not.
    if (!hasLoneBytes(path)) kept.set(path, row)
  }
  for (const [path, at] of placesIn(rows)) {
    if (!kept.has(path)) kept.set(path, rowAt(rows, at))
  }
  return [...kept.values()].slice(0, MOST_ROWS).join('')
}

/**
 * Opens the hashes in a file. A run mostly asks for what the last one asked for, in its order: each
 * row is looked for behind the one before it, and only where it is not there by its path.
 */
export function openKeptHashes(file: string | undefined): KeptHashes {
  const rows = readSealed(file, NAME)
  const added = new Map<string, string>()
  const asked: Asked[] = []
  let places: Map<string, number> | undefined
  let next = 0
  let isSaved = true
  const placeOf = (path: string) => {
    places ??= placesIn(rows)
    return places.get(path) ?? rows.length
  }
  return {
    isEmpty: rows === '',
    isAdded: (path, stamp) => added.has(`${path}\0${stamp}\0`),
    find: (path, stamp) => {
      const key = `${path}\0${stamp}\0`
      const at = rows.startsWith(key, next) ? next : placeOf(path)
      if (!rows.startsWith(key, at)) {
        const hash = added.get(key)
        // Of two stamps of a path the one that was asked for last is kept.
        if (hash !== undefined) asked.push(key)
        return hash
      }
      const end = at + key.length
      next = end + REST
      asked.push(at)
      return rows.slice(end, end + HASH)
    },
    add: (path, stamp, hash) => {
      const key = `${path}\0${stamp}\0`
      added.set(key, hash)
      asked.push(key)
      isSaved = false
    },
    save: async () => {
      if (file === undefined || isSaved) return
      isSaved = true
      await writeSealed(file, NAME, rowsToKeep(rows, asked, added))
    }
  }
}
