import type { KnownFields } from './field-schemas.js'

/** The builders that a manifest can name. */
export const BUILDER_TYPES = ['packer', 'dockerfile', 'docker'] as const

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string' && !value.includes('\0')

const isTexts: Check = value => Array.isArray(value) && value.every(isText)

const isSomeTexts: Check = value => isTexts(value) && (value as unknown[]).length > 0

const isMapOf =
  (check: Check): Check =>
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(check)

/**
 * The fields of an image that mean something by themselves, each with the values that are right
 * beyond doubt. The schemas of field-schemas.ts have the last word, but most manifests are right,
 * and loading and making schemas takes longer than planning.
 */
const PLAINLY_RIGHT = {
  builder_type: value => (BUILDER_TYPES as readonly unknown[]).includes(value),
  file: isText,
  dockerfile: isText,
  docker_file: isText,
  tag: isText,
  name: isText,
  version: isText,
  working_dir: isText,
  extra_args: value => isText(value) || isTexts(value),
  build_args: isMapOf(isText),
  tags: isTexts,
  depends_on: isTexts,
  inputs: isTexts,
  test: value => isText(value) || isSomeTexts(value),
  push: value => typeof value === 'boolean',
  timeout: value => Number.isFinite(value) && (value as number) > 0,
  retries: value => Number.isSafeInteger(value) && (value as number) >= 0,
  matrix: isMapOf(isSomeTexts)
} satisfies Readonly<Record<string, Check>>

/** Name of a field of an image that means something by itself. */
export type ImageField = keyof typeof PLAINLY_RIGHT

/** All such names. */
export const IMAGE_FIELDS = Object.keys(PLAINLY_RIGHT) as readonly ImageField[]

/** Whether a name is that of a field that means something by itself. */
export const isImageField = (name: string): name is ImageField => Object.hasOwn(PLAINLY_RIGHT, name)

/** Whether a value is right beyond doubt: the schema need not be asked. */
export const isPlainlyRight = (field: ImageField, value: unknown): boolean =>
  PLAINLY_RIGHT[field](value)

/** An image as a manifest writes it. */
export type ImageEntry = KnownFields & { readonly [field: string]: unknown }
