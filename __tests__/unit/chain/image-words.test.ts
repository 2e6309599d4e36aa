import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ownWords } from '../../../src/chain/image-words.js'
import { selectImages } from '../../../src/chain/select.js'
import { assignIds } from '../../../src/manifest/merge.js'
import { parseOptions } from '../../../src/options.js'
import { anImage } from '../../fixtures/image.js'

/** Positions of the images that a text of the `images` option chooses. */
function chosenBy(text: string, images: Parameters<typeof selectImages>[0]): number[] {
  const options = parseOptions({ images: text })
  const alone = images.map(() => [])
  return [...selectImages(images, alone, options)].sort((a, b) => a - b)
}

const packer = (fileAsWritten: string, tags: readonly string[] = []) =>
  anImage({ builder: 'packer', tags, fileAsWritten, name: 'app', file: `/p/${fileAsWritten}` })

const images = assignIds([
  packer('app.json'),
  packer('app.json', ['acme/app:2']),
  packer('app.json#2', ['acme/app:3']),
  packer('*.json'),
  packer('with, comma.json'),
  packer('line\nbreak.json'),
  packer('end.json '),
  packer('end.json'),
  anImage({ tags: ['app:latest'], name: 'app', version: 'latest' }),
  anImage({ tags: ['acme/app:latest'], name: 'app', version: 'latest' })
])

describe("an image's own word", () => {
  it.each(images.map(({ id }, index) => [id, index] as const))(
    'for %j chooses it and no other',
    (id, index) => {
      expect(chosenBy(ownWords(images)(id), images)).toEqual([index])
    }
  )

  it('is its id, where that says enough', () => {
    const wordOf = ownWords(images)
    expect(wordOf('packer__app.json')).toBe('packer__app.json')
    expect(wordOf('packer__app.json#3')).toBe('packer__app.json#3')
  })

  it('chooses it alone whatever its file is called', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '#', '2', ' ', '*', '/', '-') })
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 6 }), names => {
        const some = assignIds(names.map((file, at) => packer(file, [`acme/app:${at}`])))
        const wordOf = ownWords(some)
        for (const [index, { id }] of some.entries()) {
          expect(chosenBy(wordOf(id), some)).toEqual([index])
        }
      })
    )
  })
})
