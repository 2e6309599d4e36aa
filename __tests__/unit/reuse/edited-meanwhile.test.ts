import { chmodSync, lstatSync, renameSync, rmSync, utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decision, onDaemon, writeApp, writeTemplate } from '../../fixtures/reuse-checks.js'
import {
  type BuildHooks,
  dockerfileImage,
  type ReuseProject,
  reuseProject
} from '../../fixtures/reuse-project.js'

const DOCKERFILE = 'FROM base:1\nCOPY d /d\nCOPY *.txt /texts/\nCOPY e/f /f\n'

function project(): ReuseProject {
  const made = reuseProject()
  onDaemon(made, 'base:1')
  made.write('d/f', '1')
  made.write('d/sub/g', '1')
  made.write('a.txt', '1')
  made.write('e/f', '1')
  made.write('unseen/f', '1')
  made.write('.dockerignore', 'd/ignored\n')
  writeApp(made, DOCKERFILE)
  return made
}

/** Builds with edits in mid-build; gives the reason, and whether the next run builds again. */
async function built(made: ReuseProject, hooks: BuildHooks) {
  const { results } = await made.build({}, hooks)
  const chain = await made.plan()
  expect(made.wrong(chain)).toEqual([])
  return { status: results[0]?.status, reason: results[0]?.reason, next: await decision(made) }
}

/** Writes another content of the same length, and leaves the file's times as they were. */
function rewrite(made: ReuseProject, path: string, text: string): void {
  const { atime, mtime } = lstatSync(made.path(path))
  made.write(path, text)
  utimesSync(made.path(path), atime, mtime)
}

describe('a file edited while its image is built', () => {
  it.each(['before', 'during', 'after'] as const)(
    'is named where it happens %s the builder reads, nothing is recorded, and the next run builds',
    async moment => {
      const made = project()
      const ran = await built(made, { [moment]: () => made.write('d/f', '2') })
      expect(ran).toEqual({
        status: 'built',
        reason: 'not built before; not recorded: d/f changed while it was built',
        next: 'build: not built before'
      })
    }
  )

  it('is named where its context is known from earlier runs, and was looked at by none of this one', async () => {
    const made = project()
    made.keepsAllSets = true
    await made.plan()
    await made.plan()
    const ran = await built(made, { during: () => made.write('d/f', '2') })
    expect(ran.reason).toBe('not built before; not recorded: d/f changed while it was built')
  })

  it('is told from one that nobody edits in such a context', async () => {
    const made = project()
    made.keepsAllSets = true
    await made.plan()
    await made.plan()
    expect(await built(made, {})).toMatchObject({
      reason: 'not built before',
      next: 'reuse: unchanged'
    })
  })

  it.each([
    ['before', 'during'],
    ['before', 'after'],
    ['during', 'after']
  ] as const)(
    'and put back with its old time, %s and %s: nothing is recorded, and the reason says so',
    async (first, then) => {
      const made = project()
      const ran = await built(made, {
        [first]: () => rewrite(made, 'd/f', '2'),
        [then]: () => rewrite(made, 'd/f', '1')
      })
      expect(ran.reason).toMatch(/; not recorded: .*put back while it was built$/)
      expect(ran.next).toBe('build: not built before')
    }
  )

  it('and an earlier record: the earlier image is not taken for it', async () => {
    const made = project()
    await made.build()
    made.write('d/f', '2')
    const ran = await built(made, { before: () => made.write('d/f', '3') })
    expect(ran.reason).toMatch(/not recorded: d\/f changed/)
    made.write('d/f', '2')
    expect(await decision(made)).toMatch(/^build: /)
    expect(made.wrong(await made.plan())).toEqual([])
  })

  it('that no instruction sees is of no account', async () => {
    const made = project()
    const ran = await built(made, { during: () => made.write('unseen/f', '2') })
    expect(ran).toEqual({ status: 'built', reason: 'not built before', next: 'reuse: unchanged' })
  })
})

interface Change {
  readonly name: string
  readonly make: (made: ReuseProject) => void
  readonly undo: (made: ReuseProject) => void
}

const CHANGES: readonly Change[] = [
  {
    name: 'the Dockerfile',
    make: made => made.write('Dockerfile.app', `${DOCKERFILE}LABEL a=b\n`),
    undo: made => made.write('Dockerfile.app', DOCKERFILE)
  },
  {
    name: '.dockerignore',
    make: made => made.write('.dockerignore', 'd/f\n'),
    undo: made => made.write('.dockerignore', 'd/ignored\n')
  },
  {
    name: 'a .dockerignore of the Dockerfile alone',
    make: made => made.write('Dockerfile.app.dockerignore', 'd/f\n'),
    undo: made => rmSync(made.path('Dockerfile.app.dockerignore'))
  },
  {
    name: 'a file more in a folder that is copied',
    make: made => made.write('d/sub/more', '1'),
    undo: made => rmSync(made.path('d/sub/more'))
  },
  {
    name: 'a file more that a wildcard takes in',
    make: made => made.write('b.txt', '1'),
    undo: made => rmSync(made.path('b.txt'))
  },
  {
    name: 'a folder renamed away, another in its place',
    make: made => {
      renameSync(made.path('d'), made.path('d.old'))
      made.write('d/f', 'other')
    },
    undo: made => {
      rmSync(made.path('d'), { recursive: true })
      renameSync(made.path('d.old'), made.path('d'))
    }
  },
  {
    name: 'the folder of a file that is copied alone renamed away',
    make: made => {
      renameSync(made.path('e'), made.path('e.old'))
      made.write('e/f', 'other')
    },
    undo: made => {
      rmSync(made.path('e'), { recursive: true })
      renameSync(made.path('e.old'), made.path('e'))
    }
  },
  {
    name: 'the mode of a folder',
    make: made => chmodSync(made.path('d/sub'), 0o700),
    undo: made => chmodSync(made.path('d/sub'), 0o755)
  }
]

