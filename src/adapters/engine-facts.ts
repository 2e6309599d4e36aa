import type { Engine, ImageStorage } from '../ports.js'

/** Questions that the daemon gets at a time. */
const AT_ONCE = 16

/** The platforms of those images that are there, by id; `details` looks at one. */
export async function platformsBy(
  details: Engine['details'],
  ids: readonly string[]
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const batch = ids.slice(start, start + AT_ONCE)
    for (const [at, image] of (await Promise.all(batch.map(details))).entries()) {
      if (image && image.id === batch[at]) found.set(image.id, image.platform)
    }
  }
  return found
}

/** What the daemon says of its storage driver, in `DriverStatus` of `GET /info` or `docker info`. */
export function imageStorage(driverStatus: unknown): ImageStorage {
  return JSON.stringify(driverStatus ?? null).includes('io.containerd.snapshotter')
    ? 'containerd'
    : 'graph'
}
