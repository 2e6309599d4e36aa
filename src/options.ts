import * as z from 'zod/mini'
import { ChainError, type Problem } from './errors.js'
import { FLAGS, INPUTS } from './option-table.js'

/** The text of each option that was given, by its name; where it came from is told in messages. */
export type RawOptions = Readonly<Record<string, string | undefined>>

const list = (text: string): string[] =>
  text
    .split(/[\n,]/)
    .map(item => item.trim())
    .filter(item => item !== '')

const listOption = () => z.pipe(z.string(), z.transform(list))

const TRUE = new Set(['true', 'True', 'TRUE'])
const FALSE = new Set(['false', 'False', 'FALSE'])

/** YAML 1.2's booleans: https://yaml.org/spec/1.2.2/#10212-boolean */
const booleanOption = () =>
  z.pipe(
    z.string().check(z.refine(text => TRUE.has(text) || FALSE.has(text), 'true or false')),
    z.transform(text => TRUE.has(text))
  )

const numberOption = (words: string, accepts: (value: number) => boolean) =>
  z.pipe(
    z.string().check(z.refine(text => /^\d+(\.\d+)?$/.test(text) && accepts(Number(text)), words)),
    z.transform(Number)
  )

const whole = (least: number) =>
  numberOption(
    `a whole number, ${least} or more`,
    value => Number.isInteger(value) && value >= least
  )

const choice = <const Names extends readonly [string, ...string[]]>(choices: Names) =>
  z.enum(choices, choices.join(', '))

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const

/** `7d`, `12h`, `30m`, `45s` in seconds; `none` is undefined. */
const ageOption = () =>
  z.pipe(
    z.string().check(z.refine(text => /^(none|\d+[dhms])$/.test(text), '7d, 12h, 30m or none')),
    z.transform(text =>
      text === 'none'
        ? undefined
        : Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS]
    )
  )

const STORES = ['local', 'github', 'registry'] as const
/** A place that an unchanged image may come from. */
export type StoreName = (typeof STORES)[number]

const isReuse = (text: string) => {
  const names = list(text)
  return (
    text.trim() === 'off' ||
    (names.length > 0 && names.every(name => STORES.includes(name as StoreName)))
  )
}

const reuseOption = () =>
  z.pipe(
    z.string().check(z.refine(isReuse, 'off, or any of local, github, registry')),
    z.transform(text => (text.trim() === 'off' ? [] : list(text)) as readonly StoreName[])
  )

const text = () => z.string()

/** How each option is read; a schema is made only for an option that is given, since start-up counts. */
const SCHEMAS = {
  command: () => choice(['build', 'plan', 'generate']),
  'images-files': listOption,
  'working-directory': text,
  images: listOption,
  'skip-images': listOption,
  'builder-args': text,
  'packer-version': text,
  'packer-plugins': listOption,
  'packer-releases': text,
  'packer-releases-key': text,
  'packer-template': text,
  check: booleanOption,
  'max-parallel': () => whole(1),
  'fail-fast': booleanOption,
  retries: () => whole(0),
  'timeout-minutes': () => numberOption('a number of minutes above 0', value => value > 0),
  reuse: reuseOption,
  'reuse-registry': text,
  'max-age': ageOption,
  push: booleanOption,
  squash: booleanOption,
  summary: booleanOption,
  'github-token': text,
  report: text,
  'report-html': text,
  trace: text,
  format: () => choice(['text', 'json', 'matrix', 'stages', 'gitlab', 'bake', 'mermaid']),
  'on-error': () => choice(['cleanup', 'keep']),
  'dry-run': booleanOption,
  quiet: booleanOption,
  verbose: booleanOption,
  'docker-folder': text,
  'ansible-folder': text,
  'salt-folder': text,
  'generate-images': booleanOption,
  list: booleanOption,
  tag: text,
  base: text,
  systemd: booleanOption,
  from: text,
  yes: booleanOption,
  'log-level': () => choice(['debug', 'info', 'warning', 'error', 'critical'])
} satisfies Readonly<Record<string, () => z.ZodMiniType>>

type OptionName = keyof typeof SCHEMAS
type Value<Name extends OptionName> = z.infer<ReturnType<(typeof SCHEMAS)[Name]>>

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

const isOption = (name: string): name is OptionName => Object.hasOwn(SCHEMAS, name)

/**
 * Reads options from their texts: the same for the action's inputs and the command line's flags.
 * An empty text is an absent one, as the runner passes inputs that a workflow leaves out.
 * @throws ChainError OPTIONS_INVALID that lists everything that is wrong.
 */
export function parseOptions(raw: RawOptions): Options {
  const problems: Problem[] = []
  const values: [string, unknown][] = Object.entries(DEFAULTS)
  for (const name of Object.keys(SCHEMAS).filter(isOption)) {
    const given = raw[name]
    if (!given?.trim()) continue
    const result = SCHEMAS[name]().safeParse(given)
    if (result.success) values.push([name, result.data])
    const [issue] = result.error?.issues ?? []
    if (!issue) continue
    problems.push({
      message: `${name}: found ${JSON.stringify(given)}, expected ${issue.message}`
    })
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
export const OPTION_NAMES: readonly string[] = [...INPUTS, ...FLAGS].map(row => row.name)
