import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import type { Problem } from '../errors.js'
import { stringEnd } from '../manifest/json-text.js'
import { placeAt } from './template-position.js'

/** A file whose text can be pointed into. */
interface Source {
  readonly path: string
  readonly text: string
}

/** A value of a JSON text, with its place. */
export type JsonNode = Node

/** A name of a JSON object with its value; `at` is the offset of the name. */
export interface JsonMember {
  readonly name: string
  readonly value: JsonNode
  readonly at: number
}

const STRICT = { disallowComments: true, allowTrailingComma: false, allowEmptyContent: false }

const MESSAGES: Readonly<Record<string, string | undefined>> = {
  InvalidCommentToken:
    'a comment, which JSON does not have: in a template use a root key that begins with "_"',
  InvalidSymbol: 'this is no value of JSON, whose texts and names are in double quotes',
  PropertyNameExpected: 'a name in double quotes is expected here',
  ValueExpected: 'a value is expected here',
  CommaExpected: 'a comma is expected here',
  ColonExpected: 'a colon is expected here',
  CloseBraceExpected: 'a closing brace is expected here',
  CloseBracketExpected: 'a closing bracket is expected here',
  EndOfFileExpected: 'the text should end here',
  UnexpectedEndOfString: 'a text in double quotes does not end on its line',
  InvalidEscapeCharacter: 'an escape that JSON does not have',
  InvalidCharacter: 'a character that JSON does not allow here'
}

const COMMENT = /^(#|\/\/|\/\*)/

function syntaxProblem(file: Source, error: ParseError | undefined): Problem {
  const at = error?.offset ?? 0
  const comment = COMMENT.test(file.text.slice(at).trimStart())
  const code = comment ? 'InvalidCommentToken' : error && printParseErrorCode(error.error)
  return { place: placeAt(file, at), message: MESSAGES[code ?? ''] ?? 'this is not JSON' }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The names of an object with their values, in order; none for another value. */
export function members(node: JsonNode | undefined): readonly JsonMember[] {
  if (node?.type !== 'object') return []
  return (node.children ?? []).flatMap(({ children: [name, value] = [] }) =>
    name && value ? [{ name: String(name.value), value, at: name.offset }] : []
  )
}

/** The elements of an array; none for another value. */
export function elements(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.type === 'array' ? (node.children ?? []) : []
}

function duplicates(node: JsonNode): JsonMember[] {
  if (node.type !== 'object') return elements(node).flatMap(duplicates)
  const names = new Set<string>()
  return members(node).flatMap(member => {
    const twice = names.has(member.name) ? [member] : []
    names.add(member.name)
    return [...twice, ...duplicates(member.value)]
  })
}

/** A parsed text, or what is wrong with it. */
export interface JsonText {
  readonly root: JsonNode | undefined
  readonly problems: readonly Problem[]
}

/** The call stack bears some ten times as many. */
const DEEPEST = 500

/** Whether a text has more brackets open at a place than any template has; those in strings do not count. */
function nestsTooDeeply(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length && depth <= DEEPEST; at++) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at) - 1
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
  }
  return depth > DEEPEST
}

/** Reads JSON as strictly as Packer does: no comments, no trailing commas, no name twice. */
export function parseJsonText(file: Source): JsonText {
  if (nestsTooDeeply(file.text)) {
    const message = `found nesting deeper than ${DEEPEST} levels, expected a template`
    return { root: undefined, problems: [{ place: { file: file.path }, message }] }
  }
  const errors: ParseError[] = []
  const root = parseTree(file.text, errors, STRICT)
  if (!root || errors.length > 0 || !isJson(file.text)) {
    return { root: undefined, problems: [syntaxProblem(file, errors[0])] }
  }
  const problems = duplicates(root).map(({ name, at }) => ({
    place: placeAt(file, at),
    message: `${name} stands twice`
  }))
  return { root, problems }
}
