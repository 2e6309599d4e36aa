import { basename, resolve } from 'node:path'
import { exec } from './adapters/exec.js'
import { files } from './adapters/files.js'
import { newFiles } from './adapters/new-files.js'
import { writeOut } from './adapters/standard-streams.js'
import { openTrees } from './adapters/trees.js'
import { builderEnvironment } from './builders/environment.js'
import { type InitSite, writeNew } from './cli-init.js'
import { findDockerfiles } from './commands/find-dockerfiles.js'
import { refuseObstacles } from './commands/init.js'
import { previewOrder } from './commands/preview-order.js'
import { proposeManifest } from './commands/propose-manifest.js'
import { ChainError } from './errors.js'
import type { Options } from './options.js'
import { machinePlatform } from './plan-project.js'
import type { NewFile } from './ports.js'
import { manifestSteps, previewText } from './report/init-text.js'

const noDockerfiles = (tree: string) =>
  new ChainError('FILE_MISSING', 'found no Dockerfile, expected one or more', {
    where: { file: tree },
    hint: '`build-chain init`, without --from, writes a chain to start from.'
  })

/** The folder for the manifest: the one that is looked in first, where it is there. */
function manifestFolder({ dockerFolder }: Options, root: string): string {
  return dockerFolder ?? (files.isFolder(resolve(root, 'docker')) ? 'docker' : '.docker')
}

/** `init --from`: writes a manifest for the Dockerfiles below a folder. */
export async function initFromDockerfiles(options: Options, site: InitSite): Promise<void> {
  const root = site.folder
  const tree = resolve(root, options.from ?? '.')
  const folder = manifestFolder(options, root)
  const path = `${folder}/IMAGES.json`
  const manifest = (text: string): NewFile => ({ path, text, isProgram: false })
  refuseObstacles(root, [manifest('')], { files, newFiles })
  const { dockerfiles, others } = await findDockerfiles(tree, {
    files,
    trees: openTrees(exec)
  })
  if (dockerfiles.length === 0) throw noDockerfiles(tree)
  const request = { root, tree, folder, project: basename(root) }
  const { text, doubts } = proposeManifest(dockerfiles, request, files)
  const env = builderEnvironment(process.env)
  const images = await previewOrder(text, { root, path, env, platform: machinePlatform() }, files)
  site.say(previewText(images).trimEnd())
  for (const other of others) site.say(`${other} has no FROM: left out`)
  for (const doubt of doubts) site.say(`warning: ${doubt}`)
  if (options.dryRun) {
    writeOut(text)
    return
  }
  await confirmed(site, path)
  await writeNew([manifest(text)], site, false)
  site.say(manifestSteps(site.shown, path))
}

async function confirmed({ asks }: InitSite, path: string): Promise<void> {
  if (!asks) return
  const { askConfirm } = await import('./adapters/prompts.js')
  if (await askConfirm(`Write ${path} with these?`)) return
  throw new ChainError('INTERRUPTED', 'cancelled', { hint: 'Nothing was written.' })
}
