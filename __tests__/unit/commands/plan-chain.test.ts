import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { openTrees } from '../../../src/adapters/trees.js'
import type { FileRow } from '../../../src/chain/fingerprint.js'
import type { ImageRecord } from '../../../src/chain/record.js'
import { keepRecord } from '../../../src/commands/keep-record.js'
import { loadImages } from '../../../src/commands/load-images.js'
import { type PlanRequest, planChain } from '../../../src/commands/plan-chain.js'
import { ChainError } from '../../../src/errors.js'
import { engineImage, MemoryEngine } from '../../fixtures/fake-ports.js'
import { aResult } from '../../fixtures/image.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const NOW = 1_800_000_000

const dockerImage = (name: string, more: object = {}) => ({
  tag: `acme/${name}:1`,
  dockerfile: `Dockerfile.${name}`,
  ...more
})

/** A project on the disk, a daemon, and what is remembered of earlier builds. */
class Project {
  readonly root = temporaryFolder()
  readonly engine: MemoryEngine
  readonly #records = new Map<string, ImageRecord>()
  readonly #files = new Map<string, readonly FileRow[]>()

  constructor(images: readonly object[], contents: Readonly<Record<string, string>> = {}) {
    this.write('docker/IMAGES.json', JSON.stringify({ images }))
    for (const [path, text] of Object.entries(contents)) this.write(path, text)
    this.engine = new MemoryEngine()
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true })
    writeFileSync(join(this.root, path), text)
  }

  async planned(request: Partial<PlanRequest> = {}) {
    const found = { imagesFiles: undefined, dockerFolder: undefined }
    const loaded = await loadImages({ root: this.root, env: {}, ...found }, files)
    return planChain(
      loaded,
      {
        images: [],
        skipImages: [],
        builderArguments: [],
        squash: false,
        env: {},
        platform: 'linux/amd64',
        reuse: true,
        maxAge: undefined,
        now: NOW,
        ...request
      },
      {
        files,
        trees: openTrees(exec, undefined),
        engine: this.engine,
        memory: {
          records: () => this.#records,
          files: digest => this.#files.get(digest)
        }
      }
    )
  }

  async plan(request: Partial<PlanRequest> = {}) {
    return (await this.planned(request)).plan
  }

  /** Builds all that a plan says on the daemon in memory; gives why an image was not recorded. */
  async build(): Promise<(string | undefined)[]> {
    const { plan, lookAgain, testIdentity } = await this.planned()
    const refusals: (string | undefined)[] = []
    for (const planned of plan.images) {
      const id = `sha256:${planned.image.name}-${Math.random()}`
      this.engine.add(engineImage(id, ...planned.image.tags))
      const result = aResult({ image: planned.image, imageId: id, seconds: 4 })
      const refusal = await keepRecord(planned, result, {
        engine: this.engine,
        keeper: {
          keep: (record, files) => {
            this.#records.set(record.image, record)
            this.#files.set(record.parts.files ?? '', files?.rows() ?? [])
          }
        },
        lookAgain,
        testIdentity,
        imageIdOf: parent => this.#records.get(parent)?.imageId,
        now: () => NOW
      })
      refusals.push(refusal?.why)
    }
    return refusals
  }
}

const decisions = async (project: Project, request: Partial<PlanRequest> = {}) =>
  (await project.plan(request)).images.map(({ image, action, reason }) => [
    image.name,
    action,
    reason
  ])

/** A base, and an app on it that takes in a file. */
function chain(): Project {
  return new Project([dockerImage('base'), dockerImage('app')], {
    'Dockerfile.base': 'FROM scratch\nLABEL a=1\n',
    'Dockerfile.app': 'FROM acme/base:1\nCOPY app.txt /\n',
    'app.txt': 'one\n'
  })
}

