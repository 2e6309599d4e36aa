import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builderCommand } from '../../src/builders/arguments.js'
import { planJson } from '../../src/chain/plan.js'
import { ChainError, formatError, formatProblem } from '../../src/errors.js'
import { parseManifest } from '../../src/manifest/read.js'
import { mergeImages, resolveManifest } from '../../src/manifest/resolve.js'
import { shellLine } from '../../src/run/command-line.js'
import { aPlannedImage } from '../fixtures/image.js'
import {
  type Block,
  marked,
  readDocuments,
  readMarkdown,
  rowsOf,
  unquoted
} from '../fixtures/markdown.js'

const PLAIN = { builderArguments: [], squash: false }

const readme = readMarkdown('README.md')
const manifestPage = readMarkdown('docs/manifest.md')
const blocks = readDocuments().flatMap(each => each.blocks)
const withWord = (word: string) => blocks.filter(({ words }) => words.includes(word))
const following = (block: Block) =>
  blocks[blocks.findIndex(({ place }) => place === block.place) + 1] as Block

/** Reads a block as the manifest of a project that has none of its files. */
async function resolveBlock({ language, text }: Pick<Block, 'language' | 'text'>, root: string) {
  const path = `docker/IMAGES.${language === 'yaml' ? 'yaml' : 'json'}`
  const parsed = await parseManifest(Buffer.from(text), path)
  const context = { root, env: { HOME: '/home/me' }, exists: () => false }
  const { images, warnings } = await resolveManifest(parsed, context)
  return { images: mergeImages([images]).images, warnings }
}

const callsOf = async (block: Block) =>
  (await resolveBlock(block, '/my-project')).images.map(image =>
    shellLine(builderCommand(image, PLAIN))
  )

describe('the manifest at', () => {
  const manifests = withWord('manifest')
  const isPlain = ({ words }: Block) => !words.includes('refused') && !words.includes('warned')

  test.each(manifests.filter(isPlain).map(block => [block.place, block] as const))(
    '%s is accepted without a warning',
    async (_, block) => {
      const { images, warnings } = await resolveBlock(block, '/my-project')
      expect(images.length).toBeGreaterThan(0)
      expect(warnings).toEqual([])
    }
  )

  test.each(withWord('calls').map(block => [block.place, block] as const))(
    '%s asks for the calls below it',
    async (_, block) => {
      const manifest = blocks[blocks.indexOf(block) - 1] as Block
      expect(await callsOf(manifest)).toEqual(block.text.trim().split('\n'))
    }
  )

  test.each(withWord('refused').map(block => [block.place, block] as const))(
    '%s is refused with the errors below it',
    async (_, block) => {
      const error = await resolveBlock(block, '/my-project').catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(ChainError)
      expect(`${formatError(error)}\n`).toBe(following(block).text)
    }
  )

  test.each(withWord('warned').map(block => [block.place, block] as const))(
    '%s gets the warnings below it',
    async (_, block) => {
      const { warnings } = await resolveBlock(block, '/my-project')
      const lines = warnings.map(({ message, file = '', position }) =>
        formatProblem({ place: { file, position }, message })
      )
      expect(`${lines.join('\n')}\n`).toBe(following(block).text)
    }
  )

  test('docs/manifest.md gives one of each kind', () => {
    const words = manifestPage.blocks.flatMap(block => block.words)
    expect(words).toEqual(expect.arrayContaining(['manifest', 'refused', 'warned', 'calls']))
  })
})

test.each(rowsOf(marked(manifestPage, 'derivations')).map(row => row.map(unquoted)))(
  'docs/manifest.md tells what becomes of %s',
  async (entry = '', ...told) => {
    const text = `{"images": [${entry}]}`
    const { images } = await resolveBlock({ language: 'json', text }, '/setups.shop')
    const found = images.map(({ name, version, builder, fileAsWritten, tags }) => [
      name,
      version,
      builder === 'packer' ? `packer/${fileAsWritten}` : fileAsWritten,
      tags[0] ?? "the template's"
    ])
    expect(found).toEqual([told])
  }
)

describe('the chain of the README', () => {
  const fileOf = ({ words }: Block) => words.find(word => word.startsWith('file='))?.slice(5)
  const files = new Map(readme.blocks.map(block => [fileOf(block), block]))
  const manifest = files.get('docker/IMAGES.json') as Block

  test('has the files that its manifest asks for, and that its template names', async () => {
    const { images } = await resolveBlock(manifest, '/my-project')
    const asked = images.map(({ file }) => relative('/my-project', file))
    const template = JSON.parse(files.get('docker/packer/tools-1.0.json')?.text ?? '{}')
    const scripts = template.provisioners.map(({ script }: { script: string }) => script)
    for (const path of [...asked, ...scripts]) expect([...files.keys()]).toContain(path)
  })

  test('stands on itself, each image on the one before', async () => {
    const { images } = await resolveBlock(manifest, '/my-project')
    const [base = '', tools = ''] = images.map(({ tags }) => tags[0])
    expect(files.get('docker/packer/tools-1.0.json')?.text).toContain(`"image": "${base}"`)
    expect(files.get('app/Dockerfile')?.text).toContain(`FROM ${tools}\n`)
  })

  test('is planned with the calls that the README shows', async () => {
    const shown = readme.blocks.find(({ words }) => words.includes('plan'))?.text ?? ''
    const calls = shown.split('\n').filter(line => /^ +(docker|packer) /.test(line))
    expect(calls.map(line => line.trim())).toEqual(await callsOf(manifest))
  })
})

test('the JSON of a plan is what docs/command-line.md shows', async () => {
  const block = withWord('planned')[0] as Block
  const shown = JSON.parse(following(block).text)
  const { images } = await resolveBlock(block, '/my-project')
  const planned = images.map((image, index) => {
    const { dependsOn, stage, action, reason, fingerprint } = shown.images[index]
    const command = builderCommand(image, PLAIN)
    return aPlannedImage({ image, dependsOn, stage, action, reason, fingerprint, command })
  })
  const plan = { manifests: ['docker/IMAGES.json'], images: planned, warnings: [] }
  expect(JSON.parse(JSON.stringify(planJson(plan)))).toEqual(shown)
})
