import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ChainError } from '../errors.js'
import { downloadArchive, verifyArchive } from './archive.js'
import { withPrivateFolder } from './private-folder.js'
import type { ReleaseId, ReleaseSite } from './release-site.js'
import { chooseReleases, loadReleases, type Release, releaseFiles } from './releases.js'
import { cachedVersions, keepTool, removeTool, toolFolder } from './tool-cache.js'
import { programName } from './zip.js'

export type ArchiveSource = 'tool-cache' | 'github-cache' | 'download'

/** An archive that was verified in this run, in the tool cache. */
export interface VerifiedArchive extends ReleaseId {
  readonly source: ArchiveSource
  readonly folder: string
  /** Path of the zip file. */
  readonly path: string
  /** Its file name. */
  readonly name: string
}

/** Why there is no archive: the server has not the product, or no release that fits. */
export interface NoArchive {
  readonly reason: string
}

/** What is looked for. */
export interface WantedArchive {
  readonly product: string
  /** Whether a version (a semver one) is good. */
  readonly accepts: (version: string) => boolean
  /** Matches the name of the one file that is wanted of it. */
  readonly file?: ((version: string) => RegExp) | undefined
  /** Looks closer at a release before it is downloaded. */
  readonly isUsable?: (release: Release) => Promise<boolean>
}

function describeArchive(id: ReleaseId, source: ArchiveSource, site: ReleaseSite): VerifiedArchive {
  const folder = toolFolder(id, site)
  const { archive } = releaseFiles(id.product, id.version, site.platform)
  const { product, version } = id
  return { product, version, source, folder, path: join(folder, archive), name: archive }
}

/** An archive without its program is no use in any cache. */
async function checkProgram(
  id: ReleaseId,
  folder: string,
  { wanted, site }: Search
): Promise<void> {
  if (!wanted.file) return
  const { archive: name } = releaseFiles(id.product, id.version, site.platform)
  await programName({ archive: join(folder, name), name, file: wanted.file(id.version) })
}

/** What is looked for, and where. */
interface Search {
  readonly wanted: WantedArchive
  readonly site: ReleaseSite
}

function reasonOf(error: unknown): string {
  if (error instanceof ChainError && error.code === 'VERIFICATION_FAILED') return error.message
  throw error
}

async function fromToolCache(
  wanted: WantedArchive,
  site: ReleaseSite
): Promise<VerifiedArchive | undefined> {
  const names = await cachedVersions(wanted.product, site)
  if (names.length === 0) return undefined
  const { default: semver } = await import('semver')
  const versions = names.filter(name => semver.valid(name) === name && wanted.accepts(name))
  for (const version of semver.rsort(versions)) {
    const id = { product: wanted.product, version }
    try {
      await verifyArchive(id, toolFolder(id, site), site)
      await checkProgram(id, toolFolder(id, site), { wanted, site })
      return describeArchive(id, 'tool-cache', site)
    } catch (error) {
      const reason = reasonOf(error)
      await removeTool(id, site)
      site.warn(`${wanted.product} ${version} in the tool cache was refused and removed: ${reason}`)
    }
  }
  return undefined
}

// Where another run was first, what it has put there is trusted no more than any cache.
async function settle(folder: string, id: ReleaseId, site: ReleaseSite): Promise<void> {
  const placed = await keepTool(folder, id, site)
  if (!placed) await verifyArchive(id, toolFolder(id, site), site)
}

async function restoreInto(folder: string, id: ReleaseId, search: Search): Promise<boolean> {
  const { site } = search
  const name = cacheName(id, site)
  const restored = join(folder, 'restored')
  if (!(await site.githubCache?.restore(name, restored))) return false
  try {
    await verifyArchive(id, restored, site)
    await checkProgram(id, restored, search)
  } catch (error) {
    site.warn(`${name} in GitHub's cache was refused, and is replaced: ${reasonOf(error)}`)
    return false
  }
  await settle(restored, id, site)
  return true
}

const cacheName = (id: ReleaseId, site: ReleaseSite): string =>
  `${id.product}_${id.version}_${site.platform.os}_${site.platform.arch}`

async function fetchRelease(release: Release, search: Search): Promise<VerifiedArchive> {
  const { site } = search
  return await withPrivateFolder(site.toolFolder, async folder => {
    if (await restoreInto(folder, release, search)) {
      return describeArchive(release, 'github-cache', site)
    }
    const downloaded = join(folder, 'downloaded')
    await mkdir(downloaded)
    site.log(`Getting ${release.product} ${release.version} from ${site.base.host}`)
    await downloadArchive(release, downloaded, site)
    await checkProgram(release, downloaded, search)
    await site.githubCache?.keep(cacheName(release, site), downloaded)
    await settle(downloaded, release, site)
    return describeArchive(release, 'download', site)
  })
}

async function firstUsable(
  releases: readonly Release[],
  wanted: WantedArchive
): Promise<Release | undefined> {
  for (const release of releases) {
    if (!wanted.isUsable || (await wanted.isUsable(release))) return release
  }
  return undefined
}

function nothingFits(wanted: WantedArchive, all: readonly Release[], site: ReleaseSite): NoArchive {
  const { os, arch } = site.platform
  const good = all.filter(release => wanted.accepts(release.version))
  const what = good.length === 0 ? 'no such version' : `no such version for ${os} on ${arch}`
  return { reason: `${site.base.host} has ${what} of ${wanted.product}` }
}

/**
 * The newest good archive: from the tool cache, else the newest release by way of GitHub's cache or
 * the release server. It was verified in this run whichever way it came; a cache's copy that fails
 * is removed with a warning and gone past, a download that fails is a ChainError.
 */
export async function ensureArchive(
  wanted: WantedArchive,
  site: ReleaseSite
): Promise<VerifiedArchive | NoArchive> {
  const cached = await fromToolCache(wanted, site)
  if (cached) return cached
  const releases = await loadReleases(wanted.product, site.base, site.download)
  if (!releases) return { reason: `${site.base.host} does not have ${wanted.product}` }
  const fitting = await chooseReleases(releases, wanted.accepts, site.platform)
  const release = await firstUsable(fitting, wanted)
  return release
    ? await fetchRelease(release, { wanted, site })
    : nothingFits(wanted, releases, site)
}
