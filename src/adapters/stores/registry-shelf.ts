import type { Engine } from '../../ports.js'
import type { DockerCommand, ImageStoreKind } from './docker-command.js'
import {
  dropReferences,
  pullReference,
  pullText,
  pushReference,
  pushText
} from './registry-transfer.js'
import { openRecords, type SealedRecord, sealRecords } from './sealed-records.js'

/** The part of a registry that one kind of daemon keeps its images in. */
export interface Shelf {
  readonly docker: DockerCommand
  readonly engine: Engine
  readonly repository: string
  readonly kind: ImageStoreKind
  /** References to take away when no image comes any more. */
  readonly strays: string[]
}

/** Image ids by the fingerprints under which a registry has them; undefined where it has none that holds. */
export type Known = Map<string, string | undefined>

/** What the calls of one run share. */
export interface Visit {
  readonly shelf: Shelf
  readonly known: Known
}

/** Tags of an image and of its record: the fingerprint, since a tag is all that can be looked up by. */
function placeOf({ repository, kind }: Shelf, fingerprint: string) {
  const hex = fingerprint.slice('sha256:'.length)
  const image = `${repository}:${hex}${kind === 'graph' ? '' : `-${kind}`}`
  return { image, record: `${image}.record` }
}

/** The record under a fingerprint, undefined where there is none; in words why it is refused. */
export async function readEntry(
  shelf: Shelf,
  fingerprint: string,
  signal: AbortSignal
): Promise<SealedRecord | string | undefined> {
  const text = await pullText(shelf, placeOf(shelf, fingerprint).record, signal)
  if (text === undefined) return undefined
  const records = openRecords(text)
  if (typeof records === 'string') return records
  const [sealed] = records
  if (!sealed?.digest || records.length > 1) return 'its record is not one of an image'
  return sealed.record.fingerprint === fingerprint ? sealed : 'its record is of another build'
}

interface Bringing {
  readonly shelf: Shelf
  readonly sealed: SealedRecord
  readonly signal: AbortSignal
}

/**
 * Brings the image of an entry by the digest of its manifest, since its tag may have moved.
 * @param use gets the id of what came, or undefined where the image is gone; afterwards what it has
 *   not tagged is removed
 */
export async function withImage<T>(
  { shelf, sealed, signal }: Bringing,
  use: (imageId: string | undefined) => Promise<T>
): Promise<T> {
  const { engine, repository } = shelf
  const reference = `${repository}@${sealed.digest}`
  if (!(await pullReference(shelf, reference, signal))) return use(undefined)
  try {
    return await use((await engine.inspect(reference))?.id)
  } finally {
    await dropReferences(engine, [reference])
  }
}

/** Whether a digest that was just pushed is the image's, and not that of a run beside this one. */
async function isOwn(
  { engine, repository }: Shelf,
  digest: string,
  imageId: string
): Promise<boolean> {
  return (await engine.inspect(`${repository}@${digest}`))?.id === imageId
}

/** Writes an image, then its record, which alone makes the image count. */
export async function writeEntry(
  shelf: Shelf,
  { record, platform }: SealedRecord,
  signal: AbortSignal
): Promise<void> {
  const { docker, engine } = shelf
  const place = placeOf(shelf, record.fingerprint)
  await engine.tag(record.imageId, place.image)
  try {
    const digest = await pushReference(docker, place.image, signal)
    if (digest === undefined || !(await isOwn(shelf, digest, record.imageId))) return
    const text = sealRecords([{ record, platform, digest }])
    await pushText(shelf, { reference: place.record, text }, signal)
  } finally {
    await dropReferences(engine, [place.image])
  }
}
