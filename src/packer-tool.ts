import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import type { PlannedImage } from './chain/plan.js'
import { loadTemplate } from './commands/load-template.js'
import type { Options } from './options.js'
import { ensurePacker } from './packer/install.js'
import { parsePluginMode } from './packer/plugin-source.js'
import { ensurePlugins } from './packer/plugins.js'
import { wantedPlugins } from './packer/wanted-plugins.js'
import type { PackerTool } from './ports.js'
import type { Emit } from './run/events.js'

interface PackerRequest {
  /** The Packer images that are to be built. */
  readonly images: readonly PlannedImage[]
  readonly options: Options
  /** The environment of builders. */
  readonly env: Readonly<Record<string, string>>
  /** Folder for what Packer writes meanwhile, such as its log: one that is killed leaves it. */
  readonly temporary: string | undefined
  readonly emit: Emit
  readonly signal: AbortSignal
}

async function needsOf(images: readonly PlannedImage[], env: PackerRequest['env']) {
  return Promise.all(
    images.map(async ({ image, command }) => {
      const { template } = await loadTemplate(image, { command, env }, files)
      return { ...template, file: image.fileAsWritten }
    })
  )
}

/** Finds or installs Packer and the plugins that the templates of some images use. */
export async function preparePacker(request: PackerRequest): Promise<PackerTool> {
  const { options, emit, signal, temporary } = request
  const env = temporary === undefined ? request.env : { ...request.env, TMPDIR: temporary }
  const releases = {
    releases: options.packerReleases,
    key: options.packerReleasesKey,
    processEnv: process.env,
    log: (message: string) => emit({ type: 'note', message }),
    warn: (message: string) => emit({ type: 'warning', warning: { message } }),
    signal,
    exec,
    env
  }
  const mode = parsePluginMode(options.packerPlugins)
  const packer = await ensurePacker({ ...releases, range: options.packerVersion ?? '' })
  const wanted = wantedPlugins(await needsOf(request.images, request.env))
  const { pluginPath } = await ensurePlugins({
    ...releases,
    packer,
    wanted,
    mode,
    githubToken: options.githubToken
  })
  const { path, version, source } = packer
  return {
    path,
    version,
    source,
    pluginPath,
    advise: async template => {
      const { findFixes } = await import('./packer/fix.js')
      return findFixes(template, { path, version, exec, env })
    }
  }
}
