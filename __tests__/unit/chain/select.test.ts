import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Selection, selectImages } from '../../../src/chain/select.js'
import { ChainError } from '../../../src/errors.js'
import type { Image } from '../../../src/manifest/image.js'
import { anImage } from '../../fixtures/image.js'

const base = anImage({ builder: 'packer', tags: ['acme/base:1.0'], name: 'base' })
const app = anImage({ tags: ['acme/team/app:2.0', 'acme/app:two'] })
const web = anImage({ tags: ['registry.example:5000/acme/web:latest'] })
const debian = anImage({ tags: ['debian'] })
const images = [base, app, web, debian]
/** The app stands on the base, and the web on the app. */
const needs = [[], [0], [1], []]

function select(selection: Partial<Selection>): number[] {
  const whole = { images: [], skipImages: [], ...selection }
  return [...selectImages(images, needs, whole)].sort()
}

/** Positions of the images that a word chooses by itself. */
function chosenBy(word: string, among: readonly Image[] = images): number[] {
  const selection = { images: [word], skipImages: [] }
  const alone = among.map(() => [])
  return [...selectImages(among, alone, selection)].sort()
}

function refusalOf(choose: () => unknown): ChainError {
  try {
    choose()
  } catch (error) {
    if (error instanceof ChainError) return error
    throw error
  }
  throw new Error('found a selection, expected a refusal')
}

const refusal = (selection: Partial<Selection>) => refusalOf(() => select(selection))

describe('a selection', () => {
  it('is of all images where nothing is chosen', () => {
    expect(select({})).toEqual([0, 1, 2, 3])
  })

  it.each([
    ['a tag', 'acme/team/app:2.0', [1]],
    ['a further tag', 'acme/app:two', [1]],
    ['a name', 'app', [1]],
    ['a name with its version', 'web:latest', [2]],
    ['an id', 'packer__base-1.0.json', [0]],
    ['a file as the manifest writes it', 'base-1.0.json', [0]],
    ['an absolute file', '/project/docker/packer/base-1.0.json', [0]],
    ['a tag with all that Docker fills in', 'docker.io/library/debian:latest', [3]]
  ])('takes %s', (_, word, chosen) => {
    expect(chosenBy(word)).toEqual(chosen)
  })

  it.each([
    ['the version that Docker fills in', 'debian:latest', [3]],
    ['the registry that Docker fills in', 'docker.io/acme/app:two', [1]],
    ['the other name of that registry', 'index.docker.io/acme/app:two', [1]],
    ['the folder that Docker fills in', 'library/debian', [3]]
  ])('takes a tag with %s, as references are compared', (_, word, chosen) => {
    expect(chosenBy(word)).toEqual(chosen)
  })

  it('takes one of several images of the same name by each of their tags', () => {
    const two = [anImage({ tags: ['acme/x:1'] }), anImage({ tags: ['acme/x:2'] })]
    expect(chosenBy('x', two)).toEqual([0, 1])
    expect(chosenBy('acme/x:2', two)).toEqual([1])
  })

  it('brings along all that the chosen stand on', () => {
    expect(select({ images: ['web'] })).toEqual([0, 1, 2])
  })

  it('leaves out what is to be skipped, and keeps the rest', () => {
    expect(select({ skipImages: ['app'] })).toEqual([0, 2, 3])
  })

  it('leaves out what is to be skipped although it is chosen or needed', () => {
    expect(select({ images: ['app', 'web'], skipImages: ['app'] })).toEqual([2])
  })

  it('brings along nothing for a skipped base, since that is taken as it is', () => {
    expect(select({ images: ['web'], skipImages: ['app'] })).toEqual([2])
  })

  it('may be empty where all that is chosen is skipped', () => {
    expect(select({ images: ['app'], skipImages: ['*'] })).toEqual([])
  })

  it('holds for a chain of 10,000 images, each on the one before it', () => {
    const many = Array.from({ length: 10_000 }, (_, at) => anImage({ tags: [`acme/i${at}:1`] }))
    const chained = many.map((_, at) => (at === 0 ? [] : [at - 1]))
    const chosen = selectImages(many, chained, { images: ['i9999'], skipImages: [] })
    expect(chosen.size).toBe(10_000)
  })
})

