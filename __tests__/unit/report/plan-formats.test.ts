import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { PlannedImage } from '../../../src/chain/plan.js'
import { legOutputs } from '../../../src/report/leg-outputs.js'
import { type ExportFormat, exportPlan } from '../../../src/report/plan-formats.js'
import { anImage, aPlannedImage } from '../../fixtures/image.js'

const image = (name: string, planned: Partial<PlannedImage> = {}, ...more: string[]) =>
  aPlannedImage({ image: anImage({ tags: [`acme/${name}:1`, ...more] }), ...planned })

const on = (...names: string[]) => ({ dependsOn: names.map(name => `dockerfile__acme/${name}:1`) })

const planOf = (...images: PlannedImage[]) => ({ manifests: [], images, warnings: [] })
const wordOf = (id: string) => id
const exported = async (plan: ReturnType<typeof planOf>, format: ExportFormat, options = ['']) =>
  exportPlan(plan, format, { wordOf, options: options.filter(Boolean) })
const textOf = async (...args: Parameters<typeof exported>) => (await exported(...args)).text

const chain = planOf(
  image('base', {}, 'acme/base:latest'),
  image('other'),
  image('app', on('base'))
)

describe('the outputs for a matrix', () => {
  it('are the legs of chains and of stages', () => {
    const { outputs } = legOutputs(chain, wordOf)
    expect(JSON.parse(outputs.matrix ?? '')).toEqual({
      include: [
        {
          name: 'acme/base:1 and 1 more',
          images: 'dockerfile__acme/base:1,dockerfile__acme/app:1'
        },
        { name: 'acme/other:1', images: 'dockerfile__acme/other:1' }
      ]
    })
    expect(JSON.parse(outputs.stages ?? '')).toEqual([
      {
        include: [
          { name: 'acme/base:1', images: 'dockerfile__acme/base:1' },
          { name: 'acme/other:1', images: 'dockerfile__acme/other:1' }
        ]
      },
      { include: [{ name: 'acme/app:1', images: 'dockerfile__acme/app:1' }] }
    ])
    expect(outputs).toMatchObject({ 'has-work': 'true', 'stage-count': '2' })
  })

  it('say so where there is no work', () => {
    expect(legOutputs(planOf(image('base', { action: 'reuse' })), wordOf)).toEqual({
      outputs: {
        matrix: '{"include":[]}',
        'has-work': 'false',
        stages: '[]',
        'stage-count': '0'
      },
      warnings: []
    })
  })

  it('warn of more legs than GitHub takes', () => {
    const many = (count: number) =>
      legOutputs(planOf(...[...Array(count).keys()].map(at => image(`image${at}`))), wordOf)
    expect(many(256).warnings).toEqual([])
    expect(many(257).warnings[0]?.message).toContain('257 legs')
  })
})

describe('plan --format matrix and stages', () => {
  it('print what the outputs hold', async () => {
    const { outputs } = legOutputs(chain, wordOf)
    expect(await textOf(chain, 'matrix')).toBe(`${outputs.matrix}\n`)
    expect(await textOf(chain, 'stages')).toBe(`${outputs.stages}\n`)
  })
})

describe('plan --format mermaid', () => {
  it('has a node for each image and an arrow from each base', async () => {
    expect(await textOf(chain, 'mermaid')).toBe(`flowchart TD
  image0["acme/base:1"]:::build
  image1["acme/other:1"]:::build
  image2["acme/app:1"]:::build
  image0 --> image2
  classDef build stroke-width:3px
  classDef reuse stroke-dasharray:4
`)
  })

  it('lets no name speak Mermaid', async () => {
    const file = '"];x --> y;%%{init}%%<b>.json'
    const odd = anImage({ builder: 'packer', tags: [], id: `packer__${file}` })
    const [, line] = (await textOf(planOf(aPlannedImage({ image: odd })), 'mermaid')).split('\n')
    expect(line).toMatch(/^ {2}image0\["packer__(?:#\d+;|[\w ./-])*"\]:::build$/)
  })

  it('has a dotted arrow from what an image waits for without standing on it', async () => {
    const plan = planOf(image('a'), image('b'), image('c', { afterAllBefore: true }), image('d'))
    const text = await textOf(plan, 'mermaid')
    expect(text.match(/^.*-\.->.*$/gm)).toEqual(['  image0 -.-> image2', '  image1 -.-> image2'])
  })
})

interface Pipeline {
  readonly stages: readonly string[]
  readonly [job: string]: unknown
}

