import { ChainError, type Problem } from '../errors.js'
import type { Image } from '../manifest/image.js'
import { didYouMean } from '../manifest/near-word.js'
import { imageWords, wordsFor } from './image-words.js'

/** What the user chose, in the words of the `images` and `skip-images` options. */
export interface Selection {
  readonly images: readonly string[]
  readonly skipImages: readonly string[]
}

interface Matched {
  readonly indices: ReadonlySet<number>
  readonly problems: readonly Problem[]
}

function matched(option: string, words: readonly string[], images: readonly Image[]): Matched {
  const indices = new Set<number>()
  const problems: Problem[] = []
  const { find } = imageWords(words.length > 0 ? images : [])
  for (const word of words) {
    const found = find(word)
    for (const index of found) indices.add(index)
    if (found.length > 0) continue
    const near = didYouMean(word, images.flatMap(wordsFor))
    problems.push({
      message: `${option}: ${JSON.stringify(word)} matches no image of the chain${near}`
    })
  }
  return { indices, problems }
}

function nothingMatches(problems: readonly Problem[], images: readonly Image[]): ChainError {
  const known = images.slice(0, 20).map(image => image.tags[0] ?? image.id)
  const more = images.length > known.length ? ` and ${images.length - known.length} more` : ''
  return new ChainError('SELECTION_EMPTY', 'the selection matches nothing', {
    problems,
    hint: `Give a tag, a name, a file, an id, or a glob over them. The chain has: ${known.join(', ')}${more}.`
  })
}

/**
 * Positions of the images that a run takes: those chosen with all that they stand on, less those
 * that are to be skipped.
 * @param needs for each image the positions of what it stands on
 * @throws ChainError SELECTION_EMPTY that names every word which matches nothing
 */
export function selectImages(
  images: readonly Image[],
  needs: readonly (readonly number[])[],
  selection: Selection
): ReadonlySet<number> {
  const wanted = matched('images', selection.images, images)
  const skipped = matched('skip-images', selection.skipImages, images)
  const problems = [...wanted.problems, ...skipped.problems]
  if (problems.length > 0) throw nothingMatches(problems, images)
  const isAll = selection.images.length === 0
  const chosen = new Set<number>()
  const waiting = isAll ? [...images.keys()].reverse() : [...wanted.indices]
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (chosen.has(index) || skipped.indices.has(index)) continue
    chosen.add(index)
    if (!isAll) waiting.push(...(needs[index] ?? []))
  }
  return chosen
}
