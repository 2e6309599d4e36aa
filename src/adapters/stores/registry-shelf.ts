import { sha256 } from '../../chain/node-crypto.js'
import type { Engine, ImageStorage, WantedImage } from '../../ports.js'
import type { DockerCommand } from './docker-command.js'
import { inTurn, type Turns } from './in-turn.js'
import {
  dropReferences,
  pull,
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
  readonly storage: ImageStorage
  /** References to take away when no image comes any more. */
  readonly strays: Set<string>
  /** The reference of one record, taken away with the strays; undefined where none is to be held. */
  readonly held: string[] | undefined
  /** Whose turn it is to bring a digest. */
  readonly turns: Turns
}

/** Image ids by the names of the places at which a registry has them; undefined where it has none that holds. */
export type Known = Map<string, string | undefined>

/** Takes away what stayed until no image comes any more. */
export const dropStrays = ({ engine, strays, held }: Shelf): Promise<void> =>
  dropReferences(engine, [...strays, ...(held ?? [])])

/** What the calls of one run share. */
export interface Visit {
  readonly shelf: Shelf
  readonly known: Known
}

/** What an image is looked up by before anything of it is there. */
type Sought = Pick<WantedImage, 'image' | 'fingerprint'>

/**
 * The name of an image's place, made of all that a reader knows of it, since a tag is all that can be
 * looked up by: images of one fingerprint, which differ in their tags alone, have places of their own.
 */
export const placeName = ({ image, fingerprint }: Sought): string =>
  sha256(`${fingerprint} ${image}`)

/** Tags of an image and of its record. */
function placeOf({ repository, storage }: Shelf, sought: Sought) {
  const image = `${repository}:${placeName(sought)}${storage === 'graph' ? '' : `-${storage}`}`
  return { image, record: `${image}.record` }
}

/** The record of an image, undefined where there is none; in words why it is refused. */
export async function readEntry(
  shelf: Shelf,
  sought: Sought,
  signal: AbortSignal
): Promise<SealedRecord | string | undefined> {
  const text = await pullText(shelf, placeOf(shelf, sought).record, signal)
  if (text === undefined) return undefined
  const records = openRecords(text)
  if (typeof records === 'string') return records
  const [sealed] = records
  if (!sealed?.digest || records.length > 1) return 'its record is not one of an image'
  const { image, fingerprint } = sealed.record
  const isOfIt = image === sought.image && fingerprint === sought.fingerprint
  return isOfIt ? sealed : 'its record is of another build'
}

/** An image on its way by its tag, while it is not known yet whether its record wants it. */
export interface EarlyPull {
  /** Its tag, which is a stray; undefined where it is not brought early. */
  readonly reference: string | undefined
  /** Whether it came; what went wrong is told by who pulls it again. */
  readonly came: Promise<boolean>
  /** Ends it, where nobody wants what comes. */
  giveUp(): Promise<void>
}

const NOT_EARLY: EarlyPull = {
  reference: undefined,
  came: Promise.resolve(false),
  giveUp: async () => {}
}

/**
 * Pulls the image at the place of an entry while its record is read, since a registry that is far away takes as long
 * to begin with the one as with the other. Not before it is known that there are records, and that none of them has to
 * wait for layers of images: a daemon downloads three at once.
 */
export function pullEarly(shelf: Shelf, sought: Sought, signal: AbortSignal): EarlyPull {
  const { docker, storage, held, strays } = shelf
  if (storage !== 'graph' || !held || held.length === 0) return NOT_EARLY
  const reference = placeOf(shelf, sought).image
  strays.add(reference)
  const end = new AbortController()
  const came = pull(docker, reference, AbortSignal.any([signal, end.signal])).catch(() => false)
  const giveUp = async () => {
    end.abort()
    await came
  }
  return { reference, came, giveUp }
}

interface Bringing {
  readonly shelf: Shelf
  readonly sealed: SealedRecord
  readonly early: EarlyPull
  readonly signal: AbortSignal
}

/** The id of the image that came by its tag, where that has not moved. */
async function idOfEarly({ shelf, sealed, early }: Bringing): Promise<string | undefined> {
  if (!(await early.came) || early.reference === undefined) return undefined
  const image = await shelf.engine.inspect(early.reference)
  return image?.digests.some(digest => digest.endsWith(`@${sealed.digest}`)) ? image.id : undefined
}

/**
 * Brings the image of an entry by the digest of its manifest, unless the same came by its tag, which may have moved.
 * Entries of one image come one after another, or one would remove what another is about to tag. For the same reason
 * another image that came by the tag stays until no image comes any more.
 * @param use gets the id of what came, or undefined where the image is gone; afterwards what it has
 *   not tagged is removed
 */
export function withImage<T>(
  bringing: Bringing,
  use: (imageId: string | undefined) => Promise<T>
): Promise<T> {
  const { shelf, sealed, early, signal } = bringing
  const { engine, repository, turns, strays } = shelf
  const reference = `${repository}@${sealed.digest}`
  return inTurn(turns, reference, async () => {
    const references = [reference]
    try {
      const id = await idOfEarly(bringing)
      if (id !== undefined) {
        if (early.reference && strays.delete(early.reference)) references.push(early.reference)
        return await use(id)
      }
      if (!(await pullReference(shelf, reference, signal))) return await use(undefined)
      return await use((await engine.inspect(reference))?.id)
    } finally {
      await dropReferences(engine, references)
    }
  })
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
  const place = placeOf(shelf, record)
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
