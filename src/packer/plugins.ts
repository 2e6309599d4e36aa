import { join } from 'node:path'
import { ChainError } from '../errors.js'
import type { Exec } from '../ports.js'
import { openAnswers } from './plugin-answers.js'
import { type Demand, decide, demandsOf, type PackerView } from './plugin-decision.js'
import type { PluginFile } from './plugin-file.js'
import type { Obtained } from './plugin-obtain.js'
import type { AskedPacker } from './plugin-question.js'
import type { PluginMode } from './plugin-source.js'
import { keptPlugins, viewOf } from './plugin-view.js'
import { openReleaseSite, type ReleaseOptions } from './release-options.js'
import { toolFolderOf } from './tool-cache.js'
import type { WantedPlugin } from './wanted-plugins.js'

export interface PluginOptions extends ReleaseOptions {
  readonly packer: { readonly path: string; readonly version: string }
  /** What the templates want; see wantedPlugins. */
  readonly wanted: readonly WantedPlugin[]
  /** `packer-plugins`; see parsePluginMode. */
  readonly mode: PluginMode
  readonly exec: Exec
  /** The environment that Packer gets. */
  readonly env: Readonly<Record<string, string>>
  readonly githubToken?: string | undefined
}

/** A plugin that is there. */
export interface InstalledPlugin {
  readonly source: string
  /** Undefined where Packer has it in itself, or was not asked which. */
  readonly version: string | undefined
  readonly from: 'packer' | 'tool-cache' | 'github-cache' | 'download' | 'github'
  readonly because: string
}

export interface EnsuredPlugins {
  /** What PACKER_PLUGIN_PATH has to be; undefined where Packer's own folder will do. */
  readonly pluginPath: string | undefined
  readonly installed: readonly InstalledPlugin[]
}

const WAYS = {
  packer: 'Packer has it',
  'tool-cache': 'in the tool cache, verified again',
  'github-cache': "from GitHub's cache, verified again",
  download: 'downloaded and verified',
  github: 'from GitHub, by packer plugins install'
} as const

/** Parts the demands into those that Packer can meet and those that it cannot. */
async function askPacker(demands: readonly Demand[], view: PackerView, options: PluginOptions) {
  const there: InstalledPlugin[] = []
  const missing: Demand[] = []
  await view.answers.prepare(demands.flatMap(demand => demand.components))
  for (const demand of demands) {
    const { source, because, constraint } = demand
    const decision = await decide(demand, view)
    if (decision.has) there.push({ source, version: decision.version, from: 'packer', because })
    else missing.push(demand)
    if (decision.has && decision.ignored) {
      const { version } = options.packer
      options.warn(`Packer ${version} has ${source} built in: ${constraint} has no effect`)
    }
  }
  return { there, missing }
}

async function refuseUnknown(
  obtained: readonly Obtained[],
  packer: AskedPacker,
  answersFolder: string
): Promise<void> {
  const answers = await openAnswers(packer, answersFolder)
  await answers.prepare(obtained.flatMap(({ demand }) => demand.components))
  for (const { demand } of obtained) {
    for (const { kind, type } of demand.components) {
      if (await answers.has({ kind, type })) continue
      throw new ChainError(
        'PLUGIN_FAILED',
        `Packer ${packer.version} does not take the plugin ${demand.source}: it still has no ${kind} ${type}`,
        { hint: 'Ask for a newer Packer by packer-version, or another plugin by packer-plugins.' }
      )
    }
  }
}

function describe(each: Obtained): InstalledPlugin {
  const { source, because } = each.demand
  if ('file' in each) return { source, version: each.file.version, from: 'github', because }
  return { source, version: each.released.version, from: each.released.archive.source, because }
}

async function getMissing(
  missing: readonly Demand[],
  packer: AskedPacker,
  options: PluginOptions
): Promise<readonly Obtained[]> {
  const { obtainPlugin } = await import('./plugin-obtain.js')
  const site = await openReleaseSite(options)
  const obtained: Obtained[] = []
  for (const demand of missing) {
    const got = await obtainPlugin(demand, { packer, site, githubToken: options.githubToken })
    if (!got) continue
    obtained.push(got)
    const { source, version, from, because } = describe(got)
    options.log(`Plugin ${source} ${version} ${WAYS[from]}: for ${because}`)
  }
  return obtained
}

async function placePlugins(
  obtained: readonly Obtained[],
  kept: readonly PluginFile[],
  options: PluginOptions
): Promise<string> {
  const { ensurePluginFolder } = await import('./plugin-folder.js')
  const released = obtained.flatMap(each => ('released' in each ? [each.released] : []))
  const files = obtained.flatMap(each => ('file' in each ? [each.file] : []))
  const set = { released, installed: [...files, ...kept] }
  return await ensurePluginFolder(set, await openReleaseSite(options))
}

/**
 * Sees to it that Packer has the plugins that the templates want: asks it first, then takes those it
 * lacks from the tool cache, GitHub's cache or the release server, verified, and those that are
 * nowhere there by `packer plugins install`.
 *
 * @throws ChainError: PLUGIN_FAILED, DOWNLOAD_FAILED or VERIFICATION_FAILED.
 */
export async function ensurePlugins(options: PluginOptions): Promise<EnsuredPlugins> {
  const demands = demandsOf(options.mode, options.wanted)
  if (demands.length === 0) return { pluginPath: undefined, installed: [] }
  const packer = { ...options.packer, exec: options.exec, env: options.env }
  const toolFolder = options.override?.toolFolder ?? toolFolderOf(options.processEnv)
  const answersFolder = join(toolFolder, 'build-chain-answers')
  const view = await viewOf(packer, answersFolder)
  const { there, missing } = await askPacker(demands, view, options)
  const obtained = missing.length === 0 ? [] : await getMissing(missing, packer, options)
  if (obtained.length === 0) return { pluginPath: undefined, installed: there }
  const kept = keptPlugins((await view.installed()) ?? [], demands)
  const pluginPath = await placePlugins(obtained, kept, options)
  const env = { ...options.env, PACKER_PLUGIN_PATH: pluginPath }
  await refuseUnknown(obtained, { ...packer, env }, answersFolder)
  return { pluginPath, installed: [...there, ...obtained.map(describe)] }
}
