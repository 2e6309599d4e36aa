import { ChainError, formatPlace, type Problem } from '../errors.js'
import type { Image, Warning } from './image.js'
import { normaliseReference } from './reference.js'

/** The images of a run. */
export interface MergedImages {
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
}

/**
 * Puts the images of several manifests together. An image that stands twice, identical, is kept once,
 * with a warning; every image gets its id. A tag of NAME:VERSION on a Packer image is no claim to it,
 * since what the template tags wins.
 * @throws ChainError MANIFEST_INVALID that names both places of every tag that two different images have
 */
export function mergeImages(lists: readonly (readonly Image[])[]): MergedImages {
  const { images, warnings } = dropRepeated(lists.flat())
  const problems = findSharedTags(images)
  if (problems.length === 0) return { images: assignIds(images), warnings }
  throw new ChainError('MANIFEST_INVALID', 'different images have the same tag', {
    where: problems[0]?.place,
    problems
  })
}

/** The images less those that stand twice, identical, with a warning for each of them. */
export function dropRepeated(images: readonly Image[]): MergedImages {
  const byContent = new Map<string, Image>()
  const warnings: Warning[] = []
  for (const image of images) {
    const content = contentOf(image)
    const first = byContent.get(content)
    if (first) warnings.push(repeated(image, first))
    else byContent.set(content, image)
  }
  return { images: [...byContent.values()], warnings }
}

/** Gives every image its id for the run: `#2` and so on after one that stands twice. */
export function assignIds(images: readonly Image[]): readonly Image[] {
  const counts = new Map<string, number>()
  const taken = new Set(images.map(baseId))
  return images.map(image => {
    const base = baseId(image)
    let count = (counts.get(base) ?? 0) + 1
    while (count > 1 && taken.has(`${base}#${count}`)) count++
    counts.set(base, count)
    return { ...image, id: count === 1 ? base : `${base}#${count}` }
  })
}

function baseId({ builder, fileAsWritten, tags }: Image): string {
  return builder === 'dockerfile' ? `dockerfile__${tags[0]}` : `packer__${fileAsWritten}`
}

/** All that makes a difference between two images. */
function contentOf(image: Image): string {
  const { id, fileAsWritten, tagSource, manifest, position, tags, ...content } = image
  return JSON.stringify([...tags.map(normaliseReference), content])
}

function repeated(image: Image, first: Image): Warning {
  const { manifest: file, position } = image
  return {
    message: `found the same image as at ${placeOf(first)}, which is built once`,
    file,
    position
  }
}

/** A problem for every tag that an earlier, different image has. */
export function findSharedTags(images: readonly Image[]): readonly Problem[] {
  const owners = new Map<string, Image>()
  return images.flatMap(image =>
    claimedTags(image).flatMap(tag => {
      const reference = normaliseReference(tag)
      const owner = owners.get(reference)
      if (!owner) owners.set(reference, image)
      return owner && owner !== image ? [sharedTag(tag, image, owner)] : []
    })
  )
}

function claimedTags({ builder, tags, tagSource }: Image): readonly string[] {
  return builder === 'packer' && tagSource === 'derived' ? tags.slice(1) : tags
}

function sharedTag(tag: string, { manifest: file, position }: Image, owner: Image): Problem {
  const message = `found the tag \`${tag}\`, which another image has, at ${placeOf(owner)}`
  return { place: { file, position }, message }
}

function placeOf({ manifest: file, position }: Image): string {
  return formatPlace({ file, position })
}
