import { ChainError } from './errors.js'
import { nearWord } from './manifest/near-word.js'
import { fromLevel, fromVariables } from './older-variables.js'
import { OPTION_ROWS } from './option-kinds.js'
import type { RawOptions } from './options.js'
import { IGNORED, readWords, type WordReading } from './read-words.js'

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

/** Options of the earlier tool that name a command. */
const COMMAND_FLAGS: Readonly<Record<string, CommandName>> = {
  'generate-images': 'generate',
  list: 'list'
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
  const { values, words, problems } = readWords(args)
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

type Values = WordReading['values']

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
    raw[name] = OPTION_ROWS.get(name)?.kind === 'list' ? texts.join('\n') : texts.at(-1)
  }
  const images = [...(values.get('images') ?? []), ...words]
  return images.length > 0 ? { ...raw, images: images.join('\n') } : raw
}
