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
  for (let at = nextBreak(text, 0); at < text.length; at = nextBreak(text, at)) {
    at += text.startsWith('\r\n', at) ? 2 : 1
    starts.push(at)
  }
  return starts
}

/** Offset of the next line feed or carriage return. */
function nextBreak(text: string, start: number): number {
  let at = start
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++
  return at
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
