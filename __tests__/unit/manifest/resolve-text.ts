import { ChainError, formatProblem } from '../../../src/errors.js'
import type { Image } from '../../../src/manifest/image.js'
import { parseManifest } from '../../../src/manifest/read.js'
import { type Resolved, resolveManifest } from '../../../src/manifest/resolve.js'

interface Surroundings {
  readonly path?: string
  readonly root?: string
  readonly env?: Readonly<Record<string, string>>
  /** Paths that exist, absolute. */
  readonly files?: readonly string[]
}

/** Resolves a manifest's text in a project at /src/project that holds nothing, but for what is given. */
export async function resolveText(text: string, given: Surroundings = {}): Promise<Resolved> {
  const { path = 'docker/IMAGES.json', root = '/src/project', env = {}, files = [] } = given
  const document = await parseManifest(Buffer.from(text), path)
  return resolveManifest(document, { root, env, exists: file => files.includes(file) })
}

/** Resolves a list of images. */
export function resolveImages(
  images: readonly unknown[],
  given: Surroundings = {}
): Promise<Resolved> {
  return resolveText(JSON.stringify({ images }, null, 1), given)
}

/** The image that one entry asks for; a Dockerfile builds it unless the entry says otherwise. */
export async function resolveOne(entry: object, given: Surroundings = {}): Promise<Image> {
  const { images } = await resolveImages([{ builder_type: 'dockerfile', ...entry }], given)
  if (!images[0] || images.length > 1) throw new Error(`${images.length} images`)
  return images[0]
}

/** The lines of the MANIFEST_INVALID that a promise fails with. */
export async function problemsOf(failing: Promise<unknown>): Promise<readonly string[]> {
  const error = await failing.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown
  )
  if (!(error instanceof ChainError) || error.code !== 'MANIFEST_INVALID') throw error
  return error.problems.map(formatProblem)
}
