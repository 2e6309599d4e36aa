import { describe, expect, it } from 'vitest'
import { afterEdit, decision, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { type ReuseProject, reuseProject } from '../../fixtures/reuse-project.js'

function withBase(): ReuseProject {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  return project
}

describe('an image is kept', () => {
  it('where a folder appears below an ignored one, although something else is taken back in', async () => {
    const project = withBase()
    project.write('src/x', '1')
    project.write('node_modules/a/b', '1')
    project.write('.dockerignore', '*\n!src\n')
    writeApp(project, 'FROM base:1\nCOPY . /\n')
    const edit = () => project.write('node_modules/new/b', '1')
    expect(await afterEdit(project, edit)).toBe('reuse: unchanged')
  })

  it('where a folder that is taken back in gets a file, it is not', async () => {
    const project = withBase()
    project.write('src/x', '1')
    project.write('.dockerignore', '*\n!src\n')
    writeApp(project, 'FROM base:1\nCOPY . /\n')
    const edit = () => project.write('src/deep/y', '1')
    expect(await afterEdit(project, edit)).toMatch(/^build: src\/deep added/)
  })

  it('where a link lies beside what is copied, and leads to what changed', async () => {
    const project = withBase()
    project.write('d/x', '1')
    project.write('a.txt', '1')
    project.write('other', '1')
    project.link('other', 'link')
    writeApp(project, 'FROM base:1\nCOPY d/x /\nCOPY *.txt /\n')
    expect(await afterEdit(project, () => project.write('other', '2'))).toBe('reuse: unchanged')
  })

  it('after a run that was to reuse nothing', async () => {
    const project = withBase()
    project.engine.caches = false
    writeApp(project, 'FROM base:1\n')
    await project.build()
    await project.build({ reuse: false })
    expect(await decision(project)).toBe('reuse: unchanged')
  })

  it('where only the order of its tags changed', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n', { tags: ['app:2', 'app:3'] })
    const edit = () => writeApp(project, 'FROM base:1\n', { tags: ['app:3', 'app:2'] })
    expect(await afterEdit(project, edit)).toBe('reuse: unchanged')
  })

  it('where only times changed', async () => {
    const project = withBase()
    project.write('f', '1')
    writeApp(project, 'FROM base:1\nCOPY f /\n')
    expect(await afterEdit(project, () => project.write('f', '1'))).toBe('reuse: unchanged')
  })

  it('where a stage changed that the target does not need', async () => {
    const project = withBase()
    project.write('test', '1')
    project.write('app', '1')
    writeApp(project, 'FROM base:1 AS test\nCOPY test /\nFROM base:1\nCOPY app /\n')
    expect(await afterEdit(project, () => project.write('test', '2'))).toBe('reuse: unchanged')
  })

  it('with one call of the daemon for all images, and no builder', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n')
    await project.build()
    project.engine.calls.length = 0
    const { started } = await project.build()
    expect(started).toEqual([])
    expect(project.engine.calls).toEqual(['images'])
  })
})

it('the first file that an image sees is named', async () => {
  const project = withBase()
  project.write('a.txt', '1')
  project.write('.dockerignore', '*\n')
  writeApp(project, 'FROM base:1\nCOPY *.txt /\n')
  const after = await afterEdit(project, () => project.write('.dockerignore', 'b.txt\n'))
  expect(after).toBe('build: a.txt added')
})

describe('tags', () => {
  it('that the manifest asks for no more are not reported', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n', { tags: ['app:latest'] })
    await project.build()
    writeApp(project, 'FROM base:1\n')
    const { results } = await project.build()
    expect(results.map(({ status, tags }) => [status, tags])).toEqual([['reused', ['app:1']]])
  })

  it('that are gone from the daemon make a build, and the reason names the tag', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n', { tags: ['app:latest'] })
    const after = await afterEdit(project, () => project.engine.untag('app:latest'))
    expect(after).toBe('build: tag app:latest is gone')
  })

  it('that point elsewhere make a build, and the reason names the tag', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n')
    const after = await afterEdit(project, () => onDaemon(project, 'app:1', 'of somebody else'))
    expect(after).toBe('build: tag app:1 now points elsewhere')
  })

  it('without their image make a build', async () => {
    const project = withBase()
    writeApp(project, 'FROM base:1\n')
    const edit = () => project.engine.remove(project.engine.idOf('app:1') ?? '')
    expect(await afterEdit(project, edit)).toBe('build: its image is gone from the daemon')
  })
})
