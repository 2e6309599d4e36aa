import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { machineFacts } from './adapters/machine.js'
import { builderCommand } from './builders/arguments.js'
import { builderEnvironment } from './builders/environment.js'
import type { Facts, PackerFacts, ProjectFacts } from './commands/doctor-facts.js'
import { type LoadedImages, loadImages } from './commands/load-images.js'
import { loadTemplate } from './commands/load-template.js'
import { dockerFacts } from './doctor-docker-facts.js'
import { ChainError } from './errors.js'
import type { Options } from './options.js'
import { checkPlugins, checkReleases } from './packer/check.js'
import { findPacker } from './packer/path-packer.js'
import { parsePluginMode } from './packer/plugin-source.js'
import { wantedPlugins } from './packer/wanted-plugins.js'
import { rootOf } from './plan-project.js'

type Env = Readonly<Record<string, string>>

const NOTHING: LoadedImages = { manifests: [], images: [], warnings: [], mayRead: undefined }

/** The project's images, or what was said where they cannot be read. */
async function readProject(options: Options, env: Env) {
  const { imagesFiles, dockerFolder, outsidePaths } = options
  try {
    const request = { root: rootOf(options), imagesFiles, dockerFolder, env, outsidePaths }
    return { loaded: await loadImages(request, files), complaint: undefined }
  } catch (error) {
    if (!(error instanceof ChainError)) throw error
    return { loaded: NOTHING, complaint: error.message }
  }
}

function projectFacts(loaded: LoadedImages, options: Options): Omit<ProjectFacts, 'complaint'> {
  return {
    manifests: loaded.manifests,
    images: loaded.images.length,
    packerImages: loaded.images.filter(({ builder }) => builder === 'packer').length,
    wantsGithubCache: options.reuse.includes('github')
  }
}

/** What the templates use; one that is missing or broken is told by other commands. */
async function needsOf({ images }: LoadedImages, env: Env) {
  const needs = images
    .filter(({ builder, file }) => builder === 'packer' && files.exists(file))
    .map(async image => {
      const command = builderCommand(image, { builderArguments: [], squash: false })
      const { template } = await loadTemplate(image, { command, env }, files)
      return [{ ...template, file: image.fileAsWritten }]
    })
  return (await Promise.all(needs.map(need => need.catch(() => [])))).flat()
}

async function fitsRange(range: string, version: string | undefined): Promise<boolean> {
  if (range === '' || version === undefined) return version !== undefined
  const { default: semver } = await import('semver')
  return semver.satisfies(version, range)
}

async function packerFacts(loaded: LoadedImages, options: Options, env: Env): Promise<PackerFacts> {
  const range = options.packerVersion ?? ''
  const found = await findPacker(exec, env)
  const fits = await fitsRange(range, found?.version)
  const mode = parsePluginMode(options.packerPlugins)
  const wanted = wantedPlugins(await needsOf(loaded, env))
  const isUsed = loaded.images.some(({ builder }) => builder === 'packer')
  const plugins =
    found && fits && isUsed ? await checkPlugins({ ...found, exec, env }, { mode, wanted }) : []
  const isShort = isUsed && (!found || !fits || plugins.some(({ isThere }) => !isThere))
  const quiet = () => {}
  const site = {
    releases: options.packerReleases,
    key: options.packerReleasesKey,
    processEnv: process.env,
    log: quiet,
    warn: quiet
  }
  return { found, fits, range, plugins, releases: isShort ? await checkReleases(site) : undefined }
}

/** Everything that the doctor looks at; nothing is changed. */
export async function gatherFacts(options: Options): Promise<Facts> {
  const env = builderEnvironment(process.env)
  const [{ loaded, complaint }, docker] = await Promise.all([
    readProject(options, env),
    dockerFacts(exec, env)
  ])
  const folders = [docker.daemon?.folder ?? '/var/lib/docker', rootOf(options)]
  const [machine, packer] = await Promise.all([
    machineFacts(folders),
    packerFacts(loaded, options, env)
  ])
  const names = Object.keys(process.env).filter(name => process.env[name])
  return {
    machine,
    docker,
    packer,
    project: { ...projectFacts(loaded, options), complaint },
    runner: process.env.GITHUB_ACTIONS === 'true' ? new Set(names) : undefined
  }
}
