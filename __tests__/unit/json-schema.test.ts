import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../src/manifest/read.js'
import { ROOT, readDocuments } from '../fixtures/markdown.js'

const FOLDER = join(ROOT, '../shared/conformance/manifests')
const isThere = existsSync(FOLDER)
const names = isThere ? readdirSync(FOLDER) : ['every case']

interface Case {
  readonly path: string
  readonly manifest: string
  readonly error?: string
}

const schema: object = JSON.parse(readFileSync(join(ROOT, 'images.schema.json'), 'utf8'))
const validate: ValidateFunction = new Ajv2020({ strict: true, allErrors: true }).compile(schema)

/** What a validator says of a manifest; comments, trailing commas and YAML are the reader's matter. */
async function problemsOf(text: string, path = 'docker/IMAGES.json') {
  const { value } = await parseManifest(Buffer.from(text), path)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

describe.skipIf(!isThere)('the JSON Schema and a manifest that a real user wrote', () => {
  test.each(names)('%s: it is valid where the earlier tool took it', async name => {
    const given: Case = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
    if (given.error) {
      await expect(parseManifest(Buffer.from(given.manifest), given.path)).rejects.toThrow()
      return
    }
    expect(await problemsOf(given.manifest, given.path)).toEqual([])
  })
})

describe('the JSON Schema', () => {
  const blocks = readDocuments().flatMap(({ blocks: all }) => all)
  const manifests = blocks.filter(
    ({ words }) => words.includes('manifest') && !words.includes('refused')
  )

  test.each(manifests.map(block => [block.place, block] as const))(
    'takes the manifest of the documents at %s',
    async (_, { text, language }) => {
      const path = language === 'yaml' ? 'docker/IMAGES.yaml' : 'docker/IMAGES.json'
      expect(await problemsOf(text, path)).toEqual([])
    }
  )

  test('may be named by a manifest, which may have comments and keys of its own', async () => {
    const text = `{
      "$schema": "https://raw.githubusercontent.com/corpusops/build-chain/v1/images.schema.json",
      "x-owner": ["me"], // a comment
      "images": [{ "tag": "a/b:1", "dockerfile": "x", "_note": 1, "own": "used by a placeholder" },]
    }`
    expect(await problemsOf(text)).toEqual([])
  })

  test.each([
    ['{}', " must have required property 'images'"],
    ['{"images": {}}', '/images must be array'],
    ['{"images": [], "image": 1}', ' must NOT have additional properties'],
    ['{"images": [{"version": 1.10}]}', '/images/0/version must be string'],
    ['{"images": [{"push": "no"}]}', '/images/0/push must be boolean'],
    [
      '{"images": [{"builder_type": "pakcer"}]}',
      '/images/0/builder_type must be equal to one of the allowed values'
    ],
    ['{"images": [{"retries": -1}]}', '/images/0/retries must be >= 0'],
    ['{"images": [{"matrix": {"v": []}}]}', '/images/0/matrix/v must NOT have fewer than 1 items'],
    ['{"images": [{"vresion": ["1"]}]}', '/images/0/vresion must be string']
  ])('refuses %s', async (text, problem) => {
    expect(await problemsOf(text)).toContain(problem)
  })

  test('is in the package', () => {
    const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      files: string[]
    }
    expect(files).toContain('images.schema.json')
  })
})