describe('the order of a plan', () => {
  it('has each image after what its Dockerfile stands on, whatever the manifest says', async () => {
    const project = new Project([dockerImage('app'), dockerImage('base'), dockerImage('other')], {
      'Dockerfile.base': 'FROM scratch\n',
      'Dockerfile.app': 'FROM acme/base:1\n',
      'Dockerfile.other': 'FROM scratch\n'
    })
    const { images, warnings } = await project.plan()
    expect(images.map(({ image, dependsOn, stage }) => [image.name, dependsOn, stage])).toEqual([
      ['base', [], 0],
      ['app', ['dockerfile__acme/base:1'], 1],
      ['other', [], 0]
    ])
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringContaining('dockerfile__acme/base:1 is built first')
    ])
  })

  it('has an image with a Packer template after the base that the template names', async () => {
    const template = JSON.stringify({
      builders: [{ type: 'docker', image: 'acme/base:1', commit: true }]
    })
    const project = new Project([{ file: 'tool.json', tag: 'acme/tool:1' }, dockerImage('base')], {
      'docker/packer/tool.json': template,
      'Dockerfile.base': 'FROM scratch\n'
    })
    const { images } = await project.plan()
    expect(images.map(({ image }) => image.name)).toEqual(['base', 'tool'])
  })

  it('has an image whose file is missing after all before it in its manifest', async () => {
    const project = new Project([dockerImage('a'), dockerImage('gone'), dockerImage('b')], {
      'Dockerfile.a': 'FROM scratch\n',
      'Dockerfile.b': 'FROM scratch\n'
    })
    const { images } = await project.plan()
    expect(images.map(({ image, stage }) => [image.name, stage])).toEqual([
      ['a', 0],
      ['gone', 1],
      ['b', 0]
    ])
    expect(images[1]).toMatchObject({ afterAllBefore: true, fileMissing: true })
  })

  it('does not exist for images that stand on each other', async () => {
    const project = new Project([dockerImage('a'), dockerImage('b')], {
      'Dockerfile.a': 'FROM acme/b:1\n',
      'Dockerfile.b': 'FROM acme/a:1\n'
    })
    const error: unknown = await project.plan().catch(thrown => thrown)
    expect((error as ChainError).code).toBe('CHAIN_CYCLE')
    expect((error as ChainError).message).toContain(
      'dockerfile__acme/a:1 → dockerfile__acme/b:1 → dockerfile__acme/a:1'
    )
  })
})

describe('the images of a plan', () => {
  it('are those that are chosen, with the bases of the chain that they need', async () => {
    const project = chain()
    project.write('Dockerfile.other', 'FROM scratch\n')
    const { images } = await project.plan({ images: ['app'] })
    expect(images.map(({ image }) => image.name)).toEqual(['base', 'app'])
  })

  it('are not those that are skipped, which are told as bases that are left', async () => {
    const { plan, basesOf } = await chain().planned({ skipImages: ['base'] })
    expect(plan.images.map(({ image, dependsOn }) => [image.name, dependsOn])).toEqual([
      ['app', ['dockerfile__acme/base:1']]
    ])
    expect(basesOf('dockerfile__acme/app:1')).toEqual(['docker.io/acme/base:1'])
  })

  it('have the call that their manifest asks for', async () => {
    const project = new Project(
      [dockerImage('a', { extra_args: '--pull', build_args: { A: 'b c' } })],
      {
        'Dockerfile.a': 'FROM scratch\n'
      }
    )
    const { images } = await project.plan({ builderArguments: ['--no-cache'], squash: true })
    expect(images[0]?.command).toEqual({
      tool: 'docker',
      args: [
        ...['build', '--no-cache', '--squash', '--pull', '--build-arg', 'A=b c'],
        ...['-f', join(project.root, 'Dockerfile.a'), '-t', 'acme/a:1', project.root]
      ],
      cwd: project.root
    })
  })

  it('have the tags of their template where the manifest has only a name and a version', async () => {
    const template = JSON.stringify({
      builders: [{ type: 'docker', image: 'debian:12', commit: true }],
      'post-processors': [{ type: 'docker-tag', repository: 'acme/tool', tag: '9' }]
    })
    const project = new Project([{ name: 'tool', version: '1.0' }], {
      'docker/packer/tool-1.0.json': template
    })
    expect((await project.plan()).images[0]?.image.tags).toEqual(['acme/tool:9'])
  })
})

