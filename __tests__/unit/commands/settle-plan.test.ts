import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { normaliseReference } from '../../../src/manifest/reference.js'
import type { ImageStore } from '../../../src/ports.js'
import { onDaemon, writeApp } from '../../fixtures/reuse-checks.js'
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

const DAY = 86_400

/** Moves the one image to a store, its last build without a layer cache so many days ago. */
function movedToStore(project: ReuseProject, days: number): ImageStore {
  const [record] = project.memory().records().values()
  const sight = record && project.engine.find(record.imageId)
  if (!record || !sight) throw new Error('nothing was built')
  project.engine.remove(record.imageId)
  rmSync(project.state, { recursive: true })
  return {
    name: 'registry',
    restore: async wanted => {
      if (!wanted.some(({ fingerprint }) => fingerprint === record.fingerprint)) return []
      project.engine.make(sight, record.tags)
      return [{ ...record, freshAt: Date.now() / 1000 - days * DAY }]
    },
    keep: async () => {}
  }
}

/** A project whose image is in a store, and whose base is another one than its registry has. */
async function storedApp(days: number) {
  const project = reuseProject()
  onDaemon(project, 'base:1')
  writeApp(project, 'FROM base:1\n')
  await project.build()
  published(project, 'base:1', 'second')
  return { project, choice: { maxAge: 7 * DAY, stores: [movedToStore(project, days)] } }
}

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

describe('bases of an image that comes from a store', () => {
  it('are looked up again where it is too old, and it is built on those', async () => {
    const { project, choice } = await storedApp(8)
    const { chain, started } = await project.build(choice)
    expect(started).toEqual(['dockerfile__app:1'])
    expect(chain.plan.images[0]).toMatchObject({ reason: 'older than 7d', fresh: true })
    expect(project.engine.find('base:1')?.content).toBe('second')
    expect(project.wrong(await project.plan(choice))).toEqual([])
    expect(decisions(await project.plan(choice))).toEqual({ app: 'reuse: unchanged' })
  })

  it('are left as they are where it is not', async () => {
    const { project, choice } = await storedApp(6)
    expect((await project.build(choice)).started).toEqual([])
    expect(pulls(project)).toBe(0)
  })
})

describe('a base that the chain makes and the run skips', () => {
  const skipping = { skipImages: ['mid'], maxAge: 7 * DAY, now: Date.now() / 1000 + 8 * DAY }

  /** A project that is built, and whose registries have something else of all its bases. */
  async function builtChain(app: string) {
    const project = reuseProject()
    onDaemon(project, 'base:1')
    project.write('Dockerfile.mid', 'FROM base:1\n')
    project.write('Dockerfile.app', app)
    project.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    await project.build()
    for (const name of ['base:1', 'mid:1']) published(project, name, 'published')
    return project
  }

  it('stays as the daemon has it where an image on it is too old', async () => {
    const project = await builtChain('FROM mid:1\n')
    const before = project.engine.idOf('mid:1')
    expect((await project.build(skipping)).started).toEqual(['dockerfile__app:1'])
    expect(project.engine.idOf('mid:1')).toBe(before)
    expect(pulls(project)).toBe(0)
  })

  it('comes from its registry where the daemon has none', async () => {
    const project = await builtChain('FROM mid:1\n')
    project.engine.untag('mid:1')
    await project.build(skipping)
    expect(project.engine.find('mid:1')?.content).toBe('published')
  })

  it('does not keep an outside base beside it from being looked up again', async () => {
    const project = await builtChain('FROM mid:1\nCOPY --from=base:1 /x /\n')
    const before = project.engine.idOf('mid:1')
    await project.build(skipping)
    expect(project.engine.find('base:1')?.content).toBe('published')
    expect(project.engine.idOf('mid:1')).toBe(before)
  })
})
