import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { which } from '../../src/adapters/which.js'
import { manifest } from '../fixtures/project.js'
import { startRegistry, USER } from '../fixtures/registry.js'
import { findWorkflowTools, runWorkflow, workflowProject } from '../fixtures/workflow-runner.js'

const { folder: tools = '' } = findWorkflowTools()

const NAME = `bc-matrix-${process.pid}`
const TAGS = ['base', 'app', 'other'].map(name => `${NAME}/${name}:1`)

type Files = Readonly<Record<string, string>>

/** A chain of two images, and one image that stands alone. */
function project([base = '', app = '', other = ''] = TAGS, more: Files = {}): string {
  const root = workflowProject({
    ...more,
    'docker/IMAGES.json': manifest(
      { tag: base, dockerfile: 'Dockerfile', working_dir: '../base' },
      { tag: app, dockerfile: 'Dockerfile', working_dir: '../app' },
      { tag: other, dockerfile: 'Dockerfile', working_dir: '../other' }
    ),
    'base/Dockerfile': 'FROM scratch\nCOPY busybox /bin/sh\n',
    'app/Dockerfile': `FROM ${base}\nRUN echo app > /app\n`,
    'other/Dockerfile': 'FROM scratch\nCOPY Dockerfile /\n'
  })
  cpSync(which('busybox') ?? '/bin/busybox', join(root, 'base/busybox'), { dereference: true })
  return root
}

afterAll(() => {
  spawnSync('docker', ['rmi', '--force', ...TAGS])
})

describe.skipIf(tools === '')('the legs of a plan, by a real runner', () => {
  it('are jobs of their own, one for each chain, which build all of it together', async () => {
    const run = await runWorkflow(tools, project(), { workflow: 'matrix.yml' })
    expect(run.status).toBe(0)
    expect(run.outputs('plan')['has-work']).toBe('true')
    expect(run.result('legs')).toHaveLength(2)
    expect([...run.result('built')].sort()).toEqual([...TAGS].sort())
  })
})

const CHAIN = readFileSync(
  join(import.meta.dirname ?? '.', '../../.github/workflows/chain.yml'),
  'utf8'
)

describe.skipIf(tools === '')('chain.yml, by a real runner', () => {
  it('builds a chain stage after stage with a login, pushes it, and hands on its digests', async () => {
    const registry = await startRegistry(undefined, true)
    const tags = TAGS.map(tag => `${registry.host}/${tag}`)
    onTestFinished(() => void spawnSync('docker', ['rmi', '--force', ...tags]))
    const root = project(tags, {
      '.github/workflows/chain.yml': CHAIN.replaceAll('uses: corpusops/build-chain@v1', 'uses: ./')
    })
    const run = await runWorkflow(tools, root, {
      workflow: 'chain-caller.yml',
      args: ['--secret', `WHO=${USER.name}`, '--secret', `WITH=${USER.password}`],
      replace: { HOST: registry.host }
    })
    expect(run.status).toBe(0)
    expect(run.result('prepared')).toHaveLength(5)
    const images = JSON.parse(run.result('images').join('')) as { tags: string[]; digest: string }[]
    expect(images.map(image => image.tags)).toEqual(tags.map(tag => [tag]))
    for (const { digest } of images) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
    for (const name of ['base', 'app', 'other']) {
      expect(await registry.tags(`${NAME}/${name}`)).toEqual(['1'])
    }
  })
})
