import { basename, dirname, extname, resolve } from 'node:path'
import { quoteText } from './describe-value.js'
import type { ImageSource, ManifestContext } from './image-source.js'
import { siteOf } from './image-source.js'

const told = new WeakSet<ManifestContext>()

/** The folder above the manifest's, or its own where that one is no part of the project. */
function defaultDirectory(context: ManifestContext): string {
  const { folder, mayRead, findings } = context
  const above = dirname(folder)
  if (mayRead?.(above) !== false) return above
  if (!told.has(context)) {
    told.add(context)
    const message = `the folder above this manifest's is no part of the project, so its images are built from its own, ${quoteText(folder)}: write \`working_dir\`, or put it in a folder of the project`
    findings.warn({ path: [] }, message)
  }
  return folder
}

/** Absolute path of an image's working directory; by default the folder above the manifest's. */
export function locateWorkingDirectory(
  written: string | undefined,
  source: ImageSource,
  context: ManifestContext
): string {
  if (written === undefined) return defaultDirectory(context)
  const path = resolve(context.folder, written)
  const atRoot = resolve(context.root, written)
  if (path === atRoot || context.exists(path) || !context.exists(atRoot)) return path
  const message = `found \`${written}\` below the project's root, expected it relative to the manifest`
  context.findings.warn(siteOf(source, 'working_dir'), message)
  return atRoot
}

/** Absolute path of a template: below the manifest's `packer/`. */
export function locateTemplate(file: string, context: ManifestContext): string {
  return resolve(context.folder, 'packer', file)
}

/** Absolute path of a Dockerfile: below the working directory, else where the manifest's folder has it. */
export function locateDockerfile(
  file: string,
  workingDirectory: string,
  context: ManifestContext
): string {
  const first = resolve(workingDirectory, file)
  if (context.exists(first)) return first
  const others = ['dockerfile', 'docker'].map(folder => resolve(context.folder, folder, file))
  return others.find(path => context.exists(path)) ?? first
}

/** The first of some names of templates that exists, else the first. */
export function chooseTemplate(
  first: string,
  others: readonly string[],
  context: ManifestContext
): string {
  const exists = (file: string) => context.exists(locateTemplate(file, context))
  return [first, ...others].find(exists) ?? first
}

/** A template's name less what Packer takes for an extension. */
export function lessExtension(file: string): string {
  const name = basename(file)
  const packer = ['.pkr.hcl', '.pkr.json'].find(extension => name.endsWith(extension))
  return packer ? basename(name, packer) : basename(name, extname(name))
}

/** The name of an image that is given none: the root folder's, less `setups.`. */
export function defaultName(root: string): string {
  return basename(root).replace(/^setups\./, '')
}

/** Absolute path of the folder that holds a manifest, whose path counts from the root. */
export function manifestFolder(root: string, path: string): string {
  return dirname(resolve(root, path))
}
