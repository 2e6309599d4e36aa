import { readFileSync } from 'node:fs'
import { nodeCrypto } from '../chain/node-crypto.js'
import { files } from './files.js'
import { changedAt } from './tree-entry.js'

/** Hashes of files by path and stamp, kept between runs. */
export interface KeptHashes {
  find(path: string, stamp: string): string | undefined
  add(path: string, stamp: string, hash: string): void
  save(): Promise<void>
}

type Row = readonly [stamp: string, hash: string]

/** Version, checksum and rows, in JSON; the checksum is of the text from the rows on. */
const HEAD = /^\{"version":2,"check":"([0-9a-f]{64})","rows":/

/** Rows that are kept at most; beyond, those that this run did not ask for go first. */
const MOST_ROWS = 500_000

/**
 * Nanoseconds within which a later write may leave a file's times as they were: its hash is not kept
 * (git's "racy" entries, https://git-scm.com/docs/racy-git).
 */
const RACY = 100_000_000n

const now = () => BigInt(Date.now()) * 1_000_000n

/** Whether a write from now on shows in the times of a file that has this stamp. */
export const isSettled = (stamp: string): boolean => now() - changedAt(stamp) >= RACY

const checkOf = (text: string) => nodeCrypto().createHash('sha256').update(text).digest('hex')

function written(rows: readonly (readonly [string, Row])[]): string {
  const text = `${JSON.stringify(rows)}}`
  return `{"version":2,"check":"${checkOf(text)}","rows":${text}`
}

function load(file: string | undefined): Map<string, Row> {
  if (file === undefined) return new Map()
  try {
    const text = readFileSync(file, 'utf8')
    const head = HEAD.exec(text)
    if (!head || head[1] !== checkOf(text.slice(head[0].length))) return new Map()
    return new Map((JSON.parse(text) as { rows: [string, Row][] }).rows)
  } catch {
    return new Map()
  }
}

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
      if (!isSettled(stamp)) return
      used.set(path, [stamp, hash])
      changed = true
    },
    save: async () => {
      if (file === undefined || !changed) return
      const rows = new Map([...used, ...[...old].filter(([path]) => !used.has(path))])
      const kept = [...rows].slice(0, MOST_ROWS)
      await files.write(file, written(kept))
    }
  }
}
