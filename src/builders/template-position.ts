import type { Place, Position } from '../errors.js'

/** Line and column of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** A place in a file, by an offset in its text. */
export function placeAt(file: { readonly path: string; readonly text: string }, at: number): Place {
  return { file: file.path, position: positionAt(file.text, at) }
}
