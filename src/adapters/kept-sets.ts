import { hasLoneBytes } from '../chain/byte-text.js'
import { sha256 } from '../chain/node-crypto.js'
import type { KnownSet, SetOrigin, Trees } from '../ports.js'
import { RACY } from './kept-hashes.js'
import { readSealed, writeSealed } from './sealed-file.js'
import { type StatDigest, statDigest } from './stat-digest.js'
import { changedAt } from './tree-entry.js'

/** Large sets of files, known again by how all that they were made from looks. */
export interface KeptSets {
  readonly find: Trees['knownSet']
  readonly offer: Trees['offerSet']
  /** Keeps sets for later runs, and gives none from then on: what they were made from may change. */
  readonly save: () => Promise<void>
}

/** A row of the file. */
interface Row extends SetOrigin {
  /** How all that the set was made from looked; missing where no run has seen that yet. */
  readonly look?: string | undefined
  readonly set?: KnownSet | undefined
}

const NAME = 'sets 1'

/** Files from which on a set is kept: fewer are sooner looked at than another program is started. */
const FEWEST = 2000

/** Sets that are kept, and folders that one may leave out: `find` compares each path with all of them. */
const MOST = 4
const MOST_LEFT_OUT = 32

/** Which sets are kept. */
export interface SetLimits {
  /** Files of the smallest. */
  readonly fewest?: number | undefined
  /** Milliseconds before a look within which none of its files may have changed. */
  readonly racy?: number | undefined
}

/** A key can hold a whole ignore file. */
const shortKey = (key: string) => sha256(key)

const hasTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

function isRow(value: unknown): value is Row {
  const { key, roots, above, leftOut, look, set } = (value ?? {}) as Partial<Row>
  const isSet = typeof set?.digest === 'string' && typeof set.count === 'number'
  return (
    typeof key === 'string' &&
    [roots, above, leftOut].every(hasTexts) &&
    (look === undefined ? set === undefined : typeof look === 'string' && isSet)
  )
}

function load(file: string | undefined): readonly Row[] {
  const text = readSealed(file, NAME)
  const rows: unknown = text === '' ? [] : JSON.parse(text)
  return Array.isArray(rows) ? rows.filter(isRow).slice(0, MOST) : []
}

/** A row that was there when the run began, and how its files look now. */
interface Expected {
  readonly row: Row
  readonly digest: StatDigest | undefined
  /** Once it was asked for. */
  look?: string | undefined
}

const pathsOf = ({ roots, above, leftOut }: SetOrigin) => [...roots, ...above, ...leftOut]

const isSame = (one: SetOrigin, other: SetOrigin) =>
  JSON.stringify([one.roots, one.above, one.leftOut]) ===
  JSON.stringify([other.roots, other.above, other.leftOut])

/**
 * Opens the sets in a file. The first run that meets a large set only writes down where its files are. The next one
 * has all of them looked at when it begins, and keeps that look together with the set that it then makes: whatever
 * changed in between has a later time, so that no later look is the same. A third that sees this look takes the set.
 */
export function openKeptSets(
  file: string | undefined,
  { fewest = FEWEST, racy = RACY }: SetLimits = {}
): KeptSets {
  const expected = new Map<string, Expected>()
  for (const row of load(file)) expected.set(row.key, { row, digest: statDigest(row) })
  const asked = new Map<string, Row>()
  let isOver = file === undefined

  const seenFor = (origin: SetOrigin, stamps: () => Iterable<string>) => {
    const before = expected.get(origin.key)
    if (!before?.digest || before.look === undefined || !isSame(before.row, origin))
      return undefined
    const { startedAt } = before.digest
    for (const stamp of stamps()) if (startedAt - changedAt(stamp) < racy) return undefined
    return before.look
  }

  return {
    find: async key => {
      if (isOver || expected.size === 0) return undefined
      const found = expected.get(shortKey(key()))
      if (!found) return undefined
      found.look = await found.digest?.value
      if (found.look === undefined || found.look !== found.row.look) return undefined
      asked.set(found.row.key, found.row)
      return found.row.set
    },
    offer: (set, originOf, stamps) => {
      if (isOver || set.count < fewest) return
      const given = originOf()
      if (!given) return
      const origin = { ...given, key: shortKey(given.key) }
      if (asked.has(origin.key)) return
      const isOdd = pathsOf(origin).some(hasLoneBytes) || origin.leftOut.length > MOST_LEFT_OUT
      if (isOdd) return
      const look = seenFor(origin, stamps)
      asked.set(origin.key, look === undefined ? origin : { ...origin, look, set })
    },
    save: async () => {
      if (isOver || file === undefined) return
      isOver = true
      for (const { digest } of expected.values()) digest?.end()
      if (asked.size === 0) return
      const rows = [...asked.values()].slice(0, MOST)
      const before = [...expected.values()].map(({ row }) => row)
      if (rows.length === before.length && rows.every(row => before.includes(row))) return
      await writeSealed(file, NAME, JSON.stringify(rows))
    }
  }
}
