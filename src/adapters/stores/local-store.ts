import type { ImageRecord } from '../../chain/record.js'
import { normaliseReference } from '../../manifest/reference.js'
import type { Engine, ImageStore, WantedImage } from '../../ports.js'
import { reasonOf, type StoreCallOptions, storeCalls, waitFor } from './store-calls.js'

/** What the daemon's own images are known by. */
export interface LocalStoreOptions extends Omit<StoreCallOptions, 'name'> {
  readonly engine: Engine
  /** What is remembered, by image. */
  readonly records: () => ReadonlyMap<string, ImageRecord>
  /** Remembers a record; fails where it is remembered for this run alone. */
  readonly remember: (record: ImageRecord) => void
}

/** The images of this machine's daemon, as the state file remembers them. */
export function openLocalStore(options: LocalStoreOptions): ImageStore {
  const { engine, records, remember, warn } = options
  const calls = storeCalls({ ...options, name: 'local' })

  let hasWarned = false
  const rememberOrWarn = (record: ImageRecord) => {
    try {
      remember(record)
    } catch (failure) {
      if (hasWarned) return
      hasWarned = true
      warn(`reuse: what comes from a store is not remembered after this run: ${reasonOf(failure)}`)
    }
  }

  const find = ({ image, fingerprint }: WantedImage): ImageRecord | undefined => {
    const record = records().get(image)
    return record?.fingerprint === fingerprint ? record : undefined
  }

  const restore = async (wanted: readonly WantedImage[], signal: AbortSignal) => {
    const claims = wanted.flatMap(each => {
      const record = find(each)
      return record ? [{ record, tags: each.tags }] : []
    })
    if (claims.length === 0) return []
    const there = new Map(
      (await waitFor(engine.images(), signal)).map(image => [image.id, image.tags])
    )
    const found: ImageRecord[] = []
    for (const { record, tags } of claims) {
      const has = there.get(record.imageId)
      if (!has) continue
      for (const tag of tags.filter(name => !has.includes(normaliseReference(name)))) {
        signal.throwIfAborted()
        await engine.tag(record.imageId, tag)
      }
      found.push(record)
    }
    return found
  }

  const keep = async (kept: readonly ImageRecord[], signal: AbortSignal) => {
    const there = new Set((await waitFor(engine.images(), signal)).map(({ id }) => id))
    const known = records()
    for (const record of kept) {
      const isKnown = JSON.stringify(known.get(record.image)) === JSON.stringify(record)
      if (there.has(record.imageId) && !isKnown) rememberOrWarn(record)
    }
  }

  return {
    name: 'local',
    restore: wanted =>
      calls.run(
        signal => restore(wanted, signal),
        () => []
      ),
    keep: kept =>
      calls.run(
        signal => keep(kept, signal),
        () => undefined
      )
  }
}
