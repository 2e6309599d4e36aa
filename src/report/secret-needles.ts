import type { Secret } from '../builders/secret-values.js'
import { isTelling, TELLING_LENGTH } from '../builders/telling-value.js'
import { base64Forms, characterForms, type Forms, plainForms } from './secret-forms.js'

/** One way to write a secret, that a text is searched for. */
export interface Needle {
  /** Bytes at its start that are not masked: the name of an argument. */
  readonly keep: number
  /** Each of its characters in turn. */
  readonly characters: readonly Forms[]
  /** It ends where no letter, digit or `_` follows. */
  readonly isWord: boolean
}

/** Lines of a secret that are searched for in base64 each by itself. */
const ENCODED_LINES = 60

/** Columns at which `base64`, OpenSSL and PEM break lines. */
const COLUMNS = [76, 64]

/** Characters of a needle: a longer text is many, so that no place of a log takes longer to look at. */
const MOST = 128

/** Of a text that may begin anew at many of its own places, since it has few characters. */
const MOST_ALIKE = 16

/** Different characters that are few. */
const ALIKE = 16

/** Characters that two pieces of a secret share, so that what covers both is masked as one. */
const SHARED = 4

/** Dashes and spaces stand in many a log for something else. */
const TELLS = /[\p{L}\p{N}]/u

/** The pieces of a text that are searched for one by one. */
function piecesOf(text: string): readonly string[] {
  if (text.length <= MOST) return [text]
  const characters = [...text]
  const length = new Set(characters).size < ALIKE ? MOST_ALIKE : MOST
  const last = Math.max(0, characters.length - length)
  const pieces: string[] = []
  for (let at = 0; at < last; at += length - SHARED) {
    pieces.push(characters.slice(at, at + length).join(''))
  }
  pieces.push(characters.slice(last).join(''))
  const telling = pieces.filter(piece => TELLS.test(piece))
  return telling.length > 0 ? telling : pieces
}

/** Needles that are masked wherever they stand, each once. */
const anywhere = (
  texts: readonly string[],
  forms: (character: string) => Forms
): readonly Needle[] =>
  [...new Set(texts.flatMap(piecesOf))].map(text => ({
    keep: 0,
    characters: [...text].map(forms),
    isWord: false
  }))

/** Bits of a byte, and of a base64 character. */
const BYTE = 8
const SEXTET = 6

/**
 * The base64 characters that a value alone decides, wherever in a longer text it stands: one text
 * for each of the three ways to fall on groups of three bytes.
 */
export function base64Cores(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  return [0, 1, 2].map(before => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const first = Math.ceil((before * BYTE) / SEXTET)
    return text.slice(first, Math.floor(((before + bytes.length) * BYTE) / SEXTET))
  })
}

/** The lines of a value's base64 text, where it is too long for one. */
function base64Lines(value: string): readonly string[] {
  const text = Buffer.from(value).toString('base64')
  return COLUMNS.flatMap(width =>
    text.length <= width ? [] : (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
  ).map(line => line.replace(/={1,2}$/, ''))
}

const encoded = (value: string): readonly string[] =>
  [...base64Cores(value), ...base64Lines(value)].filter(text => text.length >= TELLING_LENGTH)

/** What stands between a name and its value: in a shell, in JSON, in YAML, in an address. */
const BETWEEN = [
  '=',
  `="`,
  `='`,
  '=\\"',
  '%3D',
  ': ',
  `: "`,
  `: '`,
  `": "`,
  `":"`,
  '\\":\\"',
  '\\u003d'
]

/** A value that could be any word is masked only as that of its own argument. */
const asArgument = ({ name, value }: Secret): readonly Needle[] =>
  BETWEEN.map(between => {
    const before = `${name.slice(-MOST)}${between}`
    const characters = [...before].map(plainForms)
    return {
      keep: Buffer.byteLength(before),
      characters: [...characters, ...[...value].map(characterForms)],
      isWord: /\w$/.test(value)
    }
  })

const LINE_END = /\r?\n/

/** The ends of a key, which stand around every other, too. */
const PEM_END = /^-----(BEGIN|END) [A-Z ]+-----$/

function tellingLines(value: string): readonly string[] {
  const lines = value.split(LINE_END).map(line => line.trim())
  return lines.length < 2 ? [] : lines.filter(line => isTelling(line) && !PEM_END.test(line))
}

/** All ways to write a secret, whole and each line of several, where it has line ends as `\n`, too. */
export function needlesOf(secret: Secret): readonly Needle[] {
  const value = secret.value.trim().replaceAll('\r\n', '\n')
  if (value === '') return []
  const unfolded = value.replaceAll('\\n', '\n')
  const others = unfolded === value ? [] : needlesOf({ ...secret, value: unfolded })
  return [...needlesOfText({ ...secret, value }), ...others]
}

function needlesOfText(secret: Secret): readonly Needle[] {
  const { value } = secret
  if (!isTelling(value)) return secret.name === '' ? [] : asArgument(secret)
  const lines = tellingLines(value)
  const inBase64 = [value, ...lines.slice(0, ENCODED_LINES)].flatMap(encoded)
  return [...anywhere([value, ...lines], characterForms), ...anywhere(inBase64, base64Forms)]
}
