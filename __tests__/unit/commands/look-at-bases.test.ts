import { describe, expect, it } from 'vitest'
import { onDaemon } from '../../fixtures/reuse-checks.js'
import { dockerfileImage, reuseProject } from '../../fixtures/reuse-project.js'

/** A project of `app` and `mid` whose first plan is to be made, and a daemon with much else. */
function newProject(app: string, mid = 'FROM base:1\n') {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  for (let number = 0; number < 300; number += 1) onDaemon(project, `other:${number}`)
  project.write('Dockerfile.app', app)
  project.write('Dockerfile.mid', mid)
  project.manifest(dockerfileImage('mid'), dockerfileImage('app'))
  return project
}

/** The fingerprints of a first plan, and what the daemon was asked for it. */
async function firstPlan(project: ReturnType<typeof newProject>) {
  project.engine.calls.length = 0
  const { plan } = await project.plan()
  return { fingerprints: plan.images.map(image => image.fingerprint), calls: project.engine.calls }
}

/** The fingerprints of the same files where something is remembered, so that all images are asked for. */
async function laterPlan(project: ReturnType<typeof newProject>) {
  await project.build({ images: ['mid'] })
  return (await firstPlan(project)).fingerprints
}

describe('a plan where nothing is remembered', () => {
  it('asks the daemon for the outside bases alone, each once', async () => {
    const { calls } = await firstPlan(newProject('FROM base:1\nCOPY --from=mid:1 / /\n'))
    expect(calls.filter(call => call !== 'triggers')).toEqual(['inspect'])
  })

  it('asks only whether the daemon answers where nothing stands on an outside base', async () => {
    const { calls } = await firstPlan(newProject('FROM mid:1\n', 'FROM scratch\n'))
    expect(calls).toEqual(['ping'])
  })

  it('asks nothing where no image has a file to build', async () => {
    const project = reuseProject()
    project.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    project.engine.calls.length = 0
    const { plan } = await project.plan()
    expect(plan.images.map(({ reason }) => reason)).toEqual([
      'Dockerfile.mid missing',
      'Dockerfile.app missing'
    ])
    expect(project.engine.calls).toEqual([])
  })

  it('asks for all images at once where there are many outside bases', async () => {
    const copies = Array.from({ length: 12 }, (_, number) => `COPY --from=other:${number} / /\n`)
    const { calls } = await firstPlan(newProject(`FROM scratch\n${copies.join('')}`))
    expect(calls).not.toContain('inspect')
    expect(calls).toContain('images')
  })

  it('has the fingerprints that a later one has', async () => {
    const project = newProject('FROM base:1\nCOPY --from=other:7 / /\n')
    const { fingerprints } = await firstPlan(project)
    expect(fingerprints.every(Boolean)).toBe(true)
    expect(fingerprints[1]).toBe((await laterPlan(project))[1])
  })

  it('has them where an ONBUILD instruction of a base brings a further base', async () => {
    const project = newProject('FROM trigger:1\n')
    onDaemon(project, 'trigger:1', 'first', ['COPY --from=other:7 / /'])
    const { fingerprints } = await firstPlan(project)
    expect(fingerprints[1]).toMatch(/^sha256:/)
    expect(fingerprints[1]).toBe((await laterPlan(project))[1])
  })
})
