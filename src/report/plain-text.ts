// CSI, OSC and two-character sequences: https://ecma-international.org/publications-and-standards/standards/ecma-48/
const ESCAPE_SEQUENCE =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g

/** Characters that would act on what shows a text: controls, changes of direction, halves of pairs. */
const ACTING =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/gu

/** A line that overwrites itself, as it was left. */
const lastWritten = (line: string) => {
  const whole = line.replace(/(?<!\r)\r+$/, '')
  return whole.slice(whole.lastIndexOf('\r') + 1)
}

/** Foreign text that only shows, its lines kept: no terminal sequences, no character that acts. */
export function plainText(text: string): string {
  return text
    .replace(ESCAPE_SEQUENCE, '')
    .split('\n')
    .map(line => lastWritten(line).replace(ACTING, '\ufffd'))
    .join('\n')
}

/**
 * Foreign text on one line, with what would begin a line or act on a terminal as an escape, and the runner's older
 * commands (`##[error]`), which it heeds anywhere in a line, cut in two.
 */
export const escapeControls = (text: string): string =>
  text
    .replaceAll('##[', '##\\[')
    .replace(/[\n\t]/g, each => (each === '\n' ? '\\n' : '\\t'))
    .replace(ACTING, each => {
      const code = each.charCodeAt(0)
      return `\\u${code.toString(16).padStart(4, '0')}`
    })

/** A text of at most `most` UTF-16 units, `…` where it was cut. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Foreign text on one line, cut. */
export function oneLine(text: string, most = 300): string {
  // What would be thrown away is not looked at: a text may be of any size.
  const near = text.slice(0, most * 4 + 1_000)
  return cutText(plainText(near).replace(/\s+/g, ' ').trim(), most)
}
