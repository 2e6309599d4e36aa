import { describe, expect, it } from 'vitest'
import { normaliseReference } from '../../../src/manifest/reference.js'
import { onDaemon } from '../../fixtures/reuse-checks.js'
import {
  decisions,
  dockerfileImage,
  type ReuseProject,
  reuseProject
} from '../../fixtures/reuse-project.js'

/** Puts an image where a pull finds it. */
const published = (project: ReuseProject, name: string, content: string) =>
  project.engine.registry.set(normaliseReference(name), { content, onbuild: [] })

const pulls = ({ engine }: ReuseProject) => engine.calls.filter(call => call === 'pull').length

describe('bases of what is to be built', () => {
  it('are brought for images too that are built since another base moved', async () => {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    onDaemon(project, 'tools:1')
    project.write('Dockerfile.app', 'FROM base:1\nCOPY --from=tools:1 /x /\n')
    project.write('Dockerfile.side', 'FROM base:1\n')
    project.manifest(dockerfileImage('app'), dockerfileImage('side'))
    await project.build({ images: ['app'] })
    project.engine.untag('base:1')
    project.engine.untag('tools:1')
    published(project, 'base:1', 'second')
    published(project, 'tools:1', 'second')
    const { chain, started } = await project.build()
    expect(started).toEqual(['dockerfile__app:1', 'dockerfile__side:1'])
    expect(chain.plan.images[0]?.fingerprint).not.toBeNull()
    expect(pulls(project)).toBe(2)
    const unchanged = 'reuse: unchanged'
    expect(decisions(await project.plan())).toEqual({ app: unchanged, side: unchanged })
  })

  it('are asked of their registries once, also where some cannot be had', async () => {
    const project = reuseProject()
    project.write('Dockerfile.app', 'FROM base:1\nCOPY --from=gone:1 /x /\n')
    project.manifest(dockerfileImage('app'))
    published(project, 'base:1', 'first')
    await project.build()
    expect(pulls(project)).toBe(2)
  })
})
