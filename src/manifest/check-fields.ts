import { suggest } from './describe-value.js'
import type { Findings } from './findings.js'
import { TEXT_FIELDS } from './image-fields.js'
import type { ImageSource } from './image-source.js'
import { siteOf } from './image-source.js'
import { placeholderNames } from './interpolate.js'
import { IMAGE_FIELDS, type ImageEntry } from './manifest-types.js'
import { PLACEHOLDERS_WITH_PARTS } from './placeholders.js'
import type { ValuePath } from './positions.js'

type WrittenEntry = Pick<ImageSource, 'entry' | 'path'>

/** Fields in which placeholders are filled in. */
const FILLED_FIELDS = [
  'file',
  'dockerfile',
  'docker_file',
  'tag',
  'tags',
  'name',
  'version',
  'extra_args',
  'build_args',
  'test'
] as const

const AXIS_NAME = /^[A-Za-z_][\w-]*$/

/** Reports keys at a manifest's root that mean nothing. */
export function checkRootKeys(root: object, findings: Findings): void {
  for (const key of Object.keys(root)) {
    if (findings.isFull) return
    if (key !== 'images' && !isFree(key)) reportUnknown(key, [], ['images'], findings)
  }
}

/** Reports fields of an image that are neither known nor used by a placeholder. */
export function checkImageKeys({ entry, path }: WrittenEntry, findings: Findings): void {
  const known: readonly string[] = IMAGE_FIELDS
  const strange = Object.keys(entry).filter(key => !known.includes(key) && !isFree(key))
  if (strange.length === 0) return
  const used = usedNames(entry)
  for (const key of strange) {
    if (findings.isFull) return
    if (!used.has(key)) reportUnknown(key, path, known, findings)
  }
}

/** Reports names of a matrix that cannot be used, or are not. Gives whether all is well. */
export function checkMatrixNames({ entry, path }: WrittenEntry, findings: Findings): boolean {
  if (!entry.matrix) return true
  const names = Object.keys(entry.matrix)
  const used = usedNames(entry)
  const problems = names.flatMap(name => {
    const problem = axisProblem(name, entry, used)
    return problem === undefined ? [] : [{ name, problem }]
  })
  for (const { name, problem } of problems) {
    findings.report({ ...siteOf({ path }, 'matrix', name), on: 'key' }, problem)
  }
  return problems.length === 0
}

function axisProblem(
  name: string,
  entry: ImageEntry,
  used: ReadonlySet<string>
): string | undefined {
  if (!AXIS_NAME.test(name) || name === '__proto__') {
    return `found \`${name}\`, expected a name of letters, digits, \`_\` and \`-\``
  }
  if (Object.hasOwn(entry, name)) return `found \`${name}\` as a field of the image, too`
  if ((TEXT_FIELDS as readonly string[]).includes(name)) return undefined
  const taken: readonly string[] = [...IMAGE_FIELDS, ...PLACEHOLDERS_WITH_PARTS]
  if (taken.includes(name))
    return `found \`${name}\`, which means something else: choose another name`
  return used.has(name)
    ? undefined
    : `found \`${name}\`, expected \`{${name}}\` in a field of the image`
}

function reportUnknown(
  key: string,
  parent: ValuePath,
  known: readonly string[],
  findings: Findings
): void {
  const message = `found the unknown field \`${key}\`${suggest(key, known)}`
  findings.report({ path: [...parent, key], on: 'key' }, message)
}

function isFree(key: string): boolean {
  return key === '$schema' || key.startsWith('x-') || key.startsWith('_')
}

function usedNames(entry: ImageEntry): Set<string> {
  return new Set(
    FILLED_FIELDS.flatMap(field => texts(entry[field])).flatMap(text => placeholderNames(text))
  )
}

/** The texts in a field's value, whatever type it has. */
function texts(value: unknown): string[] {
  const items = typeof value === 'object' && value !== null ? Object.values(value) : [value]
  return items.filter(item => typeof item === 'string')
}
