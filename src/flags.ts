import { parseArgs } from 'node:util'
import { ChainError, type Problem } from './errors.js'
import { didYouMean, nearWord } from './manifest/near-word.js'
import { fromLevel, fromVariables } from './older-variables.js'
import { FLAGS, INPUTS, type OptionRow } from './option-table.js'
import { OPTION_NAMES, type RawOptions } from './options.js'

/** The commands of the command line. */
export const COMMANDS = [
  'build',
  'plan',
  'generate',
  'list',
  'init',
  'doctor',
  'live',
  'clean',
  'schema',
  'completion',
  'help'
] as const
/** One of the commands of the command line. */
export type CommandName = (typeof COMMANDS)[number]

/** A command line, read: which command, and the text of each option. */
export interface CommandLine {
  readonly command: CommandName
  readonly raw: RawOptions
  readonly wants: 'help' | 'version' | undefined
  /** The command was written as the first word. */
  readonly isNamed: boolean
  /** The words besides: images, for most commands. */
  readonly words: readonly string[]
}

/** Options of the earlier tool that take all words that follow. */
const GREEDY = new Set(['images', 'skip-images', 'images-files', 'image-name'])

/** Options of the earlier tool that name a command. */
const COMMAND_FLAGS: Readonly<Record<string, CommandName>> = {
  'generate-images': 'generate',
  list: 'list'
}

/** Options of the earlier tool that are taken and mean nothing, as before. */
const IGNORED = new Set(['image-name'])

const ROWS: ReadonlyMap<string, OptionRow> = new Map(
  [...INPUTS, ...FLAGS].map(row => [row.name, row])
)

const isBoolean = (name: string) => ROWS.get(name)?.kind === 'boolean'

const isKnown = (name: string) => ROWS.has(name) || IGNORED.has(name)

const LONG_NAMES: readonly string[] = [...OPTION_NAMES, 'help', 'version', ...IGNORED]

/** The option that a misspelt one was meant to be. */
function nearOption(name: string): string {
  const positive = name.replace(/^no-/, '')
  if (positive === name) return didYouMean(name, LONG_NAMES, '--')
  return didYouMean(positive, LONG_NAMES.filter(isBoolean), '--no-')
}

interface Reading {
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

function add(reading: Reading, name: string, ...texts: string[]): void {
  reading.values.set(name, [...(reading.values.get(name) ?? []), ...texts])
}

function readBoolean({ name, value, rawName }: OptionToken, reading: Reading): boolean {
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

function readOption(token: OptionToken, value: string | undefined, reading: Reading): void {
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
  if (inlineValue !== false || value === undefined || ROWS.get(name)?.kind === 'words') return false
  const taken = /^--(?:no-)?([^=]+)/.exec(value)?.[1]
  return taken !== undefined && (isKnown(taken) || value === '--help' || value === '--version')
}

function read(args: readonly string[]): Reading {
  const reading: Reading = { values: new Map(), words: [], problems: [] }
  let rest = args
  while (rest.length > 0) rest = readSome(rest, reading)
  return reading
}

/** Reads words up to one that was taken for a value though it is an option; gives what is left. */
function readSome(args: readonly string[], reading: Reading): readonly string[] {
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

function readWord(word: string, greedy: string | undefined, reading: Reading): void {
  if (greedy) add(reading, greedy, word)
  else reading.words.push(word)
}

/** The option that takes the words after a token. */
function greedyAfter(token: Token, greedy: string | undefined): string | undefined {
  if (token.kind === 'positional') return greedy
  return token.kind === 'option' && GREEDY.has(token.name) ? token.name : undefined
}

const isTrue = (text: string | undefined) => text?.toLowerCase() === 'true'

const isCommand = (word: string | undefined): word is CommandName =>
  COMMANDS.includes(word as CommandName)

/** Commands that take no words: with some, `clean` would do more than was meant. */
const WORDLESS: ReadonlySet<CommandName> = new Set(['clean', 'doctor', 'schema'])

const surplus = (command: CommandName, words: readonly string[]) =>
  new ChainError('OPTIONS_INVALID', `${command} takes no words, found ${words.join(' ')}`, {
    hint: `Leave them out; build-chain ${command} --help tells what it does.`
  })

/**
 * Reads the words of a command line; options win over the earlier tool's environment variables.
 * @throws ChainError OPTIONS_INVALID that lists every word that is not understood
 */
export function readCommandLine(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>
): CommandLine {
  const { values, words, problems } = read(args)
  if (problems.length > 0) {
    throw new ChainError('OPTIONS_INVALID', 'the command line is not valid', {
      problems,
      hint: 'build-chain --help lists the commands and options.'
    })
  }
  const named = isCommand(words[0]) ? words[0] : undefined
  const others = named ? words.slice(1) : words
  if (named && WORDLESS.has(named) && others.length > 0) throw surplus(named, others)
  const wants = values.has('help') ? 'help' : values.has('version') ? 'version' : undefined
  return {
    command: commandOf(named, values),
    raw: fromLevel(rawOptions(values, others, env)),
    wants,
    isNamed: named !== undefined,
    words: others
  }
}

/** The command that a first word which is no image was meant to be, where one is near. */
export function misspeltCommand({ isNamed, words: [first] }: CommandLine): string | undefined {
  return isNamed || first === undefined ? undefined : nearWord(first, COMMANDS)
}

function commandOf(named: CommandName | undefined, values: Values): CommandName {
  // What `clean --dry-run` would remove is no plan.
  if (named === 'clean') return named
  const command = flaggedCommand(values) ?? named ?? optionalCommand(values) ?? 'build'
  return command === 'build' && isTrue(lastOf(values, 'dry-run')) ? 'plan' : command
}

type Values = Reading['values']

const lastOf = (values: Values, name: string) => values.get(name)?.at(-1)

const flaggedCommand = (values: Values): CommandName | undefined =>
  Object.entries(COMMAND_FLAGS).find(([flag]) => isTrue(lastOf(values, flag)))?.[1]

function optionalCommand(values: Values): CommandName | undefined {
  const word = lastOf(values, 'command')
  return isCommand(word) ? word : undefined
}

function rawOptions(
  values: Values,
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>
): RawOptions {
  const raw: Record<string, string | undefined> = Object.fromEntries(fromVariables(env))
  for (const [name, texts] of values) {
    if (IGNORED.has(name) || name === 'help' || name === 'version') continue
    raw[name] = ROWS.get(name)?.kind === 'list' ? texts.join('\n') : texts.at(-1)
  }
  const images = [...(values.get('images') ?? []), ...words]
  return images.length > 0 ? { ...raw, images: images.join('\n') } : raw
}
