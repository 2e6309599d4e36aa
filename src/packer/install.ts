import { join } from 'node:path'
import { ChainError } from '../errors.js'
import type { Exec } from '../ports.js'
import { type FoundPacker, findPacker } from './path-packer.js'
import { openReleaseSite, type ReleaseOptions } from './release-options.js'

export interface PackerOptions extends ReleaseOptions {
  /** `packer-version`: a semver range; empty means any. */
  readonly range: string
  readonly exec: Exec
  /** The environment that Packer gets. */
  readonly env: Readonly<Record<string, string>>
}

/** A Packer to build with. */
export interface InstalledPacker {
  readonly path: string
  readonly version: string
  readonly source: 'path' | 'tool-cache' | 'github-cache' | 'download'
  /** Why this one, as a part of a sentence. */
  readonly why: string
}

const PLACES = {
  path: 'on PATH',
  'tool-cache': 'in the tool cache, verified again',
  'github-cache': "from GitHub's cache, verified again",
  download: 'downloaded and verified'
} as const

/** Whether versions fit; OPTIONS_INVALID where the range is none. Nothing is loaded for an empty one. */
async function parseRange(range: string): Promise<(version: string) => boolean> {
  if (range === '') return () => true
  const { default: semver } = await import('semver')
  if (semver.validRange(range) === null) {
    throw new ChainError('OPTIONS_INVALID', `packer-version: ${range} is not a semver range`, {
      hint: 'Write a version or a range such as 1.14.2, ~1.14 or >=1.10 <2; leave it empty for any.'
    })
  }
  return version => semver.satisfies(version, range)
}

/** The newest release is what nobody asked a version of; prereleases have to be asked for. */
async function acceptsRelease(range: string): Promise<(version: string) => boolean> {
  return parseRange(range === '' ? '*' : range)
}

function whyThis(range: string, found: FoundPacker | undefined): string {
  const wanted = range === '' ? 'the newest' : `the newest that satisfies ${range}`
  const onPath = found ? `PATH has ${found.version}` : 'PATH has none'
  return `${wanted}; ${onPath}`
}

async function getPacker(
  options: PackerOptions,
  found: FoundPacker | undefined
): Promise<InstalledPacker> {
  const [{ ensureArchive }, { ensureProgram }] = await Promise.all([
    import('./obtain.js'),
    import('./program.js')
  ])
  const site = await openReleaseSite(options)
  const accepts = await acceptsRelease(options.range)
  const why = whyThis(options.range, found)
  const name = `packer${site.platform.extension}`
  const file = new RegExp(`^${name.replace('.', '\\.')}$`)
  const archive = await ensureArchive({ product: 'packer', accepts, file: () => file }, site)
  if ('reason' in archive) {
    throw new ChainError('TOOL_MISSING', `No Packer: ${archive.reason} (wanted: ${why})`, {
      hint: 'Change packer-version or packer-releases, or install a Packer and put it on PATH.'
    })
  }
  const path = join(archive.folder, name)
  await ensureProgram({ archive, file, path }, site)
  return { path, version: archive.version, source: archive.source, why }
}

/**
 * A Packer that satisfies the range: the one on PATH, else the newest in the tool cache, else the
 * newest release by way of GitHub's cache or the release server. What caches and servers give is
 * verified before it can run. One line tells what was found, where and why.
 *
 * @throws ChainError: OPTIONS_INVALID, TOOL_MISSING, DOWNLOAD_FAILED or VERIFICATION_FAILED.
 */
export async function ensurePacker(options: PackerOptions): Promise<InstalledPacker> {
  const fits = await parseRange(options.range)
  const found = await findPacker(options.exec, options.env)
  const packer: InstalledPacker =
    found && fits(found.version)
      ? {
          ...found,
          source: 'path',
          why: options.range ? `satisfies ${options.range}` : 'no version asked for'
        }
      : await getPacker(options, found)
  options.log(`Packer ${packer.version} (${packer.path}) ${PLACES[packer.source]}: ${packer.why}`)
  return packer
}
