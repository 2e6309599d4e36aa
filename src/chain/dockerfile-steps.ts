import { type Assignment, type Assignments, parseArg, parseEnv } from './dockerfile-assignments.js'
import { type FlagKind, type Flags, parseFlags } from './dockerfile-flags.js'
import { parseHeredoc } from './dockerfile-heredocs.js'
import type { Instruction } from './dockerfile-lines.js'
import { blankSeparated, firstWord, jsonStrings } from './dockerfile-words.js'

/** COPY and ADD: words as written, here-documents left out. */
export interface CopyStep {
  readonly kind: 'COPY' | 'ADD'
  readonly from: string
  readonly sources: readonly string[]
  readonly destination: string
  readonly exclude: readonly string[]
  readonly parents: boolean
  readonly checksum: string
}

/** An instruction as far as bases, sources and variables go. */
export type Step =
  | CopyStep
  | {
      readonly kind: 'FROM'
      readonly image: string
      readonly name: string
      readonly platform: string
    }
  | { readonly kind: 'ARG' | 'ENV'; readonly assignments: readonly Assignment[] }
  | { readonly kind: 'RUN'; readonly mounts: readonly string[] }
  | { readonly kind: 'ONBUILD'; readonly trigger: string }
  | { readonly kind: 'OTHER' }

/** A step, and what the builder would refuse in it. */
export interface ParsedStep {
  readonly step: Step
  readonly problems: readonly string[]
}

const COPY_FLAGS: Readonly<Record<string, FlagKind>> = {
  from: 'text',
  chown: 'text',
  chmod: 'text',
  link: 'boolean',
  exclude: 'list',
  parents: 'boolean'
}

const ADD_FLAGS: Readonly<Record<string, FlagKind>> = {
  chown: 'text',
  chmod: 'text',
  link: 'boolean',
  'keep-git-dir': 'boolean',
  checksum: 'text',
  unpack: 'boolean',
  exclude: 'list'
}

const RUN_FLAGS: Readonly<Record<string, FlagKind>> = {
  mount: 'list',
  network: 'text',
  security: 'text',
  device: 'list'
}

const OTHERS = new Set(
  'CMD ENTRYPOINT EXPOSE HEALTHCHECK LABEL MAINTAINER SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' '
  )
)

/** Reads one instruction; what is malformed stands for the most that it could mean. */
export function parseStep(instruction: Instruction, escapeToken: string): ParsedStep {
  switch (instruction.keyword) {
    case 'FROM':
      return parseFrom(instruction)
    case 'COPY':
      return parseCopy(instruction, 'COPY', COPY_FLAGS)
    case 'ADD':
      return parseCopy(instruction, 'ADD', ADD_FLAGS)
    case 'RUN':
      return parseRun(instruction)
    case 'ARG':
      return assigned('ARG', parseArg(instruction.rest, escapeToken))
    case 'ENV':
      return assigned('ENV', parseEnv(instruction.rest, escapeToken))
    case 'ONBUILD':
      return parseOnbuild(instruction)
    default:
      return { step: { kind: 'OTHER' }, problems: unknownInstruction(instruction.keyword) }
  }
}

function unknownInstruction(keyword: string): readonly string[] {
  return OTHERS.has(keyword) ? [] : [`unknown instruction: ${keyword}`]
}

const STAGE_NAME = /^[a-z][a-z0-9-_.]*$/

function parseFrom({ flags, rest }: Instruction): ParsedStep {
  const { values, problems } = parseFlags(flags, { platform: 'text' })
  const [image = '', as, written, ...more] = blankSeparated(rest)
  const named = as?.toLowerCase() === 'as' && written !== undefined && more.length === 0
  const name = named ? written.toLowerCase() : ''
  const found = [...problems]
  if (image === '' || (as !== undefined && !named)) {
    found.push('FROM requires either one or three arguments')
  } else if (named && !STAGE_NAME.test(name)) {
    found.push(`invalid name for build stage: ${JSON.stringify(written)}`)
  }
  const platform = values.get('platform')?.[0] ?? ''
  return { step: { kind: 'FROM', image, name, platform }, problems: found }
}

/** A step that may read all of the context, for one that is not understood. */
function everything(kind: 'COPY' | 'ADD'): CopyStep {
  return {
    kind,
    from: '',
    sources: ['.'],
    destination: '/',
    exclude: [],
    parents: false,
    checksum: ''
  }
}

function parseCopy(
  { flags, rest }: Instruction,
  kind: 'COPY' | 'ADD',
  known: Readonly<Record<string, FlagKind>>
): ParsedStep {
  const parsed = parseFlags(flags, known)
  const words = jsonStrings(rest) ?? blankSeparated(rest)
  const problems = [...parsed.problems, ...copyProblems(words, kind)]
  if (problems.length > 0 || words === 'invalid') return { step: everything(kind), problems }
  return { step: { kind, ...copied(parsed, words) }, problems }
}

function copied({ values }: Flags, words: readonly string[]): Omit<CopyStep, 'kind'> {
  return {
    from: values.get('from')?.[0] ?? '',
    sources: words.slice(0, -1).filter(source => !parseHeredoc(source)),
    destination: words.at(-1) ?? '',
    exclude: values.get('exclude') ?? [],
    parents: values.get('parents')?.[0] === 'true',
    checksum: values.get('checksum')?.[0] ?? ''
  }
}

function copyProblems(words: readonly string[] | 'invalid', kind: string): readonly string[] {
  if (words === 'invalid') return ['when using JSON array syntax, arrays must be of strings only']
  if (words.length < 2) return [`${kind} requires at least two arguments`]
  const heredoc = parseHeredoc(words.at(-1) ?? '')
  return heredoc ? [`${kind} cannot accept a heredoc as a destination`] : []
}

function parseRun({ flags, rest }: Instruction): ParsedStep {
  const { values, problems } = parseFlags(flags, RUN_FLAGS)
  const invalid = jsonStrings(rest) === 'invalid'
  const more = invalid ? ['when using JSON array syntax, arrays must be of strings only'] : []
  return {
    step: { kind: 'RUN', mounts: values.get('mount') ?? [] },
    problems: [...problems, ...more]
  }
}

function assigned(kind: 'ARG' | 'ENV', { assignments, problems }: Assignments): ParsedStep {
  return { step: { kind, assignments }, problems }
}

const NOT_TRIGGERS = new Set(['ONBUILD', 'FROM', 'MAINTAINER'])

function parseOnbuild({ joined, rest, heredocs }: Instruction): ParsedStep {
  const inner = firstWord(rest).word.toUpperCase()
  const text = joined.replace(/^[\t\n\f\r ]*ONBUILD[\t\n\f\r ]*/i, '')
  const bodies = heredocs.map(({ content, name }) => `\n${content}${name}`)
  const problems: string[] = []
  if (inner === '') problems.push('ONBUILD requires at least one argument')
  if (NOT_TRIGGERS.has(inner)) problems.push(`${inner} isn't allowed as an ONBUILD trigger`)
  return { step: { kind: 'ONBUILD', trigger: text + bodies.join('') }, problems }
}
