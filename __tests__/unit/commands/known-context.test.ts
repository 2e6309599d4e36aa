import {
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import {
  ALL_SETS,
  ignoring,
  seeContext,
  seeContexts,
  type Watched
} from '../../fixtures/kept-sets.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

function project(steps = ['COPY app/src /src'], ignore = '') {
  const folder = temporaryFolder()
  for (const path of ['app/src/a', 'app/src/sub/b', 'app/other/c', 'd', 'e/f', 'g/h', 'kept/c'])
    write(folder, path, path)
  const watched: Watched = { folder, steps, ignore }
  return { folder, watched, kept: join(temporaryFolder(), 'files.sets') }
}

/** A project whose context is known. */
async function known(...args: Parameters<typeof project>) {
  const made = project(...args)
  await seeContext(made.watched, made.kept)
  await seeContext(made.watched, made.kept)
  const see = () => seeContext(made.watched, made.kept)
  return { ...made, see, afresh: () => seeContext(made.watched, undefined) }
}

describe('a context that earlier runs have looked at', () => {
  it('is known from the third run on, with the digest and the rows that a look gives', async () => {
    const { watched, kept } = project()
    const runs = []
    for (let run = 0; run < 4; run += 1) runs.push(await seeContext(watched, kept))
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, true, true])
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(1)
    expect(runs[3]?.rows).toEqual(runs[0]?.rows)
    expect(runs[0]?.rows.map(([name]) => name)).toEqual([
      'app/src',
      'app/src/a',
      'app/src/sub',
      'app/src/sub/b'
    ])
  })

  it.each([
    ['a file has another content', f => writeFileSync(join(f, 'app/src/a'), 'app/src/A')],
    ['a file has another mode', f => chmodSync(join(f, 'app/src/a'), 0o755)],
    ['a file is gone', f => rmSync(join(f, 'app/src/sub/b'))],
    ['a file is new', f => writeFileSync(join(f, 'app/src/sub/new'), '')],
    ['a folder is new', f => mkdirSync(join(f, 'app/src/new'))],
    ['a file was renamed', f => renameSync(join(f, 'app/src/a'), join(f, 'app/src/z'))],
    [
      'a file became a link',
      f => {
        rmSync(join(f, 'app/src/a'))
        symlinkSync('sub/b', join(f, 'app/src/a'))
      }
    ],
    [
      'a folder on the way became a link to where it was moved',
      f => {
        renameSync(join(f, 'app'), join(f, 'moved'))
        symlinkSync('moved', join(f, 'app'))
      }
    ]
  ] satisfies [string, (folder: string) => void][])(
    'is looked at again where %s, and known again two runs later',
    async (_, change) => {
      const { folder, see, afresh } = await known()
      change(folder)
      const runs = [await see(), await see(), await see()]
      expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, expect.any(Boolean), true])
      const { digest, rows } = await afresh()
      for (const run of runs) expect(run).toMatchObject({ digest, rows })
    }
  )

  it('is known whatever happens beside what its sources name', async () => {
    const { folder, see } = await known()
    write(folder, 'app/other/c', 'changed')
    write(folder, 'beside', 'new')
    write(folder, 'app/beside', 'new')
    expect(await see()).toMatchObject({ isKnown: true })
  })

  it.each([
    ['COPY . /', 'app/other'],
    ['COPY . /', 'kept'],
    ['COPY . /', 'app'],
    ['COPY app /', 'app/other']
  ])('of %s is known whatever happens in %s, which is kept out of the build', async (step, out) => {
    const { folder, see } = await known([step], `${out}\n`)
    write(folder, `${out}/c`, 'changed')
    write(folder, `${out}/deep/new`, '')
    expect(await see()).toMatchObject({ isKnown: true })
  })

  it('is looked at where a folder changes beside one that is kept out, by whose name it could be meant', async () => {
    const { folder, kept } = project()
    for (const name of ['x*', 'xy']) write(folder, `app/src/sub/${name}/file`, name)
    const watched = { folder, steps: ['COPY app /'], ignore: 'app/src/sub/x\\*\n' }
    for (let run = 0; run < 2; run += 1) await seeContext(watched, kept)
    write(folder, 'app/src/sub/x*/file', 'changed')
    expect(await seeContext(watched, kept)).toMatchObject({ isKnown: true })
    write(folder, 'app/src/sub/xy/file', 'changed')
    expect(await seeContext(watched, kept)).toMatchObject({ isKnown: false })
  })

  it('is looked at each time where a name is no UTF-8', async () => {
    const { folder, kept } = project()
    const odd = Buffer.concat([Buffer.from(`${folder}/app/src/`), Buffer.from([0xff])])
    writeFileSync(odd, '')
    const watched = { folder, steps: ['COPY app /'] }
    const runs = []
    for (let run = 0; run < 3; run += 1) runs.push(await seeContext(watched, kept))
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false])
  })

  it('is no set to keep where so many folders are kept out of it that find would compare for long', async () => {
    const { folder, kept } = project()
    for (let number = 0; number < 33; number += 1) write(folder, `app/${number}/out/file`, '')
    const watched = { folder, steps: ['COPY app /'], ignore: '**/out\n' }
    const runs = []
    for (let run = 0; run < 3; run += 1) runs.push(await seeContext(watched, kept))
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false])
  })

  it('is no set to keep where a source is missing, or the context is a link', async () => {
    const { folder, kept } = project()
    const link = join(temporaryFolder(), 'link')
    symlinkSync(folder, link)
    for (const watched of [
      { folder, steps: ['COPY app none /'] },
      { folder: link, steps: ['COPY app /'] }
    ]) {
      for (let run = 0; run < 3; run += 1) {
        expect(await seeContext(watched, kept)).toMatchObject({ isKnown: false })
      }
    }
    expect(() => readFileSync(kept)).toThrow('ENOENT')
  })

  it('is known from the third run on where images share it, and each leaves out folders', async () => {
    const { folder, kept } = project()
    const ignore = '**/other\n**/sub\n'
    const hits = []
    for (let run = 0; run < 3; run += 1) {
      const steps = ['COPY app /', 'COPY . /']
      hits.push((await seeContexts({ folder, ignore }, steps, kept)).map(each => each.isKnown))
    }
    expect(hits).toEqual([
      [false, false],
      [false, false],
      [true, true]
    ])
  })

  it('is looked at again where other files are kept out of the build, or other files are named', async () => {
    const { folder, kept } = await known(['COPY . /'], 'app/other\n')
    const runs = [
      await seeContext({ folder, steps: ['COPY . /'] }, kept),
      await seeContext({ folder, steps: ['COPY d /'], ignore: 'app/other\n' }, kept)
    ]
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false])
  })

  it('is not known any more once what is kept was written: a build may change it', async () => {
    const { see } = await known()
    const { isKnown, trees } = await see()
    expect(isKnown).toBe(true)
    expect(await trees.knownSet(() => 'any')).toBeUndefined()
  })

  it('is no set to keep where a file changed so lately that a later change could look the same', async () => {
    const { watched, kept } = project()
    const limits = { ...ALL_SETS, racy: 3_600_000 }
    const runs = []
    for (let run = 0; run < 4; run += 1) runs.push(await seeContext(watched, kept, limits))
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false, false])
  })

  it('is no set to keep where its ignore file was asked so much that it keeps nothing back any more', async () => {
    const { folder, kept } = project()
    const filter = { ...ignoring('x'), isSpent: () => true }
    const runs = []
    for (let run = 0; run < 4; run += 1) {
      runs.push(await seeContext({ folder, steps: ['COPY . /'], filter }, kept))
    }
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false, false])
  })

  it('of few files is looked at each time, and nothing is written down of it', async () => {
    const { watched, kept } = project()
    const runs = []
    for (let run = 0; run < 3; run += 1) runs.push(await seeContext(watched, kept, { racy: 0 }))
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false])
    expect(() => readFileSync(kept)).toThrow('ENOENT')
  })

  it('is looked at where what was kept is damaged', async () => {
    const { kept, see } = await known()
    const text = readFileSync(kept, 'utf8')
    writeFileSync(kept, text.replace(/"count":\d+/, '"count":9'))
    expect(await see()).toMatchObject({ isKnown: false })
  })

  it('is looked at where find fails, or is another one', async () => {
    const { see } = await known()
    const folder = temporaryFolder()
    const fail = '#!/bin/sh\n/usr/bin/find "$@"\nexit 1\n'
    writeFileSync(join(folder, 'find'), fail, { mode: 0o755 })
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
    const runs = [await see(), await see(), await see(), await see()]
    vi.unstubAllEnvs()
    expect(runs.map(({ isKnown }) => isKnown)).toEqual([false, false, false, false])
  })

  it('is as a look would find it, whatever happened in between', async () => {
    const path = fc.constantFrom('a', 'b', 'a/a', 'a/b', 'a/b/a', 'b/[x]', 'b/*', 'c d/e')
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('write' as const), path, text: fc.constantFrom('1', '2') }),
      fc.record({ kind: fc.constantFrom('remove', 'mode', 'folder'), path }),
      fc.record({ kind: fc.constantFrom('link', 'rename'), path, to: path }),
      fc.constant({ kind: 'nothing', path: '' })
    )
    const steps = fc.constantFrom(
      'COPY a /',
      'COPY . /',
      'COPY a/b b /',
      'COPY a/* /',
      'COPY ["c d", "/"]'
    )
    const ignore = fc.constantFrom('', 'a/b\n', '**/a\n', 'b\n!b/*\n', '*\n!a\n')
    let hits = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(path, { minLength: 3 }),
        fc.array(edit, { minLength: 4, maxLength: 10 }),
        steps,
        ignore,
        async (paths, edits, step, text) => {
          const watched = { folder: temporaryFolder(), steps: [step], ignore: text }
          const kept = join(temporaryFolder(), 'files.sets')
          for (const each of paths) attempt(() => write(watched.folder, each, each))
          for (const each of edits) {
            attempt(() => apply(watched.folder, each))
            const [found, afresh] = [
              await seeContext(watched, kept),
              await seeContext(watched, undefined)
            ]
            expect(found.digest).toBe(afresh.digest)
            if (found.isKnown) hits += 1
          }
        }
      ),
      { numRuns: 40 }
    )
    expect(hits).toBeGreaterThan(0)
  })
})

/** Some edits cannot be made of what is there. */
function attempt(work: () => void): void {
  try {
    work()
  } catch {}
}

interface Edit {
  readonly kind: string
  readonly path: string
  readonly to?: string
  readonly text?: string
}

function apply(folder: string, { kind, path, to = '', text = '' }: Edit): void {
  const place = join(folder, path)
  if (kind === 'write') write(folder, path, text)
  if (kind === 'remove') rmSync(place, { recursive: true })
  if (kind === 'mode') chmodSync(place, 0o700)
  if (kind === 'folder') mkdirSync(place, { recursive: true })
  if (kind === 'rename') renameSync(place, join(folder, to))
  if (kind === 'link') symlinkSync(to, place)
}