interface Job {
  readonly stage: string
  readonly needs?: readonly string[]
  readonly script: readonly string[]
}

const pipelineOf = async (...args: [ReturnType<typeof planOf>, string[]?]) =>
  load(await textOf(args[0], 'gitlab', args[1])) as Pipeline

describe('plan --format gitlab', () => {
  it('has a job for each leg, which needs the jobs of its bases', async () => {
    const pipeline = await pipelineOf(chain)
    expect(pipeline.stages).toEqual(['stage 0', 'stage 1'])
    expect(pipeline['build acme/app:1']).toEqual({
      extends: '.build-chain',
      stage: 'stage 1',
      needs: ['build acme/base:1'],
      script: [
        '$BUILD_CHAIN build --images dockerfile__acme/app:1 --reuse registry --reuse-registry "$CI_REGISTRY_IMAGE/chain-cache"'
      ]
    })
    expect(pipeline['build acme/base:1']).toMatchObject({ stage: 'stage 0', needs: [] })
  })

  it('hands the options of the plan on, quoted for a shell', async () => {
    const options = ['--skip-images', "it's", '--reuse', 'registry', '--reuse-registry', 'r/c']
    const pipeline = await pipelineOf(chain, options)
    expect((pipeline['build acme/other:1'] as Job).script).toEqual([
      "$BUILD_CHAIN build --images dockerfile__acme/other:1 --skip-images 'it'\\''s' --reuse registry --reuse-registry r/c"
    ])
  })

  it('leaves more needs than GitLab takes to the stages', async () => {
    const bases = [...Array(51).keys()].map(at => image(`base${at}`))
    const names = bases.map((_, at) => `base${at}`)
    const plan = planOf(...bases, image('some', on(...names.slice(1))), image('all', on(...names)))
    const pipeline = await pipelineOf(plan)
    expect((pipeline['build acme/some:1'] as Job).needs).toHaveLength(50)
    expect(pipeline['build acme/all:1']).not.toHaveProperty('needs')
    expect(pipeline['build acme/all:1']).toMatchObject({ stage: 'stage 1' })
  })

  it('has a job where nothing is to be built, since a pipeline without one fails', async () => {
    const pipeline = await pipelineOf(planOf(image('base', { action: 'reuse' })))
    expect(pipeline['nothing to build']).toMatchObject({ stage: 'stage 0' })
    expect(pipeline.stages).toEqual(['stage 0'])
  })

  it('names no job in more than 255 characters', async () => {
    const long = (end: string) => `${'a/'.repeat(125)}${end}`
    const pipeline = await pipelineOf(planOf(image(long('x')), image(long('y'))))
    const names = Object.keys(pipeline).filter(name => name.startsWith('build '))
    expect(names).toHaveLength(2)
    for (const name of names) expect(name.length).toBeLessThanOrEqual(255)
  })
})

describe('plan --format bake', () => {
  it('has a target for each image, its bases as contexts by the shortest way to write each tag', async () => {
    const file = JSON.parse(await textOf(chain, 'bake'))
    expect(file.group.default.targets).toEqual(['base-1', 'other-1', 'app-1'])
    expect(file.target['app-1']).toMatchObject({
      tags: ['acme/app:1'],
      contexts: { 'acme/base:1': 'target:base-1', 'acme/base': 'target:base-1' }
    })
    expect(file.target['base-1']).not.toHaveProperty('contexts')
    expect(file).not.toHaveProperty('variable')
  })

  it('gives two images of one name and version two targets', async () => {
    const twin = anImage({ tags: ['other/base:1'] })
    const plan = planOf(image('base'), aPlannedImage({ image: twin }))
    expect(Object.keys(JSON.parse(await textOf(plan, 'bake')).target)).toEqual([
      'base-1',
      'base-1-2'
    ])
  })

  it('leaves Packer images out, and says whom that concerns', async () => {
    const tools = anImage({ builder: 'packer', tags: ['acme/tools:1'] })
    const app = image('app', { dependsOn: [tools.id] })
    const { text, warnings } = await exported(planOf(aPlannedImage({ image: tools }), app), 'bake')
    const { target } = JSON.parse(text)
    expect(Object.keys(target)).toEqual(['app-1'])
    expect(target['app-1']).not.toHaveProperty('contexts')
    expect(warnings.map(({ message }) => message)).toEqual([
      'packer__tools-1.json is built by Packer, which bake cannot do, and is left out: what stands on it takes acme/tools:1 from its registry'
    ])
  })
})
