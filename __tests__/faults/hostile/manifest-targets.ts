import { resolve } from 'node:path'
import fc from 'fast-check'
import { builderCommand } from '../../../src/builders/arguments.js'
import { readDockerArguments } from '../../../src/builders/docker-arguments.js'
import { readPackerArguments } from '../../../src/builders/packer-arguments.js'
import { buildGraph } from '../../../src/chain/graph.js'
import { imageWords, ownWords } from '../../../src/chain/image-words.js'
import { selectImages } from '../../../src/chain/select.js'
import type { Image } from '../../../src/manifest/image.js'
import { fillIn, parseTemplate, placeholderNames } from '../../../src/manifest/interpolate.js'
import { nearWord } from '../../../src/manifest/near-word.js'
import { type ManifestDocument, parseManifest } from '../../../src/manifest/read.js'
import { normaliseReference, parseReference, spellings } from '../../../src/manifest/reference.js'
import { mergeImages, resolveManifest } from '../../../src/manifest/resolve.js'
import { splitWords } from '../../../src/manifest/split-words.js'
import { bytesOf, EVIL_WORDS, evilTexts, evilValues, mutated } from '../../fixtures/hostile-text.js'
import {
  COMMENTED_MANIFESTS,
  JSON_MANIFESTS,
  MANIFEST_WORDS,
  YAML_MANIFESTS
} from './manifest-samples.js'
import { must, type Target, target } from './target.js'

const ROOT = '/srv/project'

const isBelow = (path: string) => path === ROOT || path.startsWith(`${ROOT}/`)

/** An image that a manifest may ask for: what it names is the project's, and its call is its own. */
function refuseBadImage(image: Image): void {
  must(isBelow(image.file), `the file ${image.file} is outside`)
  must(isBelow(image.workingDirectory), `the folder ${image.workingDirectory} is outside`)
  for (const tag of image.tags) must(typeof parseReference(tag) !== 'string', `the tag ${tag}`)
  const { tool, args } = builderCommand(image, { builderArguments: [], squash: false })
  const isDocker = image.builder === 'dockerfile'
  must(tool === (isDocker ? 'docker' : 'packer'), `the tool ${tool}`)
  const pairs = image.buildArguments.length
  const own = isDocker ? 4 + 2 * image.tags.length + 2 * pairs : 2 + 2 * pairs
  must(args.length === own + image.extraArguments.length, 'an argument became several')
  const rest = args.slice(1 + image.extraArguments.length)
  for (const [at, word] of rest.entries()) {
    if (at % 2 === 0 && at < rest.length - 1) {
      must(['--build-arg', '-var', '-f', '-t'].includes(word), `${word} stands for an option`)
    } else must(!word.startsWith('-'), `${word} could be taken for an option`)
  }
}

async function resolved(document: ManifestDocument): Promise<readonly Image[]> {
  const { images } = await resolveManifest(document, {
    root: ROOT,
    env: { HOME: '/root', EVIL: '--privileged' },
    exists: path => {
      must(isBelow(path), `it looked at ${path}`)
      return path.length % 2 === 0
    },
    mayRead: isBelow
  })
  return images
}

async function holdManifest(bytes: Uint8Array, path: string): Promise<void> {
  const images = await resolved(await parseManifest(bytes, path))
  for (const image of images.slice(0, 50)) refuseBadImage(image)
}

async function holdPlaces(text: string, path: string, way: readonly (string | number)[]) {
  const { positionOf } = await parseManifest(Buffer.from(text), path)
  const lines = text.split(/\r\n|\r|\n/)
  for (const on of ['key', 'value'] as const) {
    const { line, column } = positionOf(way, on)
    must(line >= 1 && line <= lines.length && column >= 1, `the place ${line}:${column}`)
  }
}

const steps = fc.array(
  fc.oneof(fc.constantFrom<string | number>('images', 0, 1, 'tag', 'matrix'), evilTexts),
  {
    maxLength: 6
  }
)

const json = mutated(JSON_MANIFESTS, MANIFEST_WORDS)
const commented = mutated(COMMENTED_MANIFESTS, MANIFEST_WORDS)
const yaml = mutated(YAML_MANIFESTS, MANIFEST_WORDS)

const texts = fc.oneof(
  evilTexts,
  fc.constantFrom(
    'acme/app:1',
    'a',
    '{version}',
    '{x}',
    '{tag}',
    '{env[EVIL]}',
    '{name}-{0}',
    'Dockerfile'
  ),
  fc
    .tuple(fc.constantFrom('{x}', '{version}', '--a=', 'a/b:'), evilTexts)
    .map(both => both.join(''))
)
const lists = fc.array(texts, { maxLength: 4 })
const maps = (values: fc.Arbitrary<unknown>) =>
  fc
    .array(fc.tuple(fc.oneof(fc.constantFrom('A', 'x', 'tag'), evilTexts), values), {
      maxLength: 4
    })
    .map(
      pairs =>
        JSON.parse(
          `{${pairs.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)}}`
        ) as unknown
    )

const rarely = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: evilValues })

