import { ChainError } from '../errors.js'
import type { Image } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'

/** What the user chose, in the words of the `images` and `skip-images` options. */
export interface Selection {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
}

function wordsFor(image: Image): string[] {
  return [
    image.id,
    image.name,
    `${image.name}:${image.version}`,
    image.file,
    image.fileAsWritten,
    ...image.tags,
    ...image.tags.map(normaliseReference)
  ]
}

type Matcher = (text: string) => boolean

async function matcher(word: string): Promise<Matcher> {
  if (!/[*?]/.test(word)) return text => text === word
  const { default: picomatch } = await import('picomatch')
  const matches = picomatch(word, {
    bash: true,
    dot: true,
    nobrace: true,
    noextglob: true,
    nonegate: true
  })
  return text => matches(text)
}

async function matched(
  option: string,
  words: readonly string[],
  images: readonly Image[]
): Promise<Set<number>> {
  const found = new Set<number>()
  const unknown: string[] = []
  const texts = words.length > 0 ? images.map(wordsFor) : []
  for (const word of words) {
    const matches = await matcher(word)
    const indices = [...texts.keys()].filter(index => texts[index]?.some(matches))
    if (indices.length === 0) unknown.push(word)
    for (const index of indices) found.add(index)
  }
  if (unknown.length > 0) throw nothingMatches(option, unknown, images)
  return found
}

function nothingMatches(
  option: string,
  words: readonly string[],
  images: readonly Image[]
): ChainError {
  const known = images.slice(0, 20).map(image => image.tags[0] ?? image.id)
  const more = images.length > known.length ? ` and ${images.length - known.length} more` : ''
  return new ChainError('SELECTION_EMPTY', 'the selection matches nothing', {
    problems: words.map(word => ({
      message: `${option}: ${JSON.stringify(word)} matches no image of the chain`
    })),
    hint: `Give a tag, a name, a file, an id, or a glob over them. The chain has: ${known.join(', ')}${more}.`
  })
}

/**
 * Positions of the images that a run takes: those chosen with all that they stand on, less those
 * that are to be skipped.
 * @param needs for each image the positions of what it stands on
 * @throws ChainError SELECTION_EMPTY that names every word which matches nothing
 */
export async function selectImages(
  images: readonly Image[],
  needs: readonly (readonly number[])[],
  selection: Selection
): Promise<ReadonlySet<number>> {
  const skipped = await matched('skip-images', selection.skipImages, images)
  if (selection.images.length === 0) {
    return new Set([...images.keys()].filter(index => !skipped.has(index)))
  }
  const chosen = new Set<number>()
  const waiting = [...(await matched('images', selection.images, images))]
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (chosen.has(index) || skipped.has(index)) continue
    chosen.add(index)
    waiting.push(...(needs[index] ?? []))
  }
  return chosen
}
