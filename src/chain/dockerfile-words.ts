/** What Go's `unicode.IsSpace` holds for white space, which differs from JavaScript's `\s`. */
const SPACE =
  '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const LEADING = new RegExp(`^[${SPACE}]+`)
const IS_SPACE = new RegExp(`^[${SPACE}]`)
const BREAK = /[\t\v\f\r ]+/

/** Whether a character is white space to BuildKit. */
export function isSpace(character: string): boolean {
  return IS_SPACE.test(character)
}

/** Text without BuildKit's white space at its start. */
export function trimLeft(text: string): string {
  return text.replace(LEADING, '')
}

/** Text without BuildKit's white space at both ends. */
export function trim(text: string): string {
  let end = text.length
  while (end > 0 && isSpace(text.charAt(end - 1))) end--
  return trimLeft(text.slice(0, end))
}

/** Words parted by blanks, quotes meaning nothing yet: the arguments of FROM, COPY and ADD. */
export function blankSeparated(text: string): readonly string[] {
  return text === '' ? [] : text.split(BREAK)
}

/** The first word and all that follows it; `rest` is undefined where there is but one word. */
export function firstWord(text: string): { word: string; rest: string | undefined } {
  const found = BREAK.exec(text)
  if (!found) return { word: text, rest: undefined }
  return { word: text.slice(0, found.index), rest: text.slice(found.index + found[0].length) }
}

/** The strings of a JSON array; undefined for any other text, `invalid` for an array of something else. */
export function jsonStrings(text: string): readonly string[] | 'invalid' | undefined {
  if (!trimLeft(text).startsWith('[')) return undefined
  try {
    const values: unknown[] = JSON.parse(text)
    return values.every(value => typeof value === 'string') ? (values as string[]) : 'invalid'
  } catch {
    return undefined
  }
}

interface Word {
  readonly text: string
  readonly end: number
}

/** Words of ARG and ENV, quotes and escapes kept for the expansion that comes later. */
export function quotedWords(text: string, escapeToken: string): readonly string[] {
  const words: string[] = []
  let position = 0
  while (position < text.length) {
    if (isSpace(text.charAt(position))) {
      position++
      continue
    }
    const word = quotedWord(text, position, escapeToken)
    if (word.text !== '') words.push(word.text)
    position = word.end
  }
  return words
}

function quotedWord(text: string, start: number, escapeToken: string): Word {
  let quote = ''
  let position = start
  while (position < text.length && (quote !== '' || !isSpace(text.charAt(position)))) {
    const character = text.charAt(position)
    if (character === escapeToken && quote !== "'") position++
    else quote = quoteAfter(quote, character)
    position++
  }
  // An escape token at the very end is dropped.
  return { text: text.slice(start, position > text.length ? -1 : position), end: position }
}

function quoteAfter(quote: string, character: string): string {
  if (quote !== '') return character === quote ? '' : quote
  return character === "'" || character === '"' ? character : ''
}

/** The `--name=value` words that lead an instruction, quotes removed, and what follows them. */
export function leadingFlags(text: string, escapeToken: string): { flags: string[]; rest: string } {
  // BuildKit reads flags byte by byte, so that `é` becomes the two characters `Ã©`.
  const bytes = isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
  const flags: string[] = []
  let position = 0
  for (;;) {
    while (position < bytes.length && isSpace(bytes.charAt(position))) position++
    if (!bytes.startsWith('--', position)) break
    const flag = flagAt(bytes, position, escapeToken)
    position = flag.end
    if (flag.text === '--') break
    flags.push(flag.text)
  }
  const rest = bytes.slice(position)
  return { flags, rest: bytes === text ? rest : Buffer.from(rest, 'latin1').toString('utf8') }
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 127) return false
  return true
}

function flagAt(text: string, start: number, escapeToken: string): Word {
  let quote = ''
  let flag = ''
  let position = start
  for (; position < text.length; position++) {
    const character = text.charAt(position)
    if (quote === '' && isSpace(character)) break
    const after = quoteAfter(quote, character)
    if (after !== quote) quote = after
    else flag += character === escapeToken ? text.charAt(++position) : character
  }
  return { text: flag, end: position }
}
