import { parseArgs } from 'node:util'
import { ChainError, type Problem } from './errors.js'
import { FLAGS, INPUTS, type OptionRow } from './option-table.js'
import { OPTION_NAMES, type RawOptions } from './options.js'

/** The commands of the command line. */
export const COMMANDS = ['build', 'plan', 'schema'] as const
/** One of the commands of the command line. */
export type CommandName = (typeof COMMANDS)[number]

/** A command line, read: which command, and the text of each option. */
export interface CommandLine {
  readonly command: CommandName
  readonly raw: RawOptions
  readonly wants: 'help' | 'version' | undefined
}

/** Options of the earlier tool that take all words that follow. */
const GREEDY = new Set(['images', 'skip-images', 'images-files', 'image-name'])

/** Options of the earlier tool that name a command. */
const COMMAND_FLAGS: Readonly<Record<string, CommandName>> = { 'dry-run': 'plan' }

/** Options of the earlier tool that are taken and mean nothing any more. */
const IGNORED = new Set(['image-name', 'log-level'])

/** Environment variables of the earlier tool; lists are parted by white space. */
const VARIABLES: Readonly<Record<string, { readonly option: string; readonly list?: true }>> = {
  IMAGES: { option: 'images', list: true },
  BUILD_IMAGES: { option: 'images', list: true },
  SKIP_IMAGES: { option: 'skip-images', list: true },
  IMAGES_FILE: { option: 'images-files', list: true },
  BUILDER_ARGS: { option: 'builder-args' },
  PACKER_TEMPLATE: { option: 'packer-template' },
  DOCKER_FOLDER: { option: 'docker-folder' }
}

const ROWS: ReadonlyMap<string, OptionRow> = new Map(
  [...INPUTS, ...FLAGS].map(row => [row.name, row])
)

const isBoolean = (name: string) => ROWS.get(name)?.kind === 'boolean'

const isKnown = (name: string) => ROWS.has(name) || IGNORED.has(name)

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

function readOption(token: Token & { kind: 'option' }, reading: Reading): void {
  const { name, value } = token
  const add = (key: string, text: string) => {
    reading.values.set(key, [...(reading.values.get(key) ?? []), text])
  }
  if (name === 'help' || name === 'version') return add(name, 'true')
  if (isBoolean(name)) return add(name, value ?? 'true')
  const positive = name.replace(/^no-/, '')
  if (positive !== name && isBoolean(positive)) return add(positive, 'false')
  if (!isKnown(name)) {
    reading.problems.push({ message: `${token.rawName}: found no such option` })
  } else if (value === undefined) {
    reading.problems.push({ message: `${token.rawName}: found no value, expected one after it` })
  } else add(name, value)
}

function read(args: readonly string[]): Reading {
  const reading: Reading = { values: new Map(), words: [], problems: [] }
  let greedy: string | undefined
  for (const token of tokensOf(args)) {
    if (token.kind === 'option') {
      readOption(token, reading)
      greedy = GREEDY.has(token.name) ? token.name : undefined
    } else if (token.kind === 'positional' && greedy) {
      reading.values.get(greedy)?.push(token.value)
    } else if (token.kind === 'positional') {
      reading.words.push(token.value)
    } else greedy = undefined
  }
  return reading
}

function fromVariables(env: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [variable, { option, list }] of Object.entries(VARIABLES)) {
    const text = env[variable]?.trim()
    if (!text) continue
    const value = list ? text.split(/\s+/).join('\n') : text
    found.set(option, [found.get(option), value].filter(Boolean).join('\n'))
  }
  return found
}

const isCommand = (word: string | undefined): word is CommandName =>
  COMMANDS.includes(word as CommandName)

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
  const [first, ...rest] = words
  const named = isCommand(first) ? first : undefined
  const images = [...(values.get('images') ?? []), ...(named ? rest : words)]
  const flagged = Object.entries(COMMAND_FLAGS).find(
    ([flag]) => values.get(flag)?.at(-1) === 'true'
  )
  const raw: Record<string, string | undefined> = Object.fromEntries(fromVariables(env))
  for (const [name, texts] of values) {
    if (IGNORED.has(name) || name === 'help' || name === 'version') continue
    raw[name] = ROWS.get(name)?.kind === 'list' ? texts.join('\n') : texts.at(-1)
  }
  if (images.length > 0) raw.images = images.join('\n')
  const wants = values.has('help') ? 'help' : values.has('version') ? 'version' : undefined
  return { command: flagged?.[1] ?? named ?? 'build', raw, wants }
}
