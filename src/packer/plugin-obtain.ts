import { join } from 'node:path'
import { ChainError } from '../errors.js'
import type { Demand } from './plugin-decision.js'
import type { PluginFile } from './plugin-file.js'
import { getGithubPlugin } from './plugin-github.js'
import type { AskedPacker } from './plugin-question.js'
import { getReleasedPlugin, mayBeReleased, type ReleasedPlugin } from './plugin-release.js'
import type { ReleaseSite } from './release-site.js'

/** A plugin that was missing, and what it is to be placed from. */
export type Obtained =
  | { readonly demand: Demand; readonly released: ReleasedPlugin }
  | { readonly demand: Demand; readonly file: PluginFile }

/** By what means plugins are got. */
export interface PluginMeans {
  readonly packer: AskedPacker
  readonly site: ReleaseSite
  readonly githubToken: string | undefined
}

async function fromGithub(
  demand: Demand,
  reason: string | undefined,
  { packer, site, githubToken }: PluginMeans
): Promise<Obtained> {
  const { source, constraint } = demand
  const store = join(site.toolFolder, 'build-chain-github-plugins')
  const { platform, log, wait, signal } = site
  const asked = { packer, source, constraint, token: githubToken, store }
  const request = { ...asked, platform, log, wait, signal }
  try {
    return { demand, file: await getGithubPlugin(request) }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    const tried = [reason, error.message].filter(Boolean).join('; ')
    throw new ChainError(error.code, `No plugin for ${demand.because}: ${tried}`, {
      hint: error.hint,
      cause: error
    })
  }
}

/** A plugin from the caches or the release server, else from GitHub; undefined where its name was but a guess. */
export async function obtainPlugin(
  demand: Demand,
  means: PluginMeans
): Promise<Obtained | undefined> {
  const { site } = means
  const released = mayBeReleased(demand.source)
    ? await getReleasedPlugin(demand.source, demand.constraint, site)
    : undefined
  if (released && !('reason' in released)) return { demand, released }
  if (!demand.guessed) return await fromGithub(demand, released?.reason, means)
  site.warn(
    `No plugin is known for ${demand.because}: ${released?.reason ?? 'its owner is unknown'}`
  )
  return undefined
}
