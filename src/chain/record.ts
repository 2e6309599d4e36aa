import type { Image } from '../manifest/image.js'

/** What is remembered of an image that was built. */
export interface ImageRecord {
  /** Id of the image in its manifest. */
  readonly image: string
  readonly fingerprint: string
  /** `sha256:…`, the daemon's id: a hash of content, so the record cannot speak of another image. */
  readonly imageId: string
  /** All tags that the build gave, as written. */
  readonly tags: readonly string[]
  /** Those of them that only the builder asked for, not the manifest. */
  readonly furtherTags?: readonly string[] | undefined
  /** Ids of further images that its template makes, by their normalised tags. */
  readonly furtherIds?: Readonly<Record<string, string>> | undefined
  /** Image ids of what it stood on, by the ids of those images in their manifest. */
  readonly parents: Readonly<Record<string, string>>
  readonly parts: Readonly<Record<string, string>>
  /** ONBUILD instructions of outside bases, by image id or digest: what those name never changes. */
  readonly triggers: Readonly<Record<string, readonly string[]>>
  /** Stands for the test that the image has passed: see commands/test-identity. */
  readonly tested?: string | undefined
  /** Seconds since the epoch. */
  readonly builtAt: number
  /** When it was last built without a layer cache, or first of all; seconds since the epoch. */
  readonly freshAt?: number | undefined
  readonly seconds: number
}

type Check = (value: unknown) => boolean

const isText: Check = value => typeof value === 'string'
const isNumber: Check = value => typeof value === 'number'
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf =
  (check: Check): Check =>
  value =>
    Array.isArray(value) && value.every(check)
const mapOf =
  (check: Check): Check =>
  value =>
    isMap(value) && Object.values(value).every(check)
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value)

const FIELDS: Readonly<Record<keyof ImageRecord, Check>> = {
  image: isText,
  fingerprint: isText,
  imageId: isText,
  tags: listOf(isText),
  furtherTags: optional(listOf(isText)),
  furtherIds: optional(mapOf(isText)),
  parents: mapOf(isText),
  parts: mapOf(isText),
  triggers: mapOf(listOf(isText)),
  tested: optional(isText),
  builtAt: isNumber,
  freshAt: optional(isNumber),
  seconds: isNumber
}

/** Whether a value that was read from somewhere is a record as this version writes it. */
export const isImageRecord = (value: unknown): value is ImageRecord =>
  isMap(value) && Object.entries(FIELDS).every(([field, check]) => check(value[field]))

/**
 * The tags that an image has where it is reused: those of the manifest, and those that its builder
 * gave beyond them. NAME:VERSION only stands for what a template tags, as when it is built.
 */
export function tagsOfReused(
  { tags, tagSource }: Image,
  record: ImageRecord | undefined
): readonly string[] {
  const further = record?.furtherTags ?? []
  const written = tagSource === 'derived' && further.length > 0 ? tags.slice(1) : tags
  return [...new Set([...written, ...further])]
}
