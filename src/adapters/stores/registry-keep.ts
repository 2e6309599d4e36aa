import type { ImageRecord } from '../../chain/record.js'
import { normaliseReference } from '../../manifest/reference.js'
import { DamagedError } from './registry-answers.js'
import { placeName, readEntry, type Visit, writeEntry } from './registry-shelf.js'
import { type SealedRecord, sealPlatforms } from './sealed-records.js'
import { waitFor } from './store-calls.js'

/** Records of images that are on the daemon with a tag of their own, and that no earlier call kept. */
export async function recordsToKeep(
  records: readonly ImageRecord[],
  { shelf, known }: Visit,
  signal: AbortSignal
): Promise<readonly SealedRecord[]> {
  const { engine, repository } = shelf
  const unknown = records.filter(record => known.get(placeName(record)) !== record.imageId)
  if (unknown.length === 0) return []
  const prefix = normaliseReference(`${repository}:x`).slice(0, -1)
  const images = await waitFor(engine.images(), signal)
  // Taking the last tag away from an image would remove the image.
  const own = images.filter(({ tags }) => tags.some(tag => !tag.startsWith(prefix)))
  const there = new Set(own.map(({ id }) => id))
  const left = unknown.filter(({ imageId }) => there.has(imageId))
  const ids = [...new Set(left.map(({ imageId }) => imageId))]
  return sealPlatforms(left, await waitFor(engine.platforms(ids), signal))
}

function undefinedIfDamaged(failure: unknown): undefined {
  if (!(failure instanceof DamagedError)) throw failure
}

/** Keeps an image, unless the registry has that very image at its place. */
export async function keepEntry(
  sealed: SealedRecord,
  { shelf, known }: Visit,
  signal: AbortSignal
): Promise<void> {
  const { imageId } = sealed.record
  const place = placeName(sealed.record)
  if (!known.has(place)) {
    const kept = await readEntry(shelf, sealed.record, signal).catch(undefinedIfDamaged)
    const isSame = typeof kept === 'object' && kept.record.imageId === imageId
    known.set(place, isSame ? imageId : undefined)
  }
  if (known.get(place) === imageId) return
  await writeEntry(shelf, sealed, signal)
  known.set(place, imageId)
}
