import { firstWord, quotedWords } from './dockerfile-words.js'

/** `NAME=VALUE` of ARG and ENV, the value as written; ARG may have none. */
export interface Assignment {
  readonly name: string
  readonly value: string | undefined
}

/** What an ARG or ENV says, and what the builder would refuse in it. */
export interface Assignments {
  readonly assignments: readonly Assignment[]
  readonly problems: readonly string[]
}

function assignment(word: string): Assignment {
  const equals = word.indexOf('=')
  if (equals < 0) return { name: word, value: undefined }
  return { name: word.slice(0, equals), value: word.slice(equals + 1) }
}

/** The names of ARG, with their defaults. */
export function parseArg(rest: string, escapeToken: string): Assignments {
  const assignments = quotedWords(rest, escapeToken).map(assignment)
  const problems: string[] = []
  if (assignments.length === 0) problems.push('ARG requires at least one argument')
  if (assignments.some(({ name }) => name === '')) problems.push('ARG names can not be blank')
  return { assignments, problems }
}

/** The pairs of ENV, or the one of its older form `ENV NAME VALUE`. */
export function parseEnv(rest: string, escapeToken: string): Assignments {
  const words = quotedWords(rest, escapeToken)
  const legacy = words[0] !== undefined && !words[0].includes('=')
  const { word, rest: value } = firstWord(rest)
  const assignments = legacy ? [{ name: word, value }] : words.map(assignment)
  const problems: string[] = []
  if (words.length === 0) problems.push('ENV requires at least one argument')
  if (assignments.some(each => each.value === undefined)) {
    problems.push(legacy ? 'ENV must have two arguments' : "can't find = in a word of ENV")
  }
  if (assignments.some(({ name }) => name === '')) problems.push('ENV names can not be blank')
  return { assignments, problems }
}
