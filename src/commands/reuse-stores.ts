import type { Plan } from '../chain/plan.js'
import type { ImageRecord } from '../chain/record.js'
import type { ImageStore, WantedImage } from '../ports.js'
import type { ImageResult } from '../run/events.js'

/** What a store could bring: everything of it is known, and nothing asks for a build all the same. */
function wantedOf(plan: Plan): readonly WantedImage[] {
  return plan.images.flatMap(({ image, action, fingerprint, evidence, isCertain }) =>
    action === 'build' && fingerprint !== null && evidence && isCertain
      ? [{ image: image.id, fingerprint, tags: image.tags }]
      : []
  )
}

interface RestorePorts {
  /** The store of this machine. */
  readonly local: ImageStore
  readonly note: (message: string) => void
}

const counted = (count: number) => (count === 1 ? '1 image' : `${count} images`)

/**
 * Brings unchanged images from the stores, the first that has one, and keeps them in the store of
 * this machine as if they had been built here.
 * @returns whether any came, so that the plan is to be made again
 */
export async function restoreImages(
  plan: Plan,
  stores: readonly ImageStore[],
  { local, note }: RestorePorts
): Promise<boolean> {
  let wanted = wantedOf(plan)
  let came = false
  for (const store of stores) {
    if (wanted.length === 0) break
    note(`looking for ${counted(wanted.length)} in ${store.name}`)
    const found = await store.restore(wanted)
    const come = found.length === 1 ? 'comes' : 'come'
    note(`${counted(found.length)} ${come} from ${store.name}`)
    if (found.length > 0) await local.keep(found)
    came ||= found.length > 0
    const there = new Set(found.map(({ image }) => image))
    wanted = wanted.filter(({ image }) => !there.has(image))
  }
  return came
}

/** Keeps in the stores what a run built or reused, as far as it is remembered. */
export async function keepImages(
  plan: Plan,
  results: readonly ImageResult[],
  stores: readonly ImageStore[],
  records: ReadonlyMap<string, ImageRecord>
): Promise<void> {
  const there = new Set(
    results
      .filter(({ status }) => status === 'built' || status === 'reused')
      .map(({ image }) => image.id)
  )
  const kept = plan.images.flatMap(({ image, fingerprint }) => {
    const record = records.get(image.id)
    return record && there.has(image.id) && record.fingerprint === fingerprint ? [record] : []
  })
  if (kept.length === 0) return
  for (const store of stores) await store.keep(kept)
}
