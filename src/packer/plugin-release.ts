import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { temporaryRoot } from '../adapters/current-run.js'
import { ChainError } from '../errors.js'
import { downloadVerified, downloadVerifiedSums } from './archive.js'
import { ensureArchive, type VerifiedArchive } from './obtain.js'
import { parseConstraint } from './plugin-constraint.js'
import { isSupportedProtocol, pluginPattern } from './plugin-file.js'
import { pluginName } from './plugin-source.js'
import { withPrivateFolder } from './private-folder.js'
import type { ReleaseSite } from './release-site.js'
import type { Release } from './releases.js'
import { parseSums } from './verify.js'
import { programName } from './zip.js'

/** A plugin's program inside a verified archive. */
export interface ReleasedPlugin {
  readonly source: string
  readonly version: string
  readonly archive: VerifiedArchive
  /** Matches the program's file name. */
  readonly file: RegExp
  /** The name under which Packer looks for it. */
  readonly name: string
}

const manifestSchema = z.object({ metadata: z.object({ protocol_version: z.string() }) })

/** Only HashiCorp's own plugins are on a release server: a name there says nothing about others' owners. */
export function mayBeReleased(source: string): boolean {
  return /^github\.com\/hashicorp\/[^/]+$/i.test(source)
}

function speaksProtocol(text: string): boolean {
  try {
    const manifest = z.safeParse(manifestSchema, JSON.parse(text))
    return manifest.success && isSupportedProtocol(manifest.data.metadata.protocol_version)
  } catch {
    return false
  }
}

/** Reads the manifest beside the archive, which says what protocol the plugin speaks; older releases have none. */
async function isLoadable(release: Release, site: ReleaseSite): Promise<boolean> {
  const verified = await downloadVerifiedSums(release, site)
  const name = `${release.product}_${release.version}_manifest.json`
  if (!parseSums(verified.sums.toString()).has(name)) return true
  return await withPrivateFolder(temporaryRoot(), async folder => {
    const file = join(folder, name)
    await downloadVerified({ release, name, verified }, file, site)
    return speaksProtocol(await readFile(file, 'utf8'))
  })
}

async function describePlugin(
  source: string,
  archive: VerifiedArchive,
  site: ReleaseSite
): Promise<ReleasedPlugin> {
  const file = pluginPattern(source, site.platform, archive.version)
  const inArchive = await programName({ archive: archive.path, name: archive.name, file })
  const protocol = file.exec(inArchive)?.groups?.protocol ?? ''
  if (!isSupportedProtocol(protocol)) {
    const message = `${archive.name} speaks protocol ${protocol}, which Packer does not`
    throw new ChainError('PLUGIN_FAILED', message, { hint: 'Ask for another version of it.' })
  }
  const { os, arch, extension } = site.platform
  const prefix = `packer-plugin-${pluginName(source)}_v${archive.version}_${protocol}`
  return {
    source,
    version: archive.version,
    archive,
    file,
    name: `${prefix}_${os}_${arch}${extension}`
  }
}

/**
 * The newest release of a plugin that satisfies the constraint and speaks Packer's protocol, verified;
 * or the reason why the release server has none.
 */
export async function getReleasedPlugin(
  source: string,
  constraint: string,
  site: ReleaseSite
): Promise<ReleasedPlugin | { readonly reason: string }> {
  const product = `packer-plugin-${pluginName(source)}`
  const accepts = parseConstraint(constraint)
  const isUsable = (release: Release): Promise<boolean> => isLoadable(release, site)
  const file = (version: string): RegExp => pluginPattern(source, site.platform, version)
  const archive = await ensureArchive({ product, accepts, file, isUsable }, site)
  return 'reason' in archive ? archive : await describePlugin(source, archive, site)
}
