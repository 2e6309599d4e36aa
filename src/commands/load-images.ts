import { dirname, relative, resolve } from 'node:path'
import { argumentPaths } from '../builders/argument-paths.js'
import { ChainError } from '../errors.js'
import { quoteText } from '../manifest/describe-value.js'
import type { Image, Warning } from '../manifest/image.js'
import { parseManifest } from '../manifest/read.js'
import { mergeImages, resolveManifest } from '../manifest/resolve.js'
import type { Files } from '../ports.js'
import { findManifests } from './find-manifests.js'
import { checkoutAbove, isWithin, projectBounds } from './project-bounds.js'

/** What loading needs from the options and the machine. */
export interface LoadRequest {
  /** Absolute path of the project's root. */
  readonly root: string
  readonly imagesFiles: readonly string[] | undefined
  readonly dockerFolder: string | undefined
  /** What builders are given: the only values that `{env[NAME]}` sees. */
  readonly env: Readonly<Record<string, string>>
  /** What files of images are taken to be there; undefined: those that are. */
  readonly exists?: (path: string) => boolean
  /** Whether manifests may name files and folders outside of the project. */
  readonly outsidePaths?: boolean
}

/** The images of every manifest, in the manifests' order. */
export interface LoadedImages {
  /** Paths relative to the root where they lie below it. */
  readonly manifests: readonly string[]
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
  /** Whether a path lies in the project; undefined where every path may be read. */
  readonly mayRead: ((path: string) => boolean) | undefined
}

/**
 * Reads all manifests of a project.
 * @throws ChainError MANIFEST_NOT_FOUND, or MANIFEST_INVALID with every problem of a manifest
 */
export async function loadImages(request: LoadRequest, files: Files): Promise<LoadedImages> {
  const { root } = request
  const named = { named: request.imagesFiles, folder: request.dockerFolder, root }
  const manifests = findManifests(named, files).map(path => shown(root, path))
  const mayRead = request.outsidePaths ? undefined : boundsOf(manifests, request, files)
  const lists: (readonly Image[])[] = []
  const warnings: Warning[] = []
  const errors: ChainError[] = []
  for (const path of manifests) {
    const resolved = await readManifest(path, { ...request, mayRead }, files).catch(refusal)
    if (resolved instanceof ChainError) errors.push(resolved)
    else {
      lists.push(resolved.images)
      for (const each of resolved.warnings) warnings.push(each)
    }
  }
  if (errors.length > 0) throw together(errors)
  const merged = mergeImages(lists)
  return { manifests, images: merged.images, warnings: [...warnings, ...merged.warnings], mayRead }
}

/**
 * A manifest that the user named is of a project of its own, wherever it lies: of its checkout, or of the folder
 * above its own.
 */
function boundsOf(manifests: readonly string[], { root, imagesFiles }: LoadRequest, files: Files) {
  const folders = imagesFiles?.length ? manifests.map(path => dirname(resolve(root, path))) : []
  const outside = folders.filter(folder => !isWithin(root, folder))
  const projects = outside.map(folder => checkoutAbove(folder, files.exists) ?? dirname(folder))
  return projectBounds(root, projects, files)
}

interface Reading extends LoadRequest {
  readonly mayRead: ((path: string) => boolean) | undefined
}

async function readManifest(path: string, request: Reading, files: Files) {
  const { root, env, exists = files.exists, mayRead } = request
  const file = resolve(root, path)
  // One that the user names outside of the root is where he says.
  const isOwn = request.imagesFiles?.length && !isWithin(root, file)
  if (!isOwn && mayRead?.(file) === false) throw leadsOut(path)
  const document = await parseManifest(await files.read(file), path)
  const resolved = await resolveManifest(document, { root, env, exists, mayRead })
  if (mayRead) refuseArguments(resolved.images, mayRead)
  return resolved
}

const leadsOut = (path: string) =>
  new ChainError('MANIFEST_INVALID', `${path} leads out of the project`, {
    where: { file: path },
    hint: 'Put the file in the place of the link, or name the manifest with images-files.'
  })

function refuseArguments(images: readonly Image[], mayRead: (path: string) => boolean): void {
  const problems = images.flatMap(image => {
    const outside = argumentPaths(image).filter(({ path }) => !mayRead(path))
    return [...new Set(outside.map(({ word }) => word))].map(word => ({
      place: { file: image.manifest, position: image.position },
      message: `found ${quoteText(word)} in extra_args, which leads out of the project, expected a path in it`
    }))
  })
  if (problems.length > 0) {
    const message = `${problems[0]?.place.file} names paths outside of the project`
    const hint =
      'Move what is named into the project, or set outside-paths where the manifest is your own.'
    throw new ChainError('MANIFEST_INVALID', message, { problems, hint })
  }
}

function refusal(error: unknown): ChainError {
  if (error instanceof ChainError && error.code === 'MANIFEST_INVALID') return error
  throw error
}

/** What is wrong with several manifests, told in one go. */
function together(errors: readonly ChainError[]): ChainError {
  const [first] = errors as readonly [ChainError]
  if (errors.length === 1) return first
  const problems = errors.flatMap(({ problems, where, message }) =>
    problems.length > 0 ? problems : [{ place: where, message }]
  )
  return new ChainError('MANIFEST_INVALID', first.message, { problems, hint: first.hint })
}

function shown(root: string, path: string): string {
  const below = relative(root, resolve(root, path))
  return below.startsWith('..') ? path : below
}
