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

const listOption = z.optional(z.pipe(z.string(), z.transform(list)))

const TRUE = new Set(['true', 'True', 'TRUE'])
const FALSE = new Set(['false', 'False', 'FALSE'])

/** YAML 1.2's booleans: https://yaml.org/spec/1.2.2/#10212-boolean */
const booleanOption = (absent: boolean) =>
  z._default(
    z.pipe(
      z.string().check(z.refine(text => TRUE.has(text) || FALSE.has(text), 'true or false')),
      z.transform(text => TRUE.has(text))
    ),
    absent
  )

const numberOption = (words: string, accepts: (value: number) => boolean) =>
  z.optional(
    z.pipe(
      z
        .string()
        .check(z.refine(text => /^\d+(\.\d+)?$/.test(text) && accepts(Number(text)), words)),
      z.transform(Number)
    )
  )

const whole = (least: number) =>
  numberOption(
    `a whole number, ${least} or more`,
    value => Number.isInteger(value) && value >= least
  )

const choice = <T extends string>(choices: readonly [T, ...T[]]) =>
  z.optional(z.enum(choices, choices.join(', ')))

const SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const

/** `7d`, `12h`, `30m`, `45s` in seconds; `none` is undefined. */
const ageOption = z.pipe(
  z
    ._default(z.string(), '7d')
    .check(z.refine(text => /^(none|\d+[dhms])$/.test(text), '7d, 12h, 30m or none')),
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

const reuseOption = z.pipe(
  z
    ._default(z.string(), 'local')
    .check(z.refine(isReuse, 'off, or any of local, github, registry')),
  z.transform(text => (text.trim() === 'off' ? [] : list(text)) as readonly StoreName[])
)

const text = z.optional(z.string())

const schema = z.object({
  command: choice(['build', 'plan', 'generate']),
  'images-files': listOption,
  'working-directory': z._default(z.string(), '.'),
  images: z._default(z.pipe(z.string(), z.transform(list)), []),
  'skip-images': z._default(z.pipe(z.string(), z.transform(list)), []),
  'builder-args': z._default(z.string(), ''),
  'packer-version': text,
  'packer-plugins': z._default(z.pipe(z.string(), z.transform(list)), ['auto']),
  'packer-releases': text,
  'packer-releases-key': text,
  'packer-template': text,
  check: booleanOption(false),
  'max-parallel': whole(1),
  'fail-fast': booleanOption(true),
  retries: whole(0),
  'timeout-minutes': numberOption('a number of minutes above 0', value => value > 0),
  reuse: reuseOption,
  'reuse-registry': text,
  'max-age': ageOption,
  push: booleanOption(false),
  squash: booleanOption(false),
  summary: booleanOption(true),
  'github-token': text,
  report: text,
  format: z._default(z.enum(['text', 'json'], 'text, json'), 'text'),
  'dry-run': booleanOption(false),
  quiet: booleanOption(false),
  'docker-folder': text
})

type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S

type Parsed = z.infer<typeof schema>

/** Every option, read and checked. Lists are arrays, ages seconds, durations minutes. */
export type Options = { readonly [K in keyof Parsed as Camel<K>]: Parsed[K] }

const camel = (name: string) => name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

function problemOf(issue: z.core.$ZodIssue, raw: RawOptions): Problem {
  const name = String(issue.path[0])
  return { message: `${name}: found ${JSON.stringify(raw[name])}, expected ${issue.message}` }
}

/**
 * Reads options from their texts: the same for the action's inputs and the command line's flags.
 * An empty text is an absent one, as the runner passes inputs that a workflow leaves out.
 * @throws ChainError OPTIONS_INVALID that lists everything that is wrong.
 */
export function parseOptions(raw: RawOptions): Options {
  const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim()))
  const result = schema.safeParse(given)
  if (!result.success) {
    throw new ChainError('OPTIONS_INVALID', 'the options are not valid', {
      problems: result.error.issues.map(issue => problemOf(issue, raw)),
      hint: 'docs/action.md lists every option with its meaning.'
    })
  }
  const entries = Object.entries(result.data).map(([name, value]) => [camel(name), value])
  return Object.fromEntries(entries) as Options
}

/** Names of every option, those of the action first. */
export const OPTION_NAMES: readonly string[] = [...INPUTS, ...FLAGS].map(row => row.name)
