import { describe, expect, test } from 'vitest'
import { problemsOf, resolveImages, resolveText } from './resolve-text.js'

const TOO_MUCH =
  'found images that come to more than 20000000 characters beyond what is written, expected fewer'

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `${at}`)

const map = (count: number, value: string) =>
  Object.fromEntries(numbers(count).map(at => [`x-${at}`, value]))

describe('few characters that would make very much of images', () => {
  const long = { 'x-long': 'x'.repeat(50_000) }

  test.each<[string, object]>([
    ['a long field in many build arguments', { ...long, build_args: map(100, '{x-long}') }],
    ['the words of a text', { extra_args: 'q '.repeat(5_000) }],
    ['a list of words', { extra_args: Array(5_000).fill('q') }],
    ['placeholders for nothing', { test: '{extra_args}'.repeat(10_000), extra_args: '' }],
    ['a list of words to test with', { test: Array(5_000).fill('q') }],
    ['tags', { tags: numbers(4_000).map(at => `a/b${at}:{t}`) }],
    ['inputs', { inputs: Array(5_000).fill('q') }],
    ['fields of its own', map(4_000, 'x')],
    ['build arguments', { build_args: { ...map(4_000, 'x') } }]
  ])('are refused with a matrix: %s', async (_, fields) => {
    const image = { tag: 'a/b:{t}', dockerfile: 'D', matrix: { t: numbers(300) }, ...fields }
    expect(await problemsOf(resolveImages([image]))).toEqual([
      `docker/IMAGES.json:3:3: ${TOO_MUCH}`
    ])
  })

  test('are refused with the long values of a matrix', async () => {
    const matrix = {
      working_dir: numbers(10).map(at => `${at}/${'x'.repeat(50_000)}`),
      t: numbers(100)
    }
    const image = { tag: 'a/b:{t}', dockerfile: 'D', matrix }
    expect(await problemsOf(resolveImages([image]))).toEqual([
      `docker/IMAGES.json:3:3: ${TOO_MUCH}`
    ])
  })

  test('are refused in a single image', async () => {
    const image = { tag: 'a:1', dockerfile: 'D', ...long, build_args: map(1_000, '{x-long}') }
    expect(await problemsOf(resolveImages([image]))).toEqual([
      `docker/IMAGES.json:3:3: ${TOO_MUCH}`
    ])
  })

  test('are refused with aliases', async () => {
    const image = `{tag: a:1, dockerfile: D, build_args: {${numbers(4_000).map(at => `A${at}: b`)}}}`
    const text = `x-image: &a ${image}\nimages: [${Array(400).fill('*a')}]\n`
    const problems = await problemsOf(resolveText(text, { path: 'docker/IMAGES.yaml' }))
    expect(problems).toEqual([expect.stringContaining(TOO_MUCH)])
  })

  test('have an error that each combination has told in place of their size', async () => {
    const image = {
      tag: 'a/b:{t}',
      dockerfile: 'D',
      test: '{nope}',
      matrix: { t: numbers(50_000) }
    }
    expect(await problemsOf(resolveImages([image]))).toEqual([
      expect.stringContaining('found the unknown `{nope}`')
    ])
  })
})

describe('images that are many, or long', () => {
  test('are taken where a manifest writes them', async () => {
    const words = numbers(20).map(at => `--label=com.example.name=${at}`)
    const many = numbers(10_000).map(at => ({
      tag: `a/b${at}:{t}`,
      dockerfile: 'D',
      extra_args: words.join(' '),
      matrix: { t: ['1'] }
    }))
    expect((await resolveImages(many)).images).toHaveLength(10_000)
    const long = numbers(15).map(at => ({
      tag: `a/b${at}:1`,
      dockerfile: 'D',
      test: 'x'.repeat(2_000_000)
    }))
    expect((await resolveImages(long)).images).toHaveLength(15)
  })

  test('are taken where a matrix makes them of a few hundred characters each', async () => {
    const image = {
      tag: 'a/b:{s}-{t}',
      dockerfile: 'D',
      extra_args: '--label=com.example.name=value '.repeat(20),
      matrix: { s: numbers(100), t: numbers(100) }
    }
    expect((await resolveImages([image])).images).toHaveLength(10_000)
  })
})
