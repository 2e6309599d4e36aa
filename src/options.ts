import { ChainError, type Problem } from './errors.js'
import { OPTION_ROWS } from './option-kinds.js'
import {
  age,
  boolean,
  choice,
  number,
  type Reader,
  reuse,
  SECONDS,
  type StoreName,
  text,
  texts,
  whole
} from './option-readers.js'

/** The text of each option that was given, by its name; where it came from is told in messages. */
export type RawOptions = Readonly<Record<string, string | undefined>>

/** How each option is read. */
const READERS = {
  command: choice('build', 'plan', 'generate'),
  'images-files': texts,
  'working-directory': text,
  images: texts,
  'skip-images': texts,
  'builder-args': text,
  'packer-version': text,
  'packer-plugins': texts,
  'packer-releases': text,
  'packer-releases-key': text,
  'packer-template': text,
  check: boolean,
  'max-parallel': whole(1),
  'fail-fast': boolean,
  retries: whole(0),
  'timeout-minutes': number('a number of minutes above 0', value => value > 0),
  reuse,
  'reuse-registry': text,
  'max-age': age,
  push: boolean,
  squash: boolean,
  summary: boolean,
  'outside-paths': boolean,
  'github-token': text,
  report: text,
  'report-html': text,
  trace: text,
  format: choice('text', 'json', 'matrix', 'stages', 'gitlab', 'bake', 'mermaid'),
  'on-error': choice('cleanup', 'keep'),
  'dry-run': boolean,
  quiet: boolean,
  verbose: boolean,
  'docker-folder': text,
  'ansible-folder': text,
  'salt-folder': text,
  'generate-images': boolean,
  list: boolean,
  tag: text,
  base: text,
  systemd: boolean,
  from: text,
  yes: boolean,
  'log-level': choice('debug', 'info', 'warning', 'error', 'critical')
} satisfies Readonly<Record<string, Reader<unknown>>>

type OptionName = keyof typeof READERS
type Value<Name extends OptionName> = ReturnType<(typeof READERS)[Name]['value']>

/** What an option is where it is not given; one that is not here is undefined. */
const DEFAULTS = {
  'working-directory': '.',
  images: [] as readonly string[],
  'skip-images': [] as readonly string[],
  'builder-args': '',
  'packer-plugins': ['auto'] as readonly string[],
  check: false,
  'fail-fast': true,
  reuse: ['local'] as readonly StoreName[],
  'max-age': 7 * SECONDS.d,
  push: false,
  squash: false,
  summary: true,
  'outside-paths': false,
  format: 'text',
  'on-error': 'cleanup',
  'dry-run': false,
  quiet: false,
  verbose: false,
  'generate-images': false,
  list: false,
  yes: false,
  'log-level': 'info'
} as const

type Optional<Name extends OptionName> = Name extends keyof typeof DEFAULTS ? never : undefined

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S

/** Every option, read and checked. Lists are arrays, ages seconds, durations minutes. */
export type Options = {
  readonly [Name in OptionName as Camel<Name>]: Value<Name> | Optional<Name>
}

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

const isOption = (name: string): name is OptionName => Object.hasOwn(READERS, name)

/**
 * Reads options from their texts: the same for the action's inputs and the command line's flags.
 * An empty text is an absent one, as the runner passes inputs that a workflow leaves out.
 * @throws ChainError OPTIONS_INVALID that lists everything that is wrong.
 */
export function parseOptions(raw: RawOptions): Options {
  const problems: Problem[] = []
  const values: [string, unknown][] = Object.entries(DEFAULTS)
  for (const name of Object.keys(READERS).filter(isOption)) {
    const given = raw[name]
    if (!given?.trim()) continue
    const { expected, accepts, value } = READERS[name]
    if (accepts(given)) values.push([name, value(given)])
    else problems.push({ message: `${name}: found ${JSON.stringify(given)}, expected ${expected}` })
  }
  if (problems.length > 0) {
    throw new ChainError('OPTIONS_INVALID', 'the options are not valid', {
      problems,
      hint: 'docs/action.md lists every option with its meaning.'
    })
  }
  return Object.fromEntries(values.map(([name, value]) => [camel(name), value])) as Options
}

/**
 * Refuses a format that only another command prints.
 * @throws ChainError OPTIONS_INVALID
 */
export function refuseFormat(command: string, format: string): void {
  if (format === 'text' || format === 'json') return
  throw new ChainError('OPTIONS_INVALID', `format: found "${format}", expected text, json`, {
    hint: `\`build-chain ${command}\` prints nothing else.`
  })
}

/** Names of every option, those of the action first. */
export const OPTION_NAMES: readonly string[] = [...OPTION_ROWS.keys()]
