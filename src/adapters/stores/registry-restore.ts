import type { WantedImage } from '../../ports.js'
import { DamagedError } from './registry-answers.js'
import { placeName, pullEarly, readEntry, type Visit, withImage } from './registry-shelf.js'
import { fits } from './sealed-records.js'
import { refusedOne, tagVerified, type Verified } from './tag-verified.js'

const NOTHING: Verified = { records: [], refused: [] }

/** Brings one image by its fingerprint, and tags it where it is what its record says. */
export function restoreEntry(
  wanted: WantedImage,
  visit: Visit,
  signal: AbortSignal
): Promise<Verified> {
  return bringEntry(wanted, visit, signal).catch((failure: unknown) => {
    if (failure instanceof DamagedError) return refusedOne(wanted, failure.message)
    throw failure
  })
}

async function bringEntry(
  wanted: WantedImage,
  visit: Visit,
  signal: AbortSignal
): Promise<Verified> {
  const { shelf, known } = visit
  known.set(placeName(wanted), undefined)
  const early = pullEarly(shelf, wanted, signal)
  let isWanted = false
  try {
    const sealed = await readEntry(shelf, wanted, signal)
    if (typeof sealed === 'string') return refusedOne(wanted, sealed)
    if (!sealed || !fits(sealed, wanted)) return NOTHING
    const { imageId } = sealed.record
    isWanted = true
    return await withImage({ shelf, sealed, early, signal }, async id => {
      if (id === undefined) return NOTHING
      if (id !== imageId) return refusedOne(wanted, 'what came is not the image of its record')
      const verified = await tagVerified([{ wanted, sealed }], shelf.engine, signal)
      if (verified.records.length > 0) known.set(placeName(wanted), imageId)
      return verified
    })
  } finally {
    if (!isWanted) await early.giveUp()
  }
}
