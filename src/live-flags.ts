import { ChainError, type Problem } from './errors.js'
import { readCommandLine } from './flags.js'
import type { RawOptions } from './options.js'

/** A command line of `live`, read. */
export interface LiveLine {
  /** The options that every command has. */
  readonly raw: RawOptions
  readonly wants: 'help' | 'version' | undefined
  readonly template: string | undefined
  /** Words after `--`. */
  readonly command: readonly string[]
  readonly provision: boolean | string
  readonly keep: boolean
  readonly detach: boolean
  /** `-var` and the like, for Packer. */
  readonly packerArguments: readonly string[]
}

type Environment = Readonly<Record<string, string | undefined>>

const PACKER = new Set(['var', 'var-file', 'only'])

interface Reading {
  readonly rest: string[]
  readonly packerArguments: string[]
  readonly switches: Map<string, boolean | string>
  readonly problems: Problem[]
}

/** The variables of the environment that find a manifest: those that name images are of no account. */
const finding = ({ IMAGES_FILE, DOCKER_FOLDER }: Environment): Environment => ({
  IMAGES_FILE,
  DOCKER_FOLDER
})

function readSwitch(name: string, value: string | undefined, reading: Reading): boolean {
  const positive = name.replace(/^no-/, '')
  if (name === 'provision') reading.switches.set(name, value ?? true)
  else if (positive !== 'keep' && positive !== 'detach') return false
  else if (value !== undefined && !/^(true|false)$/.test(value)) {
    reading.problems.push({ message: `${name}: found "${value}", expected true or false` })
  } else reading.switches.set(positive, (positive === name) === (value !== 'false'))
  return true
}

/** Reads one option; gives how many words it takes, none where it is not one of `live`. */
function readOne(word: string, next: string | undefined, reading: Reading): number {
  const [, name = '', value] = /^--?([a-z-]+)(?:=([^]*))?$/.exec(word) ?? []
  if (PACKER.has(name)) {
    const text = value ?? next
    if (text === undefined)
      reading.problems.push({ message: `${word}: found no value, expected one` })
    else reading.packerArguments.push(`-${name}=${text}`)
    return value === undefined ? 2 : 1
  }
  return word.startsWith('--') && readSwitch(name, value, reading) ? 1 : 0
}

function readWords(words: readonly string[]): Reading {
  const reading: Reading = { rest: [], packerArguments: [], switches: new Map(), problems: [] }
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? ''
    const taken = readOne(word, words[at + 1], reading)
    if (taken === 0) reading.rest.push(word)
    at += Math.max(taken, 1)
  }
  return reading
}

const wrong = (problems: readonly Problem[]) =>
  new ChainError('OPTIONS_INVALID', 'the command line is not valid', {
    problems,
    hint: 'build-chain live [TEMPLATE] [--provision[=WORD]] [--keep] [--detach] [-var NAME=VALUE] [-- COMMAND]'
  })

/**
 * Reads the words after `live`; an argument wins over a variable.
 * @throws ChainError OPTIONS_INVALID that lists what is not understood
 */
export function readLiveLine(args: readonly string[], env: Environment): LiveLine {
  const end = args.indexOf('--')
  const reading = readWords(end < 0 ? args : args.slice(0, end))
  const { raw, wants } = readCommandLine(['build', ...reading.rest], finding(env))
  const { images, ...others } = raw
  const named = images?.split('\n') ?? []
  const problems =
    named.length > 1 ? [{ message: `found ${named.join(' ')}, expected one template` }] : []
  if (reading.problems.length + problems.length > 0) throw wrong([...reading.problems, ...problems])
  const { switches, packerArguments } = reading
  return {
    raw: others,
    wants,
    template: named[0] ?? (env.PACKER_FILE || undefined),
    command: end < 0 ? [] : args.slice(end + 1),
    provision: switches.get('provision') ?? false,
    keep: switches.get('keep') === true,
    detach: switches.get('detach') === true,
    packerArguments
  }
}
