import type { WantedImage } from '../../ports.js'
import { DamagedError } from './registry-answers.js'
import { bringImage, type Known, readEntry, type Shelf } from './registry-shelf.js'
import { fits } from './sealed-records.js'
import { type Claim, tagVerified, type Verified } from './tag-verified.js'

const NOTHING: Verified = { records: [], refused: [] }

interface Visit {
  readonly shelf: Shelf
  readonly known: Known
  /** Ids of the daemon's images. */
  readonly there: ReadonlySet<string>
}

/** Brings one image by its fingerprint, and tags it where it is what its record says. */
export function restoreEntry(
  wanted: WantedImage,
  visit: Visit,
  signal: AbortSignal
): Promise<Verified> {
  return bringEntry(wanted, visit, signal).catch((failure: unknown) => {
    if (!(failure instanceof DamagedError)) throw failure
    return { records: [], refused: [`${wanted.image}: ${failure.message}`] }
  })
}

async function bringEntry(
  wanted: WantedImage,
  { shelf, known, there }: Visit,
  signal: AbortSignal
): Promise<Verified> {
  known.set(wanted.fingerprint, undefined)
  const sealed = await readEntry(shelf, wanted.fingerprint, signal)
  if (typeof sealed === 'string') return { records: [], refused: [`${wanted.image}: ${sealed}`] }
  if (!sealed || !fits(sealed, wanted)) return NOTHING
  const isThere = there.has(sealed.record.imageId)
  const verified = (await isThere)
    ? await tagVerified([{ wanted, sealed }], shelf, signal)
    : await bringAndTag({ wanted, sealed }, shelf, signal)
  if (verified.records.length > 0) known.set(wanted.fingerprint, sealed.record.imageId)
  return verified
}

async function bringAndTag(claim: Claim, shelf: Shelf, signal: AbortSignal): Promise<Verified> {
  const tidy = await bringImage(shelf, claim.sealed, signal)
  if (!tidy) return NOTHING
  try {
    return await tagVerified([claim], shelf, signal)
  } finally {
    await tidy()
  }
}
