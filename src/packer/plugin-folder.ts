import { createHash } from 'node:crypto'
import {
  constants,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  stat,
  writeFile
} from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { ChainError } from '../errors.js'
import { type PluginFile, SUM_SUFFIX } from './plugin-file.js'
import type { ReleasedPlugin } from './plugin-release.js'
import { placeFolder, removeFolder, withPrivateFolder } from './private-folder.js'
import { ensureProgram } from './program.js'
import type { ReleaseSite } from './release-site.js'
import { hashFile } from './verify.js'

/** What a plugin folder is made of. */
export interface PluginSet {
  readonly released: readonly ReleasedPlugin[]
  /** Plugins that Packer installed; their `_SHA256SUM` lies beside them. */
  readonly installed: readonly PluginFile[]
}

/** A plugin with the place it has below a plugin folder. */
interface Placed {
  readonly relative: string
  /** What tells this content from another one. */
  readonly stamp: string
  /** Makes or checks the program at `path`, and gives its hash. */
  readonly ensure: (path: string) => Promise<string>
}

const placeOf = (plugin: { readonly source: string; readonly name: string }): string =>
  join(...plugin.source.split('/'), plugin.name)

function releasedPlace(plugin: ReleasedPlugin, site: ReleaseSite): Placed {
  const ensure = async (path: string): Promise<string> => {
    await ensureProgram({ archive: plugin.archive, file: plugin.file, path }, site)
    return await hashFile(path)
  }
  return { relative: placeOf(plugin), stamp: plugin.archive.name, ensure }
}

async function installedPlace(plugin: PluginFile, site: ReleaseSite): Promise<Placed> {
  const sum = (await readFile(plugin.path + SUM_SUFFIX, 'utf8')).trim().toLowerCase()
  const ensure = async (path: string): Promise<string> => {
    const found = await hashFile(path).catch(() => undefined)
    if (found === sum) return sum
    if (found !== undefined) site.warn(`${path} was refused and replaced: it was changed`)
    await withPrivateFolder(dirname(path), async folder => {
      const fresh = join(folder, plugin.name)
      await copyFile(plugin.path, fresh, constants.COPYFILE_FICLONE)
      if ((await hashFile(fresh)) !== sum) throw changed(plugin)
      await rename(fresh, path)
    })
    return sum
  }
  return { relative: placeOf(plugin), stamp: sum, ensure }
}

function changed(plugin: PluginFile): ChainError {
  const message = `${plugin.path} has another hash than the ${SUM_SUFFIX} file beside it`
  return new ChainError('VERIFICATION_FAILED', message, { hint: 'Install that plugin again.' })
}

async function ensureSum(path: string, sum: string): Promise<void> {
  const file = path + SUM_SUFFIX
  if ((await readFile(file, 'utf8').catch(() => '')) === sum) return
  await withPrivateFolder(dirname(path), async folder => {
    const fresh = join(folder, 'sum')
    // Packer reads the hash and nothing after it (packer/plugin-getter/checksum.go).
    await writeFile(fresh, sum)
    await rename(fresh, file)
  })
}

async function fill(folder: string, places: readonly Placed[]): Promise<void> {
  const fillOne = async ({ relative, ensure }: Placed): Promise<void> => {
    const path = join(folder, relative)
    await mkdir(dirname(path), { recursive: true })
    await ensureSum(path, await ensure(path))
  }
  await Promise.all(places.map(fillOne))
}

/** Files that nobody put there on purpose: Packer would run every plugin it finds. */
async function strangers(folder: string, places: readonly Placed[]): Promise<readonly string[]> {
  const own = new Set(places.flatMap(({ relative }) => [relative, relative + SUM_SUFFIX]))
  const found = await readdir(folder, { recursive: true, withFileTypes: true })
  return found
    .filter(entry => !entry.isDirectory())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + sep.length))
    .filter(
      path => !own.has(path) && !path.split(sep).some(part => part.startsWith('.build-chain-'))
    )
}

async function refuseStrangers(
  folder: string,
  places: readonly Placed[],
  site: ReleaseSite
): Promise<boolean> {
  if (!(await stat(folder).catch(() => undefined))) return false
  const [stranger] = await strangers(folder, places)
  if (stranger === undefined) return true
  site.warn(`${folder} was refused and removed: ${stranger} is not of this program`)
  await removeFolder(folder, site.toolFolder)
  return false
}

/** Two constraints may lead to the same file; the first of a name stays. */
function distinct(places: readonly Placed[]): readonly Placed[] {
  const first = new Map<string, Placed>()
  for (const place of places) {
    if (!first.has(place.relative)) first.set(place.relative, place)
  }
  return [...first.values()]
}

/** False where another run was first. */
async function build(
  folder: string,
  places: readonly Placed[],
  site: ReleaseSite
): Promise<boolean> {
  return await withPrivateFolder(site.toolFolder, async temporary => {
    const fresh = join(temporary, 'plugins')
    await mkdir(fresh)
    await fill(fresh, places)
    return await placeFolder(fresh, folder)
  })
}

/**
 * A folder for PACKER_PLUGIN_PATH with exactly these plugins. It is named for what is in it, comes
 * into being whole, and is looked through again each time, so that runs at once can share it.
 */
export async function ensurePluginFolder(set: PluginSet, site: ReleaseSite): Promise<string> {
  const installed = await Promise.all(set.installed.map(plugin => installedPlace(plugin, site)))
  const released = set.released.map(plugin => releasedPlace(plugin, site))
  const places = distinct([...released, ...installed])
  const content = places.map(({ relative, stamp }) => `${relative} ${stamp}`).sort()
  const key = createHash('sha256').update(content.join('\n')).digest('hex').slice(0, 16)
  const folder = join(site.toolFolder, 'build-chain-plugins', key)
  const isThere = await refuseStrangers(folder, places, site)
  if (isThere || !(await build(folder, places, site))) await fill(folder, places)
  return folder
}
