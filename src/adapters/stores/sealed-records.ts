import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import { fingerprintOf } from '../../chain/fingerprint.js'
import { type ImageRecord, isImageRecord } from '../../chain/record.js'
import { normaliseReference } from '../../manifest/reference.js'
import type { WantedImage } from '../../ports.js'

/** A record as it leaves this machine, with what is needed to bring its image back. */
export interface SealedRecord {
  readonly record: ImageRecord
  /** `linux/amd64`, as the daemon said of the image. */
  readonly platform: string
  /** Digest of the image's manifest in a registry. */
  readonly digest?: string | undefined
}

const HASH = /^sha256:[0-9a-f]{64}$/

const hash = z.string().check(z.regex(HASH))

const sealedSchema = z.object({
  platform: z.string(),
  digest: z.optional(hash),
  record: z.custom<ImageRecord>(
    value => isImageRecord(value) && HASH.test(value.fingerprint) && HASH.test(value.imageId)
  )
})

const VERSION = 1

const fileSchema = z.object({
  version: z.literal(VERSION),
  check: z.string(),
  images: z.array(z.unknown())
})

const checkOf = (images: unknown) =>
  createHash('sha256').update(JSON.stringify(images)).digest('hex')

/** Records as one text with a checksum: what was altered on its way is not read. */
export function sealRecords(images: readonly SealedRecord[]): string {
  return JSON.stringify({ version: VERSION, check: checkOf(images), images })
}

function parseFile(text: string): z.infer<typeof fileSchema> | undefined {
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/**
 * Seals the records of those images whose platforms are known, by image id; in the order of their
 * names. A template that made several images is left out: a store brings one for a record.
 */
export function sealPlatforms(
  records: readonly ImageRecord[],
  platforms: ReadonlyMap<string, string>
): readonly SealedRecord[] {
  const sealed = records.flatMap(record => {
    const platform = platforms.get(record.imageId)
    return platform === undefined || record.furtherIds ? [] : [{ record, platform }]
  })
  return sealed.sort((a, b) => (a.record.image < b.record.image ? -1 : 1))
}

/** A fingerprint is made of the parts beside it, so that neither can be altered alone. */
function isSound({ record }: SealedRecord): boolean {
  return fingerprintOf(new Map(Object.entries(record.parts))) === record.fingerprint
}

/** The records of a text, all or none; what is wrong with it in words. */
export function openRecords(text: string): readonly SealedRecord[] | string {
  const file = parseFile(text)
  if (!file) return 'its records cannot be read'
  if (file.check !== checkOf(file.images)) return 'its records were altered'
  const images = z.array(sealedSchema).safeParse(file.images)
  if (!images.success) return 'its records are not as this version writes them'
  if (!images.data.every(isSound)) return 'a fingerprint in its records is not that of its parts'
  const names = new Set(images.data.map(({ record }) => record.image))
  return names.size === images.data.length ? images.data : 'two of its records are of one image'
}

/**
 * Whether a record is one of the image that is wanted. One with further tags or images is not: a
 * build would give what only a build can tell.
 */
export function fits({ record }: SealedRecord, wanted: WantedImage): boolean {
  if (record.image !== wanted.image || record.fingerprint !== wanted.fingerprint) return false
  if (record.furtherIds) return false
  const tags = new Set(wanted.tags.map(normaliseReference))
  return record.tags.every(tag => tags.has(normaliseReference(tag)))
}
