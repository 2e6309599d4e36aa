import type { Image } from '../manifest/image.js'
import { normaliseReference } from '../manifest/reference.js'
import { wildcardMatcher } from './wildcard.js'

/** Images by the words that choose them. */
export interface ImageWords {
  /** Positions of the images that a word chooses, ascending. */
  find(word: string): readonly number[]
}

const isGlob = (word: string) => /[*?]/.test(word)

/** Every word that chooses an image without a glob. */
export function wordsFor(image: Image): string[] {
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

/** Looks up images by the words of the `images` and `skip-images` options. */
export function imageWords(images: readonly Image[]): ImageWords {
  const texts = images.map(wordsFor)
  const byText = new Map<string, number[]>()
  for (const [index, words] of texts.entries()) {
    for (const word of new Set(words)) {
      const list = byText.get(word)
      if (list) list.push(index)
      else byText.set(word, [index])
    }
  }
  const matching = (matches: (text: string) => boolean) =>
    [...texts.keys()].filter(index => texts[index]?.some(matches))
  return {
    find: word => {
      if (isGlob(word)) return matching(wildcardMatcher(word))
      const found = [word, normaliseReference(word)].flatMap(text => byText.get(text) ?? [])
      return [...new Set(found)].sort((a, b) => a - b)
    }
  }
}

/** Whether a word stays one word in a list that is parted by commas and lines. */
const isListable = (word: string) => !/[,\n]/.test(word) && word.trim() === word

/** A glob for a text of which a list would keep only parts. */
const asGlob = (word: string) => word.replace(/[,*]|\s/g, '?')

/**
 * Gives each image a word that the `images` option takes for it and for no other: its id, and
 * where that chooses more, or cannot stand in a list, a tag, a name, a file, or a glob.
 * @param images all that the manifests list, so that no word chooses one of the others
 */
export function ownWords(images: readonly Image[]): (id: string) => string {
  let words: ImageWords | undefined
  let places: ReadonlyMap<string, number> | undefined
  return id => {
    words ??= imageWords(images)
    places ??= new Map(images.map((image, index) => [image.id, index]))
    const own = places.get(id)
    const image = images[own ?? -1]
    if (!image) return id
    const plain = [id, ...image.tags, `${image.name}:${image.version}`, image.fileAsWritten]
    const candidates = [...plain.filter(word => isListable(word) && !isGlob(word)), asGlob(id)]
    const isOwn = (word: string) => {
      const found = words?.find(word) ?? []
      return found.length === 1 && found[0] === own
    }
    return candidates.find(isOwn) ?? asGlob(id)
  }
}
