import type { Produced } from '../builders/builder.js'
import type { Image } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import type { Engine, EngineImage } from '../ports.js'
import type { ImageResult } from './events.js'

type Confirmed = Pick<ImageResult, 'tags' | 'imageId' | 'furtherIds' | 'bytes' | 'digest'>

/**
 * The image that has the tag of a Dockerfile's image before its build: docker may end well without making one, by
 * an output of another kind or on another builder. Undefined where there is none, or no telling.
 */
export async function imageBefore(
  { builder, tags }: Image,
  engine: Engine
): Promise<string | undefined> {
  const [tag] = tags
  if (builder !== 'dockerfile' || tag === undefined) return undefined
  return engine.inspect(tag).then(
    found => found?.id,
    () => undefined
  )
}

/**
 * Looks on the daemon for what a builder says it made, and sets the tags that the manifest asks
 * for and the builder did not set; the problem in words where the image is not there.
 * @param before as `imageBefore` gives it
 */
export async function confirmImage(
  image: Image,
  produced: Produced,
  engine: Engine,
  before?: string
): Promise<Confirmed | string> {
  const made = await findMade(image, produced, engine)
  if (made && made.id === before && !isNamed(made, produced)) return fromBefore(image)
  if (!made) return isNothingAsked(image, produced) ? NOTHING : nothingMade(image, produced)
  const tags = unique([...wantedTags(image, produced), ...produced.tags])
  const furtherIds: Record<string, string> = {}
  for (const tag of tags) {
    const name = normaliseReference(tag)
    if (made.tags.includes(name)) continue
    // A template with several builders makes several images, each with tags of its own.
    const other = produced.tags.includes(tag) ? await engine.inspect(tag) : undefined
    if (!other) await engine.tag(made.id, tag)
    else if (produced.imageIds.includes(other.id)) furtherIds[name] = other.id
  }
  const result = { tags, imageId: made.id, bytes: made.bytes, digest: null }
  return Object.keys(furtherIds).length > 0 ? { ...result, furtherIds } : result
}

/** NAME:VERSION only stands for what a template tags; where the template does tag, that holds. */
function wantedTags({ tags, tagSource }: Image, produced: Produced): readonly string[] {
  return tagSource === 'derived' && produced.tags.length > 0 ? tags.slice(1) : tags
}

const NOTHING: Confirmed = { tags: [], imageId: null, bytes: null, digest: null }

/** A template may export or discard what it made: then there is no image to look for. */
function isNothingAsked(image: Image, produced: Produced): boolean {
  return image.tags.length + produced.tags.length + produced.imageIds.length === 0
}

async function findMade(
  image: Image,
  produced: Produced,
  engine: Engine
): Promise<EngineImage | undefined> {
  const ids = [...produced.imageIds].reverse()
  // An id file tells of this build alone, where a tag may have been moved since; Packer's last id
  // may be of what a post-processor then made another image of.
  const isDocker = image.builder === 'dockerfile'
  const references = isDocker ? [...ids, ...produced.tags] : [...produced.tags, ...ids]
  for (const reference of references) {
    const found = await engine.inspect(reference)
    if (found) return found
  }
  return isDocker ? engine.inspect(image.tags[0] ?? '') : undefined
}

/**
 * Whether a builder named an image. One that stores images in containerd has others' ids for them: there an image has
 * a digest that is its id (https://docs.docker.com/engine/storage/containerd/).
 */
function isNamed({ id, digests }: EngineImage, { imageIds }: Produced): boolean {
  if (imageIds.includes(id)) return true
  return imageIds.length > 0 && digests.some(digest => digest.endsWith(`@${id}`))
}

const fromBefore = ({ tags: [tag] }: Image): string =>
  `the builder ended well and made no image here: ${tag} on the daemon is from before; an output of another kind, or a builder that does not load what it builds, leaves none`

function nothingMade(image: Image, produced: Produced): string {
  const said = [...produced.tags, ...produced.imageIds].join(', ') || 'no image'
  const wanted = image.tags.join(', ') || 'an image'
  return `the builder ended well and named ${said}, but ${wanted} is not on the daemon`
}

function unique(tags: readonly string[]): string[] {
  const seen = new Set<string>()
  return tags.filter(tag => {
    const name = normaliseReference(tag)
    return seen.has(name) ? false : seen.add(name)
  })
}
