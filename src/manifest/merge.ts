import { ChainError, formatPlace, type Problem } from '../errors.js'
import type { Image, Warning } from './image.js'
import { normaliseReference } from './reference.js'

/** The images of a run. */
export interface MergedImages {
  readonly images: readonly Image[]
  readonly warnings: readonly Warning[]
}

/** An image's tags, normalised: asked for at each step, and slow to find for thousands. */
const normalisedTags = new WeakMap<Image, readonly string[]>()

function referencesOf(image: Image): readonly string[] {
  const known = normalisedTags.get(image) ?? image.tags.map(normaliseReference)
  normalisedTags.set(image, known)
  return known
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
    problems,
    hint: 'Give one of the two another tag, or remove it.'
  })
}

/** The images less those that stand twice, identical, with a warning for each of them. */
export function dropRepeated(images: readonly Image[]): MergedImages {
  const isAlone = findAlone(images)
  const byContent = new Map<string, Image>()
  const warnings: Warning[] = []
  const kept = images.filter((image, index) => {
    if (isAlone[index]) return true
    const content = contentOf(image)
    const first = byContent.get(content)
    if (first) warnings.push(repeated(image, first))
    else byContent.set(content, image)
    return !first
  })
  return { images: kept, warnings }
}

/** For each image whether no other has its first tag, or its file where it has none: quicker than comparing all. */
function findAlone(images: readonly Image[]): readonly boolean[] {
  const counts = new Map<string, number>()
  const keys = images.map(image => referencesOf(image)[0] ?? image.file)
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return keys.map(key => counts.get(key) === 1)
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
  return JSON.stringify([referencesOf(image), content])
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
    referencesOf(image).flatMap((reference, at) => {
      if (!isClaimed(image, at)) return []
      const owner = owners.get(reference)
      if (!owner) owners.set(reference, image)
      return owner && owner !== image ? [sharedTag(image.tags[at], image, owner)] : []
    })
  )
}

/** Whether an image lays claim to one of its tags: not to the first, which a template's wins over. */
function isClaimed({ builder, tagSource }: Image, at: number): boolean {
  return at > 0 || builder === 'dockerfile' || tagSource === 'written'
}

function sharedTag(tag: string | undefined, image: Image, owner: Image): Problem {
  const { manifest: file, position } = image
  const message = `found the tag \`${tag}\`, which another image has, at ${placeOf(owner)}`
  return { place: { file, position }, message }
}

function placeOf({ manifest: file, position }: Image): string {
  return formatPlace({ file, position })
}
