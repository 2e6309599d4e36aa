import type { Place, Position } from '../errors.js'

/** Where the lines of the text that was asked about last begin: one text is asked about many times. */
let known: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] }

function startsIn(text: string): readonly number[] {
  if (known.text === text) return known.starts
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  known = { text, starts }
  return starts
}

/** Line and column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const starts = startsIn(text)
  let [from, to] = [0, starts.length]
  while (to - from > 1) {
    const middle = (from + to) >> 1
    if ((starts[middle] ?? 0) <= offset) from = middle
    else to = middle
  }
  return { line: from + 1, column: offset - (starts[from] ?? 0) + 1 }
}

/** A place in a file, by an offset in its text. */
export function placeAt(file: { readonly path: string; readonly text: string }, at: number): Place {
  return { file: file.path, position: positionAt(file.text, at) }
}
