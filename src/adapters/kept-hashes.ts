import { readFileSync } from 'node:fs'
import { files } from './files.js'
import { changedAt } from './tree-entry.js'

/** Hashes of files by path and stamp, kept between runs. */
export interface KeptHashes {
  find(path: string, stamp: string): string | undefined
  add(path: string, stamp: string, hash: string): void
  save(): Promise<void>
}

type Row = readonly [stamp: string, hash: string]

const VERSION = 1

/** Rows that are kept at most; beyond, those that this run did not ask for go first. */
const MOST_ROWS = 500_000

/**
 * Nanoseconds within which a later write may leave a file's times as they were: its hash is not kept
 * (git's "racy" entries, https://git-scm.com/docs/racy-git).
 */
const RACY = 100_000_000n

const now = () => BigInt(Date.now()) * 1_000_000n

function load(file: string | undefined): Map<string, Row> {
  if (file === undefined) return new Map()
  try {
    const data = JSON.parse(readFileSync(file, 'utf8')) as {
      version: number
      rows: [string, Row][]
    }
    const isSound = data.version === VERSION && data.rows.every(isRow)
    return isSound ? new Map(data.rows) : new Map()
  } catch {
    return new Map()
  }
}

const isRow = (row: unknown): boolean =>
  Array.isArray(row) &&
  typeof row[0] === 'string' &&
  Array.isArray(row[1]) &&
  typeof row[1][0] === 'string' &&
  /^[0-9a-f]{64}$/.test(String(row[1][1]))

/** Opens the hashes in a file; a file that is missing or damaged holds none. */
export function openKeptHashes(file: string | undefined): KeptHashes {
  const old = load(file)
  const used = new Map<string, Row>()
  let changed = false
  return {
    find: (path, stamp) => {
      const row = old.get(path)
      if (row?.[0] !== stamp) return undefined
      used.set(path, row)
      return row[1]
    },
    add: (path, stamp, hash) => {
      if (now() - changedAt(stamp) < RACY) return
      used.set(path, [stamp, hash])
      changed = true
    },
    save: async () => {
      if (file === undefined || !changed) return
      const rows = new Map([...used, ...[...old].filter(([path]) => !used.has(path))])
      const kept = [...rows].slice(0, MOST_ROWS)
      await files.write(file, JSON.stringify({ version: VERSION, rows: kept }))
    }
  }
}
