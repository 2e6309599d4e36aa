import { describe, expect, it } from 'vitest'
import { afterEdit, decision, isSeen, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { actions, dockerfileImage, reuseProject } from '../../fixtures/reuse-project.js'

describe('what an image stands on', () => {
  it('is seen to move, and the reason names it', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    writeApp(project, 'FROM base:1\n')
    const after = await afterEdit(project, () => onDaemon(project, 'base:1', 'second'))
    expect(after).toBe('build: base base:1 moved')
  })

  it('is watched by the tag that the file uses, where the chain makes it and the run skips it', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    project.write('Dockerfile.mid', 'FROM base:1\n')
    project.write('Dockerfile.app', 'FROM mid:two\n')
    project.manifest(dockerfileImage('mid', { tags: ['mid:two'] }), dockerfileImage('app'))
    const skipping = { skipImages: ['mid'] }
    await project.build()
    await project.build(skipping)
    expect(await decision(project, skipping)).toBe('reuse: unchanged')
    onDaemon(project, 'mid:two', 'moved')
    expect(await decision(project, skipping)).toBe('build: base mid:two moved')
  })

  it('is not asked of a registry again where its digest is on the daemon', async () => {
    const project = reuseProject()
    const id = onDaemon(project, 'base:1')
    writeApp(project, `FROM ${project.engine.digest(id, 'base')}\n`)
    await project.build()
    expect(project.engine.calls).not.toContain('pull')
  })

  it('may be named otherwise by a context that takes its place', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:latest')
    onDaemon(project, 'foo:1')
    writeApp(project, 'FROM base:latest\n', {
      extra_args: '--build-context base=docker-image://foo:1'
    })
    expect(await isSeen(project, () => onDaemon(project, 'foo:1', 'second'))).toBe(true)
  })

  it('may be a context that takes the place of a stage', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    onDaemon(project, 'foo:1')
    const text = 'FROM base:1 AS build\nRUN make\nFROM base:1\nCOPY --from=build /x /\n'
    writeApp(project, text, { extra_args: '--build-context build=docker-image://foo:1' })
    expect(await isSeen(project, () => onDaemon(project, 'foo:1', 'second'))).toBe(true)
  })

  it.each(['github.com/foo/bar', 'git@github.com:foo/bar.git', 'https://example.org/x.tar'])(
    'may be the context %s, which cannot be tracked',
    async context => {
      const project = reuseProject()
      onDaemon(project, 'base:1')
      const more = { extra_args: `--build-context src=${context}` }
      writeApp(project, 'FROM base:1\nCOPY --from=src /x /\n', more)
      expect(await decision(project)).toMatch(/^build: .*tracked/)
    }
  )

  it('may be a context that is a folder, behind links too', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    project.write('real/x', '1')
    project.link('real', 'first')
    project.link('first', 'second')
    writeApp(project, 'FROM base:1\nCOPY --from=src /x /\n', {
      extra_args: '--build-context src=second'
    })
    expect(await isSeen(project, () => project.write('real/x', '2'))).toBe(true)
  })

  it('comes from a value of the environment', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    onDaemon(project, 'base:2')
    project.env.VERSION = '1'
    writeApp(project, 'ARG VERSION\nFROM base:$VERSION\n', { extra_args: '--build-arg VERSION' })
    const after = await afterEdit(project, () => {
      project.env.VERSION = '2'
    })
    expect(after).toMatch(/^build: variable VERSION changed/)
  })

  it('makes every image above it a build, and no other', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    project.write('Dockerfile.low', 'FROM base:1\nCOPY low /\n')
    project.write('Dockerfile.mid', 'FROM low:1\n')
    project.write('Dockerfile.top', 'FROM base:1\nCOPY --from=mid:1 /x /\n')
    project.write('Dockerfile.side', 'FROM base:1\n')
    project.write('low', '1')
    project.manifest(...['top', 'side', 'mid', 'low'].map(name => dockerfileImage(name)))
    await project.build()
    project.write('low', '2')
    expect(actions(await project.plan())).toEqual({
      low: 'build',
      mid: 'build',
      top: 'build',
      side: 'reuse'
    })
  })

  it('is another image where a run has rebuilt it alone, although nothing in its files changed', async () => {
    const project = reuseProject()
    project.engine.caches = false
    onDaemon(project, 'base:1')
    project.write('Dockerfile.mid', 'FROM base:1\nRUN date > /date\n')
    project.write('Dockerfile.app', 'FROM mid:1\n')
    project.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    await project.build()
    project.engine.untag('mid:1')
    await project.build({ images: ['mid'] })
    expect(await decision(project)).toBe('build: base dockerfile__mid:1 was rebuilt')
    await project.build()
    expect(await decision(project)).toBe('reuse: unchanged')
  })
})
