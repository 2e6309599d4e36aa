import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { homeOf } from './home.js'
import { placeFolder, removeFolder } from './private-folder.js'
import type { ReleaseId, ReleaseSite } from './release-site.js'

/** The runner's tool cache; outside of a runner a folder in the user's cache. */
export function toolFolderOf(env: Readonly<Record<string, string | undefined>>): string {
  if (env.RUNNER_TOOL_CACHE) return env.RUNNER_TOOL_CACHE
  return join(env.XDG_CACHE_HOME || join(homeOf(env), '.cache'), 'build-chain', 'tools')
}

/**
 * `TOOL/VERSION/ARCH`, with a marker `ARCH.complete` beside it: the layout of @actions/tool-cache,
 * whose own cacheDir copies in place, so that two runs can see halves of each other.
 */
export function toolFolder(id: ReleaseId, site: ReleaseSite): string {
  return join(site.toolFolder, id.product, id.version, site.platform.nodeArch)
}

/** Versions of a product that are there, in no order. */
export async function cachedVersions(
  product: string,
  site: ReleaseSite
): Promise<readonly string[]> {
  const names = await readdir(join(site.toolFolder, product)).catch(() => [])
  const present = await Promise.all(
    names.map(version => stat(toolFolder({ product, version }, site)).catch(() => undefined))
  )
  return names.filter((_, index) => present[index]?.isDirectory())
}

/** Moves a finished folder into the cache; false where another run was first. */
export async function keepTool(folder: string, id: ReleaseId, site: ReleaseSite): Promise<boolean> {
  const target = toolFolder(id, site)
  const placed = await placeFolder(folder, target)
  await writeFile(`${target}.complete`, '')
  return placed
}

/** Takes a refused version out of the cache. */
export async function removeTool(id: ReleaseId, site: ReleaseSite): Promise<void> {
  const target = toolFolder(id, site)
  await rm(`${target}.complete`, { force: true })
  await removeFolder(target, site.toolFolder)
}
