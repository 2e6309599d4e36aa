import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ChainError } from '../../src/errors.js'
import { parseManifest } from '../../src/manifest/read.js'
import { resolveManifest } from '../../src/manifest/resolve.js'
import { splitWords } from '../../src/manifest/split-words.js'

interface Case {
  readonly path: string
  readonly project: string
  readonly manifest: string
  readonly error?: string
  readonly images?: readonly CaseImage[]
}

interface CaseImage {
  readonly name: string
  readonly version: string
  readonly builder: string
  readonly file: string
  readonly tag: string | null
  readonly working_dir: string
  readonly extra_args: string
}

const FOLDER = join(import.meta.dirname, '../../../shared/conformance/manifests')
const isThere = existsSync(FOLDER)
const names = isThere ? readdirSync(FOLDER).filter(name => name.endsWith('.json')) : ['every case']

async function resolveCase({ path, project, manifest }: Case) {
  const root = `/checkout/${project}`
  const document = await parseManifest(Buffer.from(manifest), path)
  return { root, ...(await resolveManifest(document, { root, env: {}, exists: () => false })) }
}

async function expectErrorAtLine(data: Case): Promise<void> {
  const line = Number(/line (\d+)/.exec(data.error ?? '')?.[1])
  const error = await resolveCase(data).catch((thrown: unknown) => thrown)
  if (!(error instanceof ChainError)) throw error
  expect(error.problems[0]?.place).toMatchObject({ file: data.path, position: { line } })
}

describe.skipIf(!isThere)('a manifest that a real user wrote', () => {
  test.each(names)('%s is read as the earlier tool read it', async name => {
    const data: Case = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))
    if (data.error) return expectErrorAtLine(data)
    const { images, root } = await resolveCase(data)
    const below = (path: string) => path.replace('{root}', root)
    const found = images.map(image => ({
      name: image.name,
      version: image.version,
      builder: image.builder,
      file: image.file,
      // The earlier tool gave a Packer image no tag; NAME:VERSION is one here.
      tag: image.tagSource === 'written' ? image.tags[0] : null,
      working_dir: image.workingDirectory,
      extra_args: image.extraArguments
    }))
    const expected = (data.images ?? []).map(image => ({
      ...image,
      file: below(image.file),
      working_dir: below(image.working_dir),
      extra_args: splitWords(below(image.extra_args))
    }))
    expect(found).toEqual(expected)
  })
})
