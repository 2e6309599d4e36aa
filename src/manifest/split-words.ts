const SPACE = /[ \t\r\n]+/
const QUOTING = /["'\\]/
const PLAIN_END = /["'\\ \t\r\n]/g

const CONTINUATION = '\\\n'

/**
 * Splits a text into words as a shell does: quotes, backslashes and continued lines
 * (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_02), and nothing
 * else of a shell. A quote without its end, or a backslash at the end, comes back in words.
 */
export function splitWords(text: string): readonly string[] | string {
  if (!QUOTING.test(text)) return text.split(SPACE).filter(word => word !== '')
  const words: string[] = []
  let word: string | undefined
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = pieceEnd(text, at)
    if (end === -1) return openEnd(text[at])
    const piece = text.slice(at, end)
    if (piece === CONTINUATION) continue
    if (!SPACE.test(piece[0] ?? '')) word = (word ?? '') + unquote(piece)
    else if (word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}

function openEnd(character: string | undefined): string {
  return character === '\\'
    ? 'found a backslash at the end, expected a character after it'
    : `found \`${character}\` without its partner, expected it`
}

/** Offset after a space, an escaped character, a quoted text or plain characters; -1 where it has no end. */
function pieceEnd(text: string, start: number): number {
  const first = text[start] ?? ''
  if (SPACE.test(first)) return start + 1
  if (first === '\\') return start + 1 < text.length ? start + 2 : -1
  if (first === '"') return quoteEnd(text, start)
  if (first === "'") return text.indexOf("'", start + 1) + 1 || -1
  PLAIN_END.lastIndex = start
  return PLAIN_END.exec(text)?.index ?? text.length
}

function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1
    if (text[at] === '\\') at++
  }
  return -1
}

function unquote(piece: string): string {
  if (piece.startsWith('\\')) return piece.slice(1)
  if (piece.startsWith("'")) return piece.slice(1, -1)
  if (!piece.startsWith('"')) return piece
  return piece.slice(1, -1).replace(/\\(?:\n|(["\\$`]))/g, (_, escaped) => escaped ?? '')
}
