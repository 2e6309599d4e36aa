import type { Paint, Style } from './paint.js'

const STYLES: readonly (readonly [start: string, style: Style])[] = [
  ['--- ', 'bold'],
  ['+++ ', 'bold'],
  ['@@', 'cyan'],
  ['-', 'red'],
  ['+', 'green']
]

/** A unified diff with its lines in the usual colours. */
export function paintDiff(diff: string, paint: Paint): string {
  return diff
    .split('\n')
    .map(line => {
      const style = STYLES.find(([start]) => line.startsWith(start))?.[1]
      return style ? paint(style, line) : line
    })
    .join('\n')
}