describe('a glob', () => {
  it.each([
    ['acme/*', [0, 1]],
    ['*/app:*', [1]],
    ['*:5000/*', [2]],
    ['*.json', [0]],
    ['app:2.?', [1]],
    ['packer__*', [0]],
    ['*', [0, 1, 2, 3]]
  ])('%s takes what it matches, `*` crossing `/`', (word, chosen) => {
    expect(chosenBy(word)).toEqual(chosen)
  })

  it('is not one in a word without `*` and `?`', () => {
    const brackets = anImage({ tags: ['acme/a:1'], fileAsWritten: 'Dockerfile.[ab]' })
    expect(chosenBy('Dockerfile.[ab]', [brackets, app])).toEqual([0])
  })

  it('matches any characters with `*`, every other character standing for itself', () => {
    const character = fc.constantFrom(...'ab.-_:/+@~é')
    const text = fc.array(character, { minLength: 1, maxLength: 6 }).map(parts => parts.join(''))
    const word = fc
      .array(fc.oneof(character, fc.constant('*')), { minLength: 1, maxLength: 6 })
      .map(parts => parts.join(''))
      .filter(each => each.includes('*'))
    fc.assert(
      fc.property(word, fc.array(text, { minLength: 1, maxLength: 4 }), (glob, files) => {
        const image = anImage({ tags: ['x:y'] })
        const among = files.map(fileAsWritten => ({ ...image, fileAsWritten }))
        const pattern = glob.replace(/[.+]/g, '\\$&').replaceAll('*', '.*')
        const naive = new RegExp(`^${pattern}$`, 's')
        const common = ['x', 'x:y', 'docker.io/library/x:y', 'dockerfile__x:y', image.file]
        const expected = common.some(each => naive.test(each))
          ? [...among.keys()]
          : [...among.keys()].filter(at => naive.test(files[at] ?? ''))
        if (expected.length > 0) expect(chosenBy(glob, among)).toEqual(expected)
        else expect(refusalOf(() => chosenBy(glob, among)).code).toBe('SELECTION_EMPTY')
      }),
      { numRuns: 3_000 }
    )
  })
})

describe('a word that matches nothing', () => {
  it('is an error that names every such word, its option and the images there are', () => {
    const error = refusal({ images: ['app', 'nope', 'acme/no*'] })
    expect(error.code).toBe('SELECTION_EMPTY')
    expect(error.problems.map(problem => problem.message)).toEqual([
      'images: "nope" matches no image of the chain',
      'images: "acme/no*" matches no image of the chain'
    ])
    expect(error.hint).toContain('acme/team/app:2.0')
  })

  it('is an error among the images to skip, too', () => {
    const error = refusal({ skipImages: ['nope'] })
    expect(error.problems.map(problem => problem.message)).toEqual([
      'skip-images: "nope" matches no image of the chain'
    ])
  })

  it('lists no more than twenty images and says how many more there are', () => {
    const many = Array.from({ length: 25 }, (_, at) => anImage({ tags: [`acme/i${at}:1`] }))
    const { hint } = refusalOf(() => chosenBy('nope', many))
    expect(hint).toContain('acme/i19:1 and 5 more.')
    expect(hint).not.toContain('acme/i20:1')
  })

  it('is told of both options in one go', () => {
    const error = refusal({ images: ['nope'], skipImages: ['neither'] })
    expect(error.problems.map(problem => problem.message)).toEqual([
      'images: "nope" matches no image of the chain',
      'skip-images: "neither" matches no image of the chain'
    ])
  })
})
