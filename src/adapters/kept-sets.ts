import { hasLoneBytes } from '../chain/byte-text.js'
import { sha256 } from '../chain/node-crypto.js'
import type { KnownSet, SeenFile, SetOrigin, Trees } from '../ports.js'
import { type Glance, type Glancing, glanceAt } from './glance.js'
import { RACY } from './kept-hashes.js'
import { readSealed, writeSealed } from './sealed-file.js'
import { changedAt } from './tree-entry.js'

/** Large sets of files, known again by how all that they were made from looks. */
export interface KeptSets {
  readonly known: Trees['knownSet']
  readonly offer: Trees['offerSet']
  /** Keeps sets for later runs, and knows none from then on: what they were made from may change. */
  readonly save: () => Promise<void>
}

/** A row of the file. */
interface Row extends SetOrigin {
  /** Digest of the glance at what the set was made from; missing where none has shown that set yet. */
  readonly glance?: string | undefined
  readonly set?: KnownSet | undefined
}

/** Another way to choose files, or to make a set of them, is another version. */
const NAME = 'sets 1'

/** Entries from which on a set is kept: fewer are sooner looked at than another program is started. */
const FEWEST = 2000

/** Sets that are kept, and folders that one may leave out: `find` compares each path with all of them. */
const MOST = 4
const MOST_LEFT_OUT = 32

/** Which sets are kept. */
export interface SetLimits {
  /** Entries of the smallest. */
  readonly fewest?: number | undefined
  /** Milliseconds before a glance within which none of its files may have changed. */
  readonly racy?: number | undefined
}

/** A key can hold a whole ignore file. */
const shortKey = (key: string) => sha256(key)

const hasTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(each => typeof each === 'string')

function isRow(value: unknown): value is Row {
  const { key, roots, above, leftOut, glance, set } = (value ?? {}) as Partial<Row>
  const isSet = typeof set?.digest === 'string' && typeof set.count === 'number'
  return (
    typeof key === 'string' &&
    [roots, above, leftOut].every(hasTexts) &&
    (glance === undefined ? set === undefined : typeof glance === 'string' && isSet)
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
  readonly glancing: Glancing | undefined
  /** Once it was asked for. */
  glance?: Glance | undefined
}

const isKeepable = ({ roots, above, leftOut }: SetOrigin) =>
  leftOut.length <= MOST_LEFT_OUT && ![...roots, ...above, ...leftOut].some(hasLoneBytes)

/**
 * Opens the sets in a file. The first run that meets a large set only writes down where its files are. The next one
 * takes a glance at all of them when it begins, and keeps that with the set that it makes after it, if each file looks
 * in the glance as it did when it was looked at by itself. A third run that takes the same glance takes that set.
 */
export function openKeptSets(
  file: string | undefined,
  { fewest = FEWEST, racy = RACY }: SetLimits = {}
): KeptSets {
  const expected = new Map<string, Expected>()
  for (const row of load(file)) expected.set(row.key, { row, glancing: glanceAt(row) })
  const asked = new Map<string, Row>()
  let isOver = file === undefined

  /** Digest of the glance that shows what a set was made of. */
  const shownBy = (key: string, seen: readonly SeenFile[]): string | undefined => {
    const { glancing, glance } = expected.get(key) ?? {}
    if (!glancing || !glance) return undefined
    // A change within the same tick of the clock as one before would look the same.
    const isSettled = seen.every(({ entry }) => glancing.startedAt - changedAt(entry.stamp) >= racy)
    return isSettled && glance.shows(seen) ? glance.digest : undefined
  }

  return {
    known: async key => {
      if (isOver || expected.size === 0) return undefined
      const found = expected.get(shortKey(key()))
      if (!found) return undefined
      found.glance = await found.glancing?.glance
      if (found.glance === undefined || found.glance.digest !== found.row.glance) return undefined
      asked.set(found.row.key, found.row)
      return found.row.set
    },
    offer: (set, originOf, seen) => {
      if (isOver || set.count < fewest) return
      const given = originOf()
      if (!given || !isKeepable(given)) return
      const origin = { ...given, key: shortKey(given.key) }
      if (asked.has(origin.key)) return
      const glance = shownBy(origin.key, seen())
      asked.set(origin.key, glance === undefined ? origin : { ...origin, glance, set })
    },
    save: async () => {
      if (isOver || file === undefined) return
      isOver = true
      for (const { glancing } of expected.values()) glancing?.end()
      if (asked.size === 0) return
      const rows = [...asked.values()].slice(0, MOST)
      const before = [...expected.values()].map(({ row }) => row)
      if (rows.length === before.length && rows.every(row => before.includes(row))) return
      await writeSealed(file, NAME, JSON.stringify(rows))
    }
  }
}
