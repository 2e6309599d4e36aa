import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { afterEdit, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { dockerfileImage, type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

function withBase(): ReuseProject {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  project.write('d/x', '1')
  return project
}

describe('declared inputs', () => {
  it.each(['d/x', './d/x', 'd', 'd/', 'd/*', 'd/**', '**/x', '.', '**'])(
    '%s: an edit of d/x is seen and named',
    async pattern => {
      const project = withBase()
      writeApp(project, 'FROM base:1\n', { inputs: [pattern] })
      expect(await afterEdit(project, () => project.write('d/x', '2'))).toBe('build: d/x changed')
    }
  )

  it('take the place of what the builder can see', async () => {
    const project = withBase()
    project.write('other', '1')
    writeApp(project, 'FROM base:1\nCOPY other /\n', { inputs: ['d'] })
    expect(await afterEdit(project, () => project.write('other', '2'))).toBe('reuse: unchanged')
  })

  it('count where git ignores them: an earlier step made them', async () => {
    const project = withBase()
    project.git = true
    execFileSync('git', ['init', '--quiet', project.root])
    project.write('.gitignore', 'out\n')
    project.write('out/app.jar', '1')
    writeApp(project, 'FROM base:1\nCOPY out /\n', { inputs: ['out/**'] })
    const after = await afterEdit(project, () => project.write('out/app.jar', '2'))
    expect(after).toBe('build: out/app.jar changed')
  })

  it('count outside of the working directory', async () => {
    const project = withBase()
    project.write('shared/x', '1')
    project.write('sub/Dockerfile.app', 'FROM base:1\n')
    project.manifest(dockerfileImage('app', { working_dir: '../sub', inputs: ['../shared/*'] }))
    const after = await afterEdit(project, () => project.write('shared/x', '2'))
    expect(after).toBe('build: ../shared/x changed')
  })

  it('count behind a link', async () => {
    const project = withBase()
    project.write('releases/1/x', '1')
    project.link('releases/1', 'current')
    writeApp(project, 'FROM base:1\n', { inputs: ['current'] })
    const after = await afterEdit(project, () => project.write('releases/1/x', '2'))
    expect(after).toMatch(/^build: .*x changed/)
  })

  it('see a file that is added, and one that is removed', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n', { inputs: ['d/*'] })
    expect(await afterEdit(project, () => project.write('d/y', '1'))).toBe('build: d/y added')
    expect(await afterEdit(project, () => project.unlink('d/y'))).toBe('build: d/y removed')
  })

  it('are not mixed up with what an ignore file of the same words leaves out', async () => {
    const project = withBase()
    project.write('.dockerignore', 'inputs')
    project.write('inputs/x', '1')
    project.write('Dockerfile.first', 'FROM base:1\nCOPY . /\n')
    project.write('Dockerfile.app', 'FROM base:1\n')
    const declared = dockerfileImage('app', { inputs: ['**'] })
    project.manifest(dockerfileImage('first'), declared)
    const after = await afterEdit(project, () => project.write('inputs/x', '2'))
    expect(after).toBe('build: inputs/x changed')
  })
})
