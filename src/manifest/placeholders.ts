import type { ImageFields, Meaning } from './image-fields.js'
import { siteOf } from './image-source.js'
import { type Placeholder, PlaceholderError } from './interpolate.js'
import { IMAGE_FIELDS } from './manifest-types.js'
import type { Reference } from './reference.js'
import { wordIssue } from './word-issue.js'

/** Fields whose placeholders are filled in; `tag` and the like are computed, and not among them. */
const FILLED_FIELDS: readonly string[] = ['dockerfile', 'docker_file', 'extra_args', 'test']

const PARTS: Readonly<Record<string, (reference: Reference) => string | undefined>> = {
  registry: reference => reference.registry,
  registry_host: reference => reference.registryHost,
  registry_port: reference => reference.registryPort,
  repo: reference => reference.repo,
  image: reference => reference.image,
  tag: reference => reference.tag ?? 'latest'
}

type Computed = (fields: ImageFields, meaning: Meaning) => string | undefined

const COMPUTED: ReadonlyMap<string, Computed> = new Map<string, Computed>([
  ['name', (fields, meaning) => fields.name(meaning)],
  ['version', (fields, meaning) => fields.version(meaning)],
  ['tag', fields => tagOf(fields, '{tag}')],
  ['file', fields => fields.file()],
  ['builder_type', fields => fields.builder],
  ['working_dir', fields => fields.workingDirectory()],
  ['0', (fields, meaning) => fields.name(meaning)],
  ['1', (fields, meaning) => fields.version(meaning)]
])

/** Names that no matrix may take, though no field has them. */
export const PLACEHOLDERS_WITH_PARTS: readonly string[] = ['img_parts', 'env']

/**
 * The value of a placeholder in a field of an image; undefined where it cannot be had because of
 * something that has been reported.
 * @throws PlaceholderError where the placeholder itself is wrong
 */
export function lookUpPlaceholder(
  placeholder: Placeholder,
  meaning: Meaning,
  fields: ImageFields
): string | undefined {
  const { name, key } = placeholder
  if (name === 'env') return environment(placeholder, fields)
  if (name === 'img_parts') return part(placeholder, fields)
  const value = fields.source.combination.get(name)
  const isKnown = COMPUTED.has(name) || value !== undefined || isOwn(name, fields)
  if (!isKnown || key !== undefined) throw unknown(placeholder, fields)
  const compute = COMPUTED.get(name)
  return compute ? compute(fields, meaning) : (value ?? ownField(name, fields))
}

function environment({ key, text }: Placeholder, fields: ImageFields): string {
  const { env } = fields.context
  if (key !== undefined && Object.hasOwn(env, key)) return env[key] ?? ''
  throw new PlaceholderError(
    key
      ? `found \`${text}\`, but the environment variable ${key} is not set, or kept from builders`
      : `found \`${text}\`, expected a variable's name, as in \`{env[HOME]}\``
  )
}

function part({ key, text }: Placeholder, fields: ImageFields): string | undefined {
  const read = key !== undefined && Object.hasOwn(PARTS, key) ? PARTS[key] : undefined
  if (!read) {
    const known = Object.keys(PARTS).map(name => `\`{img_parts[${name}]}\``)
    throw new PlaceholderError(`found \`${text}\`, expected one of ${known.join(', ')}`)
  }
  tagOf(fields, text)
  const reference = fields.reference()
  return reference && (read(reference) ?? '')
}

function tagOf(fields: ImageFields, text: string): string | undefined {
  if (fields.tagSource !== 'none') return fields.tag()
  throw new PlaceholderError(`found \`${text}\`, but the image writes no \`tag\``)
}

function isOwn(name: string, fields: ImageFields): boolean {
  return Object.hasOwn(fields.source.entry, name)
}

/** A field that the image itself writes. */
function ownField(name: string, fields: ImageFields): string | undefined {
  const { entry, path, wrong } = fields.source
  if (wrong.has(name)) return undefined
  const value = entry[name]
  const site = siteOf(fields.source, name)
  const isKnown = (IMAGE_FIELDS as readonly string[]).includes(name)
  if (isKnown && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  if (typeof value !== 'string' || value.includes('\0')) {
    fields.context.findings.report(site, wordIssue(value, 'a string'))
    return undefined
  }
  if (!FILLED_FIELDS.includes(name)) return value
  return fields.once(name, () => fields.fill(value, [...path, name]))
}

/** Names that an error shows besides those that every image has. */
const SHOWN = 50
/** A longer name is not what somebody meant. */
const LONGEST_NAME = 100

function unknown({ text }: Placeholder, fields: ImageFields): PlaceholderError {
  const { entry, combination } = fields.source
  const own = Object.keys(entry).filter(name => !Array.isArray(entry[name]))
  const written = [...combination.keys(), ...own].filter(name => name.length <= LONGEST_NAME)
  const names = new Set([...COMPUTED.keys(), ...written.slice(0, SHOWN)])
  const known = [...names, ...Object.keys(PARTS).map(key => `img_parts[${key}]`), 'env[NAME]']
  return new PlaceholderError(
    `found the unknown \`${text}\`, expected one of ${known.map(name => `{${name}}`).join(', ')}`
  )
}