/** Images with every field, right as to its kind and evil in itself. */
const images = fc.record(
  {
    builder_type: rarely(fc.constantFrom('packer', 'dockerfile', 'docker')),
    tag: rarely(texts),
    dockerfile: rarely(texts),
    file: rarely(texts),
    name: rarely(texts),
    version: rarely(texts),
    working_dir: rarely(fc.oneof(fc.constantFrom('.', '..', '../..', '/', 'x/../..'), texts)),
    extra_args: rarely(fc.oneof(texts, lists)),
    build_args: rarely(maps(texts)),
    tags: rarely(lists),
    depends_on: rarely(lists),
    inputs: rarely(lists),
    test: rarely(fc.oneof(texts, lists)),
    matrix: rarely(maps(fc.array(texts, { maxLength: 3 }))),
    x: rarely(texts)
  },
  { requiredKeys: [] }
)

/** An image of each builder, by the texts of its fields that a schedule goes by. */
const chosen = fc.array(
  fc.record({ tag: evilTexts, needs: fc.array(fc.nat(5), { maxLength: 3 }) }),
  { minLength: 1, maxLength: 6 }
)

const imageOf = (tag: string, at: number): Image => ({
  ...({} as Image),
  id: `dockerfile__${tag}`,
  name: tag,
  version: tag,
  builder: at % 2 ? 'packer' : 'dockerfile',
  file: resolve(ROOT, tag),
  fileAsWritten: tag,
  workingDirectory: ROOT,
  tags: [tag],
  manifest: 'docker/IMAGES.json',
  position: { line: 1, column: 1 }
})

export const MANIFEST_TARGETS: readonly Target[] = [
  target('a manifest in JSON', bytesOf(json), bytes => holdManifest(bytes, 'docker/IMAGES.json')),
  target('a manifest with comments', bytesOf(commented), bytes =>
    holdManifest(bytes, 'docker/x.json')
  ),
  target('a manifest in YAML', bytesOf(yaml), bytes => holdManifest(bytes, 'docker/IMAGES.yaml')),
  target('the fields of images', fc.array(images, { maxLength: 3 }), entries =>
    holdManifest(Buffer.from(JSON.stringify({ images: entries })), 'docker/IMAGES.json')
  ),
  target('any value in place of a manifest', evilValues, value =>
    holdManifest(Buffer.from(JSON.stringify({ images: [value] }) ?? ''), 'docker/IMAGES.json')
  ),
  target('places in JSON', fc.tuple(fc.oneof(json, commented), steps), ([text, way]) =>
    holdPlaces(text, 'a.json', way)
  ),
  target('places in YAML', fc.tuple(yaml, steps), ([text, way]) => holdPlaces(text, 'a.yml', way)),
  target(
    'placeholders',
    mutated(
      ['{name}-{version}', '{{{x}}}', '{env[A]}{img_parts[tag]}'],
      ['{', '}', '[', ']', '!', ':']
    ),
    text => {
      placeholderNames(text)
      const known = new Map([['name', '{version}']])
      fillIn(
        text,
        ({ name, key }) => known.get(name) ?? key,
        () => {}
      )
      try {
        parseTemplate(text)
      } catch (error) {
        must((error as Error).message.includes('expected'), String(error))
      }
    }
  ),
  target(
    'references',
    mutated(
      ['a', 'docker.io/library/debian:12', `[::1]:5000/a/b@sha256:${'a'.repeat(64)}`],
      [':', '/', '@', '.', '-', '_', 'a', 'sha256:']
    ),
    text => {
      const reference = parseReference(text)
      const normal = normaliseReference(text)
      must(typeof reference !== 'string' || normal === text, 'what is no reference was changed')
      must(typeof reference === 'string' || !text.startsWith('-'), 'it may be an option')
      for (const each of spellings(text))
        must(normaliseReference(each) === normal, `the spelling ${each}`)
    }
  ),
  target(
    'words of arguments',
    mutated(['--a b "c d" \'e\' f\\ g', 'a \\\n b'], ['"', "'", '\\', ' ', '\n', '$']),
    text => {
      const words = splitWords(text)
      if (typeof words !== 'string') must(words.join('').length <= text.length, 'words grew')
    }
  ),
  target(
    'arguments of builders',
    fc.array(
      fc.oneof(
        evilTexts,
        fc.constantFrom(
          '--build-arg',
          '-f',
          '-var',
          '--secret',
          'id=a,src=b',
          '-only=a',
          '--output=type=local,dest=x'
        )
      ),
      { maxLength: 12 }
    ),
    words => {
      readDockerArguments(words)
      readPackerArguments(words)
    }
  ),
  target(
    'the choice of images',
    fc.tuple(
      chosen,
      fc.array(fc.oneof(evilTexts, fc.constantFrom('*', '?', '*a*a*a*b')), { maxLength: 4 })
    ),
    ([list, words]) => {
      const all = list.map(({ tag }, at) => imageOf(tag, at))
      const needs = list.map(each => each.needs.filter(need => need < list.length))
      const wordOf = ownWords(all)
      for (const { id } of all) wordOf(id)
      for (const word of words) imageWords(all).find(word)
      nearWord(words[0] ?? '', EVIL_WORDS)
      mergeImages([all])
      selectImages(all, needs, { images: words.filter(word => word.includes('*')), skipImages: [] })
    }
  ),
  target(
    'the order of images',
    fc.array(fc.record({ needs: fc.array(fc.nat(30), { maxLength: 4 }) }), { maxLength: 30 }),
    list => {
      const all = list.map((_, at) => imageOf(`a:${at}`, at))
      buildGraph(
        all,
        list.map(({ needs }) => ({
          afterAllBefore: needs.length > 3,
          needs: needs.filter(need => need < list.length)
        }))
      )
    }
  )
]
