import { type EngineView, viewOf } from '../chain/decide.js'
import type { Engine } from '../ports.js'

/** References beyond which one list of all images is sooner had than each by itself. */
const MOST_QUESTIONS = 8

/**
 * All images of the daemon.
 * @throws ChainError ENGINE_UNAVAILABLE where no daemon answers
 */
export const viewOfEngine = async (engine: Engine): Promise<EngineView> =>
  viewOf(await engine.images())

/**
 * What some references name on the daemon, and nothing else: a daemon with hundreds of images takes
 * longer to list them than a plan takes.
 * @param references normalised
 * @throws ChainError ENGINE_UNAVAILABLE where no daemon answers
 */
export async function viewOfReferences(
  engine: Engine,
  references: readonly string[]
): Promise<EngineView> {
  if (references.length > MOST_QUESTIONS) return viewOfEngine(engine)
  if (references.length === 0) await engine.ping()
  const found = await Promise.all(references.map(reference => engine.inspect(reference)))
  return viewOf(found.filter(image => image !== undefined))
}
