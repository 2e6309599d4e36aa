/** All ways in which one character of a secret may be written; none is empty. */
export type Forms = readonly Uint8Array[]

const bytesOf = (text: string) => Buffer.from(text)

/** Escaped by as many backslashes as one, two or three rounds of escaping leave. */
const BACKSLASHES = ['\\', '\\\\', '\\\\\\']

const LETTERS: Readonly<Record<string, string>> = {
  '\n': 'n',
  '\r': 'r',
  '\t': 't',
  '\b': 'b',
  '\f': 'f',
  '\v': 'v'
}

const ENTITIES: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;', '&amp;amp;'],
  '<': ['&lt;', '&amp;lt;'],
  '>': ['&gt;', '&amp;gt;'],
  '"': ['&quot;', '&amp;quot;'],
  "'": ['&apos;', '&amp;#39;', '&#039;']
}

/** What shells, SQL, YAML, printf and compose files make of a character. */
const DOUBLED: Readonly<Record<string, readonly string[]>> = {
  "'": [`'\\''`, `'\\\\''`, `'"'"'`, `'\\"'\\"'`, "''"],
  '"': ['""'],
  '%': ['%%'],
  $: ['$$'],
  ' ': ['+'],
  '\n': ['\r\n', '\\r\\n', '%0D%0A', '%0d%0a'],
  '\\': ['\\\\', '\\\\\\\\', '\\\\\\\\\\\\\\\\']
}

const bothCases = (text: string) => [text, text.toLowerCase()]

const hex = (number: number, width: number) =>
  number.toString(16).toUpperCase().padStart(width, '0')

/** `%C3%A9`, and the same once more escaped. */
function percent(bytes: Uint8Array): string[] {
  const escaped = [...bytes].map(byte => hex(byte, 2))
  return ['%', '%25'].flatMap(sign => bothCases(escaped.map(each => sign + each).join('')))
}

/** `\u00E9`, two of them for a character beyond U+FFFF, and `\xE9` or `\351` for a byte. */
function backslashed(character: string, bytes: Uint8Array): string[] {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at))
  const rows = [
    units.map(unit => `u${hex(unit, 4)}`),
    [...bytes].map(byte => `x${hex(byte, 2)}`),
    [...bytes].map(byte => byte.toString(8).padStart(3, '0'))
  ]
  const written = rows.flatMap(row =>
    BACKSLASHES.slice(0, 2).map(slashes => row.map(each => slashes + each).join(''))
  )
  return written.flatMap(text => [text, text.replace(/[A-F]/g, digit => digit.toLowerCase())])
}

function escaped(character: string): readonly string[] {
  const bytes = bytesOf(character)
  const code = character.codePointAt(0) ?? 0
  return [
    ...BACKSLASHES.map(slashes => slashes + (LETTERS[character] ?? character)),
    ...percent(bytes),
    ...backslashed(character, bytes),
    `&#${code};`,
    ...bothCases(hex(code, 1)).map(digits => `&#x${digits};`),
    ...(ENTITIES[character] ?? []),
    ...(DOUBLED[character] ?? [])
  ]
}

const known = new Map<string, Forms>()

function remember(key: string, make: () => readonly string[]): Forms {
  const found = known.get(key)
  if (found) return found
  const forms = [...new Set(make())].map(bytesOf)
  known.set(key, forms)
  return forms
}

/**
 * The ways in which a character of a secret is written: as it is, and escaped in JSON, in addresses,
 * in HTML and for shells. Letters and digits are escaped in none of them.
 */
export function characterForms(character: string): Forms {
  return remember(character, () =>
    /^\w$/.test(character) ? [character] : [character, ...escaped(character)]
  )
}

/** A character as it is alone. */
export const plainForms = (character: string): Forms =>
  remember(`plain ${character}`, () => [character])

const PLUS = ['+', '-', '%2B', '%2b']
const SLASH = ['/', '_', '\\/', '%2F', '%2f']

/** The ways in which a character of a base64 text is written, by its two alphabets and in addresses. */
export const base64Forms = (character: string): Forms =>
  remember(`base64 ${character}`, () => {
    if (character === '+') return PLUS
    return character === '/' ? SLASH : [character]
  })
