import type { Bench } from '../bench.js'
import { growContexts } from './growth-contexts.js'
import { growManifests } from './growth-manifests.js'

/** What more images and more files cost. */
export async function growth(bench: Bench): Promise<void> {
  await growManifests(bench)
  await growContexts(bench)
}
