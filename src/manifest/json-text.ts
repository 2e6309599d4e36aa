const SPACE = 0x20
const COLON = 0x3a

/** Where something in a string is no plain character; the search is the engine's own, as loops take long in a short run. */
const IN_STRING = /["\\\n\r]/g

/** Offset after the string that begins at `start`; one without a closing quote ends at its line's end. */
export function stringEnd(text: string, start: number): number {
  IN_STRING.lastIndex = start + 1
  for (let found = IN_STRING.exec(text); found; found = IN_STRING.exec(text)) {
    if (found[0] === '"') return found.index + 1
    if (found[0] !== '\\') return found.index
    IN_STRING.lastIndex = found.index + 2
  }
  return text.length
}

const NO_SPACE = /[^ \t\n\r]/g

/** Offset of the first character from `start` on that is not JSON's white space. */
export function skipSpace(text: string, start: number): number {
  NO_SPACE.lastIndex = start
  return NO_SPACE.exec(text)?.index ?? text.length
}

/** How many keys a valid JSON text writes, each as often as it stands there. */
export function countWrittenKeys(text: string): number {
  let count = 0
  let at = text.indexOf('"')
  while (at !== -1) {
    const end = stringEnd(text, at)
    if (text.charCodeAt(skipSpace(text, end)) === COLON) count++
    at = text.indexOf('"', end)
  }
  return count
}

/** How many keys a value of JSON holds, at every depth. */
export function countKeys(root: unknown): number {
  let count = 0
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
    if (items !== value) count += items.length
    for (const item of items) if (typeof item === 'object') pending.push(item)
  }
  return count
}

/** The text with spaces for its `#`, `//` and block comments, so that every offset stays what it was. */
export function blankComments(text: string): string {
  const bytes = Buffer.from(text, 'utf16le')
  let at = 0
  while (at < text.length) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at)
    else if (character !== '#' && character !== '/') at++
    else {
      const end = commentEnd(text, at)
      blank(text, bytes, { start: at, end })
      at = Math.max(end, at + 1)
    }
  }
  return bytes.toString('utf16le')
}

function blank(
  text: string,
  bytes: Buffer,
  { start, end }: { readonly start: number; readonly end: number }
): void {
  for (let at = start; at < end; at++) {
    if (text[at] !== '\n' && text[at] !== '\r') bytes.writeUInt16LE(SPACE, 2 * at)
  }
}

/** Offset after the comment that begins at `start`, or `start` itself where none does or it has no end. */
function commentEnd(text: string, start: number): number {
  if (text.startsWith('/*', start)) {
    const end = text.indexOf('*/', start + 2)
    return end === -1 ? start : end + 2
  }
  if (text[start] !== '#' && !text.startsWith('//', start)) return start
  let end = start
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  return end
}
