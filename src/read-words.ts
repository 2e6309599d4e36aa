import { parseArgs } from 'node:util'
import type { Problem } from './errors.js'
import { didYouMean } from './manifest/near-word.js'
import { OPTION_ROWS } from './option-kinds.js'
import { OPTION_NAMES } from './options.js'

/** Options of the earlier tool that take all words that follow. */
const GREEDY = new Set(['images', 'skip-images', 'images-files', 'image-name'])

/** Options of the earlier tool that are taken and mean nothing, as before. */
export const IGNORED = new Set(['image-name'])

const isBoolean = (name: string) => OPTION_ROWS.get(name)?.kind === 'boolean'

const isKnown = (name: string) => OPTION_ROWS.has(name) || IGNORED.has(name)

const LONG_NAMES: readonly string[] = [...OPTION_NAMES, 'help', 'version', ...IGNORED]

/** The option that a misspelt one was meant to be. */
function nearOption(name: string): string {
  const positive = name.replace(/^no-/, '')
  if (positive === name) return didYouMean(name, LONG_NAMES, '--')
  return didYouMean(positive, LONG_NAMES.filter(isBoolean), '--no-')
}

/** The words of a command line, read one by one. */
export interface WordReading {
  /** What was given to each option, in order. */
  readonly values: Map<string, string[]>
  readonly words: string[]
  readonly problems: Problem[]
}

type Token = NonNullable<ReturnType<typeof tokensOf>>[number]

function tokensOf(args: readonly string[]) {
  const boolean = { type: 'boolean' } as const
  const text = { type: 'string', multiple: true } as const
  const names = [...OPTION_NAMES, ...IGNORED].map(name => [name, isBoolean(name) ? boolean : text])
  const options = {
    ...Object.fromEntries(names),
    help: { ...boolean, short: 'h' },
    version: boolean
  }
  return parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens
}

type OptionToken = Token & { kind: 'option' }

function add(reading: WordReading, name: string, ...texts: string[]): void {
  reading.values.set(name, [...(reading.values.get(name) ?? []), ...texts])
}

function readBoolean({ name, value, rawName }: OptionToken, reading: WordReading): boolean {
  if (isBoolean(name)) {
    add(reading, name, value ?? 'true')
    return true
  }
  const positive = name.replace(/^no-/, '')
  if (positive === name || !isBoolean(positive)) return false
  if (value === undefined) add(reading, positive, 'false')
  else reading.problems.push({ message: `${rawName}=${value}: found a value, expected none` })
  return true
}

function readOption(token: OptionToken, value: string | undefined, reading: WordReading): void {
  const { name, rawName } = token
  if (name === 'help' || name === 'version') add(reading, name, 'true')
  else if (readBoolean(token, reading)) return
  else if (!isKnown(name)) {
    reading.problems.push({ message: `${rawName}: found no such option${nearOption(name)}` })
  } else if (value !== undefined) add(reading, name, value)
  else if (GREEDY.has(name)) add(reading, name)
  else reading.problems.push({ message: `${rawName}: found no value, expected one after it` })
}

/** `--report --quiet`: the next option is none of its values, unless the values are options by nature. */
function tookAnOption({ name, value, inlineValue }: OptionToken): boolean {
  if (inlineValue !== false || value === undefined || OPTION_ROWS.get(name)?.kind === 'words')
    return false
  const taken = /^--(?:no-)?([^=]+)/.exec(value)?.[1]
  return taken !== undefined && (isKnown(taken) || value === '--help' || value === '--version')
}

/** Reads words as options and others; what is not understood is in `problems`. */
export function readWords(args: readonly string[]): WordReading {
  const reading: WordReading = { values: new Map(), words: [], problems: [] }
  // Where there are only words, nothing has to be told apart.
  if (!args.some(word => word.startsWith('-'))) return { ...reading, words: [...args] }
  let rest = args
  while (rest.length > 0) rest = readSome(rest, reading)
  return reading
}

/** Reads words up to one that was taken for a value though it is an option; gives what is left. */
function readSome(args: readonly string[], reading: WordReading): readonly string[] {
  let greedy: string | undefined
  for (const token of tokensOf(args)) {
    if (token.kind === 'positional') readWord(token.value, greedy, reading)
    greedy = greedyAfter(token, greedy)
    if (token.kind !== 'option') continue
    const isTaken = tookAnOption(token)
    readOption(token, isTaken ? undefined : token.value, reading)
    if (isTaken) return args.slice(token.index + 1)
  }
  return []
}

function readWord(word: string, greedy: string | undefined, reading: WordReading): void {
  if (greedy) add(reading, greedy, word)
  else reading.words.push(word)
}

/** The option that takes the words after a token. */
function greedyAfter(token: Token, greedy: string | undefined): string | undefined {
  if (token.kind === 'positional') return greedy
  return token.kind === 'option' && GREEDY.has(token.name) ? token.name : undefined
}