describe('a plan where nothing can be reused', () => {
  it('builds all, and says that no daemon answers', async () => {
    const project = chain()
    const fail = () =>
      Promise.reject(
        new ChainError('ENGINE_UNAVAILABLE', 'it does not answer', { hint: 'Start it.' })
      )
    Object.assign(project.engine, { ping: fail, images: fail, inspect: fail })
    const rows = await decisions(project)
    expect(rows.map(([, action]) => action)).toEqual(['build', 'build'])
    for (const [, , reason] of rows) expect(reason).toContain('no Docker daemon answers')
  })

  it('builds all, and says that it was never built', async () => {
    const [base] = await decisions(chain())
    expect(base).toEqual(['base', 'build', 'not built before'])
  })

  it('says which file is missing', async () => {
    const project = new Project([dockerImage('gone')])
    expect(await decisions(project)).toEqual([['gone', 'build', 'Dockerfile.gone missing']])
  })

  it('says that reuse is off', async () => {
    const project = chain()
    await project.build()
    const rows = await decisions(project, { reuse: false })
    expect(rows.map(([, action, reason]) => [action, reason])).toEqual([
      ['build', 'reuse is off'],
      ['build', 'reuse is off']
    ])
  })
})

describe('a plan after a build', () => {
  it('reuses what has not changed, and remembers how long it took', async () => {
    const project = chain()
    expect(await project.build()).toEqual([undefined, undefined])
    const { images } = await project.plan()
    expect(images).toMatchObject([
      { action: 'reuse', reason: 'unchanged', expectedSeconds: 4, reusedBytes: 42 },
      { action: 'reuse', reason: 'unchanged', expectedSeconds: 4, reusedBytes: 42 }
    ])
    expect(images[0]?.imageId).toMatch(/^sha256:base-/)
  })

  it('builds an image whose file changed, and names the file', async () => {
    const project = chain()
    await project.build()
    project.write('app.txt', 'two\n')
    expect(await decisions(project)).toEqual([
      ['base', 'reuse', 'unchanged'],
      ['app', 'build', 'app.txt changed']
    ])
  })

  it('builds an image whose Dockerfile changed, and what stands on it', async () => {
    const project = chain()
    await project.build()
    project.write('Dockerfile.base', 'FROM scratch\nLABEL a=2\n')
    const rows = await decisions(project)
    expect(rows[0]).toEqual(['base', 'build', expect.stringContaining('Dockerfile')])
    expect(rows[1]).toEqual(['app', 'build', 'base dockerfile__acme/base:1 is rebuilt'])
  })

  it('does not heed a file that no build takes in, or a time', async () => {
    const project = chain()
    await project.build()
    project.write('README.md', 'new\n')
    rmSync(join(project.root, 'app.txt'))
    project.write('app.txt', 'one\n')
    expect((await decisions(project)).map(([, action]) => action)).toEqual(['reuse', 'reuse'])
  })

  it('builds an image whose tag points elsewhere or is gone', async () => {
    const project = chain()
    await project.build()
    project.engine.add(engineImage('sha256:other', 'acme/app:1'))
    expect((await decisions(project))[1]).toEqual([
      'app',
      'build',
      'tag acme/app:1 now points elsewhere'
    ])
    project.engine.add(engineImage('sha256:other'))
    expect((await decisions(project))[1]).toEqual(['app', 'build', 'tag acme/app:1 is gone'])
  })

  it('builds an image that is too old, without what the builder keeps', async () => {
    const project = chain()
    await project.build()
    const { images } = await project.plan({ maxAge: 3600, now: NOW + 3601 })
    expect(images[0]).toMatchObject({ action: 'build', reason: 'older than 1h', fresh: true })
    const young = await project.plan({ maxAge: 3600, now: NOW + 3600 })
    expect(young.images[0]).toMatchObject({ action: 'reuse' })
  })

  it('builds an image whose arguments changed', async () => {
    const project = chain()
    await project.build()
    const rows = await decisions(project, { builderArguments: ['--network=none'] })
    expect(rows[0]).toEqual(['base', 'build', 'arguments changed'])
  })

  it('builds an image again that changed while it was built, since nothing is remembered', async () => {
    const project = chain()
    const { plan, lookAgain, testIdentity } = await project.planned()
    project.write('app.txt', 'two\n')
    const [, planned] = plan.images
    if (!planned) throw new Error('found no app in the plan')
    const refusal = await keepRecord(planned, aResult({ image: planned.image }), {
      engine: project.engine,
      keeper: {
        keep: () => {
          throw new Error('kept')
        }
      },
      lookAgain,
      testIdentity,
      imageIdOf: () => undefined,
      now: () => NOW
    })
    expect(refusal?.why).toBe('app.txt changed while it was built')
  })
})
