import { join } from 'node:path'
import { addressBelow } from './address.js'
import { decide, demandsOf } from './plugin-decision.js'
import type { AskedPacker } from './plugin-question.js'
import type { PluginMode } from './plugin-source.js'
import { viewOf } from './plugin-view.js'
import { openReleaseSite, type ReleaseOptions } from './release-options.js'
import { withResponse } from './request.js'
import { cachedVersions, toolFolderOf } from './tool-cache.js'
import type { WantedPlugin } from './wanted-plugins.js'

/** Milliseconds. */
const PATIENCE = 5_000

/** Where a Packer could come from that is not on PATH. */
export interface PackerSources {
  /** Of the release server, for messages. */
  readonly address: string
  readonly answers: boolean
  /** Versions in the tool cache. */
  readonly cached: readonly string[]
}

/** Looks where a missing Packer or plugin could be got, and gets nothing. */
export async function checkReleases(options: ReleaseOptions): Promise<PackerSources> {
  const site = await openReleaseSite(options)
  const index = addressBelow(site.base, 'packer', 'index.json')
  const asked = withResponse(index, AbortSignal.timeout(PATIENCE), async ({ status }) => status)
  const status = await asked.catch(() => 0)
  const cached = await cachedVersions('packer', site)
  return { address: site.base.host, answers: status === 200, cached }
}

/** A plugin that templates want, and whether Packer has it. */
export interface CheckedPlugin {
  readonly source: string
  readonly because: string
  readonly isThere: boolean
}

/** Asks a Packer for plugins, and installs none. */
export async function checkPlugins(
  packer: AskedPacker,
  { mode, wanted }: { readonly mode: PluginMode; readonly wanted: readonly WantedPlugin[] }
): Promise<readonly CheckedPlugin[]> {
  const demands = demandsOf(mode, wanted)
  if (demands.length === 0) return []
  const view = await viewOf(packer, join(toolFolderOf(packer.env), 'build-chain-answers'))
  const checked: CheckedPlugin[] = []
  for (const demand of demands) {
    const { source, because } = demand
    checked.push({ source, because, isThere: (await decide(demand, view)).has })
  }
  return checked
}
