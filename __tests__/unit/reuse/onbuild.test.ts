import { describe, expect, it } from 'vitest'
import { afterEdit, decision, onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
import { actions, dockerfileImage, reuseProject } from '../../fixtures/reuse-project.js'

/** `mid:1` stands on `base:1`, and `app:1` on `mid:1`. */
function chainOf(mid: string, app: string) {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  project.write('Dockerfile.mid', mid)
  project.write('Dockerfile.app', app)
  project.manifest(dockerfileImage('mid'), dockerfileImage('app'))
  return project
}

describe('ONBUILD', () => {
  it('of an outside base: a file that it copies is seen', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1', 'first', ['COPY f /'])
    project.write('f', '1')
    writeApp(project, 'FROM base:1\n')
    expect(await afterEdit(project, () => project.write('f', '2'))).toBe('build: f changed')
  })

  it('of an outside base: an image that it copies from is seen to move', async () => {
    const project = reuseProject()
    onDaemon(project, 'other:1')
    onDaemon(project, 'base:1', 'first', ['COPY --from=other:1 /f /'])
    writeApp(project, 'FROM base:1\n')
    const after = await afterEdit(project, () => onDaemon(project, 'other:1', 'second'))
    expect(after).toBe('build: base other:1 moved')
  })

  it('of an outside base: an image of the chain that it copies from is built first', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    onDaemon(project, 'plain:1', 'first', ['COPY --from=mid:1 /f /'])
    project.write('Dockerfile.app', 'FROM plain:1\n')
    project.write('Dockerfile.mid', 'FROM base:1\n')
    project.manifest(dockerfileImage('app'), dockerfileImage('mid'))
    await project.build()
    await project.build()
    onDaemon(project, 'base:1', 'second')
    const chain = await project.plan()
    expect(project.wrong(chain)).toEqual([])
    expect(actions(chain).app).toBe('build')
  })

  it('of an outside base: an address that it adds makes the image untracked', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1', 'first', ['ADD https://example.org/f /'])
    writeApp(project, 'FROM base:1\n')
    expect(await decision(project)).toMatch(/^build: .*https:\/\/example\.org\/f.*tracked/)
  })

  it('of a base in the chain: an address that it adds makes the image untracked', async () => {
    const project = chainOf('FROM base:1\nONBUILD ADD https://example.org/f /\n', 'FROM mid:1\n')
    await project.build({ images: ['mid'] })
    expect(await decision(project)).toMatch(/^build: .*https:\/\/example\.org\/f.*tracked/)
  })

  it('of a base in the chain: an image that it copies from is seen to move', async () => {
    const project = chainOf('FROM base:1\nONBUILD COPY --from=other:1 /f /\n', 'FROM mid:1\n')
    onDaemon(project, 'other:1')
    const after = await afterEdit(project, () => onDaemon(project, 'other:1', 'second'))
    expect(after).toBe('build: base other:1 moved')
  })

  it('of a base that is named by its digest: a file that it copies is seen', async () => {
    const project = reuseProject()
    const id = onDaemon(project, 'base:1', 'first', ['COPY f /'])
    project.write('f', '1')
    writeApp(project, `FROM ${project.engine.digest(id, 'base')}\n`)
    expect(await afterEdit(project, () => project.write('f', '2'))).toBe('build: f changed')
  })

  it('of a base that is skipped is what the daemon has, not what its file says', async () => {
    const project = chainOf('FROM base:1\n', 'FROM mid:1\n')
    onDaemon(project, 'mid:1', 'of the daemon', ['COPY f /'])
    project.write('f', '1')
    await project.build({ skipImages: ['mid'] })
    expect(await decision(project, { skipImages: ['mid'] })).toBe('reuse: unchanged')
    project.write('f', '2')
    expect(await decision(project, { skipImages: ['mid'] })).toBe('build: f changed')
  })

  it('that copies nothing leaves the files of the context alone', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1', 'first', ['RUN true'])
    project.write('f', '1')
    writeApp(project, 'FROM base:1\n')
    expect(await afterEdit(project, () => project.write('f', '2'))).toBe('reuse: unchanged')
  })
})
