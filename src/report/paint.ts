/** What a text may be shown as. */
export type Style = 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim'

/** Gives a text with a style where colours are wanted, else the text alone. */
export type Paint = (style: Style, text: string) => string

/** Select Graphic Rendition, on and off: https://ecma-international.org/publications-and-standards/standards/ecma-48/ */
const CODES: Readonly<Record<Style, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22]
}

/** Text alone. */
export const plain: Paint = (_, text) => text

/** Text between the sequences that terminals take. */
export const coloured: Paint = (style, text) => {
  const [on, off] = CODES[style]
  return `\u001B[${on}m${text}\u001B[${off}m`
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Whether colours are wanted. FORCE_COLOR decides alone, as in Node.js; then NO_COLOR; then there
 * are colours on a terminal that has them, and none in CI.
 * https://no-color.org, https://nodejs.org/api/cli.html#force_color1-2-3
 */
export function wantsColours(isTerminal: boolean, env: Variables): boolean {
  const { FORCE_COLOR: force, NO_COLOR: no, CI: ci, TERM: term } = env
  if (force !== undefined) return force !== '0' && force !== 'false'
  if (no) return false
  return isTerminal && !(ci && ci !== 'false') && term !== 'dumb'
}
