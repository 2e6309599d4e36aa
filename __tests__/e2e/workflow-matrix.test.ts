import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { which } from '../../src/adapters/which.js'
import { manifest } from '../fixtures/project.js'
import { findWorkflowTools, runWorkflow, workflowProject } from '../fixtures/workflow-runner.js'

const { folder: tools = '' } = findWorkflowTools()

const NAME = `bc-matrix-${process.pid}`
const TAGS = ['base', 'app', 'other'].map(name => `${NAME}/${name}:1`)

/** A chain of two images, and one image that stands alone. */
function project(): string {
  const [base = '', app = '', other = ''] = TAGS
  const root = workflowProject({
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
