import type { Position } from '../errors.js'

/** Steps from a document's root to a value: names of fields and indices of lists. */
export type ValuePath = readonly (string | number)[]

/** Offsets in a text at which a value and its key begin; an item of a list has its own offset as key. */
export interface Spot {
  readonly key: number
  readonly value: number
}

/** Turns offsets of a text into lines and columns; the lines are found on the first call. */
export function createLineIndex(text: string): (offset: number) => Position {
  let starts: readonly number[] | undefined
  return offset => {
    starts ??= lineStarts(text)
    const line = lastAtMost(starts, offset)
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

/** A line ends with a line feed, a carriage return, or both, as editors have it. */
function lineStarts(text: string): number[] {
  const starts = [0]
  const end = /\r\n|\r|\n/g
  while (end.exec(text)) starts.push(end.lastIndex)
  return starts
}

/** Index of the last number of an ascending list that is at most `limit`. */
function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((ascending[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}
