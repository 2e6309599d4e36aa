import { relative, resolve } from 'node:path'
import { ChainError } from '../errors.js'
import type { Image, Warning } from '../manifest/image.js'
import { parseManifest } from '../manifest/read.js'
import { mergeImages, resolveManifest } from '../manifest/resolve.js'
import type { Files } from '../ports.js'
import { findManifests } from './find-manifests.js'

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
}

/** The images of every manifest, in the manifests' order. */
export interface LoadedImages {
  /** Paths relative to the root where they lie below it. */
  readonly manifests: readonly string[]
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
}

/**
 * Reads all manifests of a project.
 * @throws ChainError MANIFEST_NOT_FOUND, or MANIFEST_INVALID with every problem of a manifest
 */
export async function loadImages(request: LoadRequest, files: Files): Promise<LoadedImages> {
  const { root } = request
  const named = { named: request.imagesFiles, folder: request.dockerFolder, root }
  const manifests = findManifests(named, files).map(path => shown(root, path))
  const lists: (readonly Image[])[] = []
  const warnings: Warning[] = []
  const errors: ChainError[] = []
  for (const path of manifests) {
    const resolved = await readManifest(path, request, files).catch(refusal)
    if (resolved instanceof ChainError) errors.push(resolved)
    else {
      lists.push(resolved.images)
      for (const each of resolved.warnings) warnings.push(each)
    }
  }
  if (errors.length > 0) throw together(errors)
  const merged = mergeImages(lists)
  return { manifests, images: merged.images, warnings: [...warnings, ...merged.warnings] }
}

async function readManifest(path: string, request: LoadRequest, files: Files) {
  const { root, env, exists = files.exists } = request
  const document = await parseManifest(await files.read(resolve(root, path)), path)
  return resolveManifest(document, { root, env, exists })
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
