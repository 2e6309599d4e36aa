import type { ImageRecord } from '../../chain/record.js'
import type { Engine, WantedImage } from '../../ports.js'
import type { SealedRecord } from './sealed-records.js'
import { waitFor } from './store-calls.js'

/** A record that claims to be of a wanted image. */
export interface Claim {
  readonly wanted: WantedImage
  readonly sealed: SealedRecord
}

/** What came of claims: those that hold, and in words those that do not. */
export interface Verified {
  readonly records: readonly ImageRecord[]
  readonly refused: readonly string[]
}

/** What came of one image that is refused. */
export function refusedOne({ image }: WantedImage, problem: string): Verified {
  return { records: [], refused: [`${image}: ${problem}`] }
}

function problemOf({ sealed }: Claim, platforms: ReadonlyMap<string, string>): string | undefined {
  const { imageId, image } = sealed.record
  const platform = platforms.get(imageId)
  if (platform === undefined) return `${image}: what came is not the image of its record`
  if (platform === sealed.platform) return undefined
  return `${image}: its image is for ${platform}, its record for ${sealed.platform}`
}

/** Tags the images that the daemon has with the very id and platform of their records. */
export async function tagVerified(
  claims: readonly Claim[],
  engine: Engine,
  signal: AbortSignal
): Promise<Verified> {
  if (claims.length === 0) return { records: [], refused: [] }
  const ids = new Set(claims.map(({ sealed }) => sealed.record.imageId))
  const platforms = await waitFor(engine.platforms([...ids]), signal)
  const records: ImageRecord[] = []
  const refused: string[] = []
  for (const claim of claims) {
    const { wanted, sealed } = claim
    const problem = problemOf(claim, platforms)
    if (problem !== undefined) {
      refused.push(problem)
      continue
    }
    for (const tag of wanted.tags) {
      signal.throwIfAborted()
      await engine.tag(sealed.record.imageId, tag)
    }
    records.push(sealed.record)
  }
  return { records, refused }
}

const SHOWN = 3

/** One warning for all that was refused. */
export function refusalText(store: string, refused: readonly string[]): string {
  const more = refused.length - SHOWN
  const shown = refused.slice(0, SHOWN).join('; ') + (more > 0 ? `; and ${more} more` : '')
  return `reuse: what ${store} keeps was refused, and is built anew: ${shown}`
}