describe('something else changed while an image is built, and put back', () => {
  it.each(CHANGES)('$name: nothing is recorded', async ({ make, undo }) => {
    const made = project()
    const ran = await built(made, { before: () => make(made), during: () => undo(made) })
    expect(ran.status).toBe('built')
    expect(ran.reason).toMatch(/; not recorded: /)
    expect(ran.next).toBe('build: not built before')
  })
})

describe('a template built while the folder of its script was another one', () => {
  it.each(['script', 'source'])('of a %s: nothing is recorded', async field => {
    const made = reuseProject()
    onDaemon(made, 'base:1')
    made.write('deep/way/s.sh', '1')
    const provisioner =
      field === 'script'
        ? { type: 'shell', script: 'deep/way/s.sh' }
        : { type: 'file', source: 'deep/way', destination: '/x' }
    writeTemplate(made, {}, { provisioners: [provisioner] })
    const ran = await built(made, {
      before: () => {
        renameSync(made.path('deep'), made.path('deep.old'))
        made.write('deep/way/s.sh', 'other')
      },
      during: () => {
        rmSync(made.path('deep'), { recursive: true })
        renameSync(made.path('deep.old'), made.path('deep'))
      }
    })
    expect(ran.reason).toMatch(/; not recorded: /)
  })
})

describe('a Dockerfile built while the folder above its own was another one', () => {
  it('is not recorded', async () => {
    const made = reuseProject()
    onDaemon(made, 'base:1')
    made.write('images/app/Dockerfile', 'FROM base:1\n')
    made.manifest({ tag: 'app:1', dockerfile: 'images/app/Dockerfile', working_dir: '..' })
    const ran = await built(made, {
      before: () => {
        renameSync(made.path('images'), made.path('images.old'))
        made.write('images/app/Dockerfile', 'FROM base:1\nLABEL other=yes\n')
      },
      during: () => {
        rmSync(made.path('images'), { recursive: true })
        renameSync(made.path('images.old'), made.path('images'))
      }
    })
    expect(ran.reason).toMatch(/; not recorded: /)
  })
})

describe('a tag moved while an image is built', () => {
  function chain(): ReuseProject {
    const made = reuseProject()
    onDaemon(made, 'base:1')
    made.write('Dockerfile.mid', 'FROM base:1\n')
    made.write('Dockerfile.app', 'FROM mid:1\n')
    made.manifest(dockerfileImage('mid'), dockerfileImage('app'))
    return made
  }

  it('an outside base: nothing is recorded', async () => {
    const made = chain()
    const hooks = { before: () => void onDaemon(made, 'base:1', 'second') }
    const { results } = await made.build({ images: ['mid'] }, hooks)
    expect(results[0]?.reason).toMatch(/not recorded: base base:1 moved/)
  })

  it('a base of the chain, and moved back later: nothing is recorded', async () => {
    const made = chain()
    await made.build({ images: ['mid'] })
    const good = made.engine.idOf('mid:1') ?? ''
    const { results } = await made.build({}, { before: () => void onDaemon(made, 'mid:1', 'evil') })
    expect(results[1]?.reason).toMatch(/not recorded: base .*mid:1 moved/)
    made.engine.move('mid:1', good)
    expect(made.wrong(await made.plan())).toEqual([])
  })

  it('the image itself, before it is looked at: what another run made is not recorded for it', async () => {
    const made = chain()
    const after = () => void onDaemon(made, 'mid:1', 'of another run')
    const { results } = await made.build({ images: ['mid'] }, { after })
    expect(results[0]?.reason).toMatch(/not recorded: tag mid:1 now points elsewhere/)
    expect(made.wrong(await made.plan())).toEqual([])
  })
})

describe('a build whose second look fails', () => {
  it('is built all the same, and the reason says why it is not recorded', async () => {
    const made = project()
    let isOver = false
    made.trees = trees => ({
      ...trees,
      hash: (path, stamp) => {
        if (isOver) rmSync(made.path('d/f'), { force: true })
        return trees.hash(path, stamp)
      }
    })
    const after = () => {
      made.write('d/f', '2')
      isOver = true
    }
    const { results } = await made.build({}, { after })
    expect(results[0]?.status).toBe('built')
    expect(results[0]?.reason).toMatch(/; not recorded: /)
  })

  it('with no daemon does not say that a file is gone', async () => {
    const made = project()
    let isOver = false
    const { inspect } = made.engine
    made.engine.inspect = async reference => {
      if (isOver) throw new Error('no daemon')
      const found = await inspect(reference)
      // The plan asks for the base, the build for the id of what it made.
      isOver = reference.startsWith('sha256:')
      return found
    }
    const { results } = await made.build()
    expect(results[0]?.status).toBe('built')
    expect(results[0]?.reason).toMatch(/; not recorded: /)
    expect(results[0]?.reason).not.toMatch(/is gone/)
  })
})
