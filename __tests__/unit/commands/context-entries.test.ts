import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { readDockerfile } from '../../../src/chain/dockerfile.js'
import { selectSources } from '../../../src/chain/dockerfile-select.js'
import { readIgnore } from '../../../src/chain/ignore.js'
import { contextEntries } from '../../../src/commands/context-entries.js'
import type { ContextFilter } from '../../../src/commands/context-listing.js'
import { type Look, openLook } from '../../../src/commands/look.js'
import type { Trees } from '../../../src/ports.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const ALL: ContextFilter = {
  key: '',
  skip: () => false,
  isSpent: () => false,
  anew: () => ALL
}

const entriesOf = (...args: Parameters<typeof contextEntries>) => contextEntries(...args).entries

/** A look that notes the folders that are listed, less the context's own path. */
function lookAt(folder: string) {
  const listed: string[] = []
  const disk = openTrees(exec, undefined)
  const trees: Trees = {
    ...disk,
    list: (path, skip, prefix) => {
      listed.push(path.slice(folder.length))
      return disk.list(path, skip, prefix)
    }
  }
  return { look: openLook({ files, trees, mayRead: undefined }), listed }
}

function write(folder: string, paths: readonly string[]): void {
  for (const each of paths) {
    const [path = '', target] = each.split(' -> ')
    const place = join(folder, path)
    try {
      mkdirSync(dirname(place), { recursive: true })
      if (target === undefined) writeFileSync(place, path, { flag: 'wx' })
      else symlinkSync(target, place)
    } catch {
      // Two of the names cannot be together.
    }
  }
}

const sourcesOf = (steps: readonly string[]) =>
  readDockerfile(['FROM scratch', ...steps].join('\n'), { buildArguments: new Map() }).sources

function ignoring(text: string): ContextFilter {
  const rules = readIgnore(text)
  return {
    key: text,
    skip: (path, kind) => (kind === 'folder' ? rules.prunes : true) && rules.ignores(path),
    isSpent: rules.isSpent,
    anew: () => ignoring(text)
  }
}

describe('what the sources of a Dockerfile see of a context', () => {
  it('is looked for where they name it, and not in what stands beside', () => {
    const folder = temporaryFolder()
    write(folder, ['app/a', 'app/lib/b', 'lib/app/c', '.git/objects/d', 'app.d/e'])
    const { look, listed } = lookAt(folder)
    const found = entriesOf(sourcesOf(['COPY app lib/app/c /x/']), folder, ALL, look)
    expect(found.map(({ name }) => name).sort()).toEqual(
      ['app', 'app/a', 'app/lib', 'app/lib/b', 'lib/app/c'].sort()
    )
    expect(listed).toEqual(['/app'])
  })

  it('is not compared with what they name where that is whole folders', () => {
    const folder = temporaryFolder()
    write(folder, ['app/a', 'app/lib/b'])
    const { look } = lookAt(folder)
    const plain: Look = {
      ...look,
      choose: () => {
        throw new Error('each entry is compared')
      }
    }
    const found = entriesOf(sourcesOf(['COPY app /x/']), folder, ALL, plain)
    expect(found.map(({ name }) => name)).toEqual(['app', 'app/a', 'app/lib', 'app/lib/b'])
  })

  it('is listed once for all images that name a folder', () => {
    const folder = temporaryFolder()
    write(folder, ['common/a', 'one/b', 'two/c'])
    const { look, listed } = lookAt(folder)
    for (const own of ['one', 'two', 'one']) {
      entriesOf(sourcesOf([`COPY common ${own} /x/`]), folder, ALL, look)
    }
    expect(listed).toEqual(['/common', '/one', '/two'])
  })

  it('is one text of each path, and one look at each folder above, however many images share them', () => {
    const folder = temporaryFolder()
    write(folder, ['common/a', 'deep/er/one', 'deep/er/two'])
    const { look } = lookAt(folder)
    const asked: string[] = []
    const filter: ContextFilter = {
      key: '',
      skip: path => {
        asked.push(path)
        return false
      },
      isSpent: () => false,
      anew: () => filter
    }
    const seen = ['one', 'two', 'three'].map(own => {
      const sources = sourcesOf([`COPY common deep/er/${own} /x/`])
      return entriesOf(sources, folder, filter, look)
    })
    const [first, ...others] = seen.map(each => each.find(({ name }) => name === 'common/a'))
    for (const other of others) expect(other).toBe(first)
    expect(asked.filter(path => path === 'deep' || path === 'deep/er')).toEqual(['deep', 'deep/er'])
  })

  it('is not taken for what others see, whatever stands in an ignore file', () => {
    const folder = temporaryFolder()
    write(folder, ['a', 'b'])
    const { look } = lookAt(folder)
    const see = (step: string, key: string) =>
      entriesOf(sourcesOf([step]), folder, { ...ALL, key }, look).map(({ name }) => name)
    expect(see('COPY b /x/', 'X\0a')).toEqual(['b'])
    expect(see('COPY a b /x/', 'X')).toEqual(['a', 'b'])
  })

  it('is looked for everywhere where a link leads on', () => {
    const folder = temporaryFolder()
    write(folder, ['real/a', 'link -> real', 'dir/to -> ../real'])
    const { look } = lookAt(folder)
    const seen = (step: string) =>
      entriesOf(sourcesOf([step]), folder, ALL, look).map(({ name }) => name)
    expect(seen('COPY link/a /x/')).toContain('real/a')
    expect(seen('COPY dir/t* /x/')).toContain('real/a')
  })

  it('is looked for everywhere where one source is below another, and a link', () => {
    const folder = temporaryFolder()
    write(folder, ['dir/to -> ../real', 'real/a'])
    const { look } = lookAt(folder)
    const found = entriesOf(sourcesOf(['COPY dir dir/to /x/']), folder, ALL, look)
    expect(found.map(({ name }) => name)).toContain('real/a')
  })

  it('is looked for everywhere where an ignore file is too costly to ask of each part', () => {
    const folder = temporaryFolder()
    write(folder, ['a', 'b'])
    const { look, listed } = lookAt(folder)
    const spent: ContextFilter = { ...ALL, isSpent: () => true, anew: () => spent }
    const found = entriesOf(sourcesOf(['COPY a /x/']), folder, spent, look)
    expect(found.map(({ name }) => name)).toEqual(['a'])
    expect(listed).toEqual([''])
  })

  it('is what they see of the whole of it, whatever files, links and ignore rules there are', () => {
    const name = fc.constantFrom('a', 'b', 'a.b', 'A')
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map(names => names.join('/'))
    const target = fc.oneof(
      path,
      path.map(other => `../${other}`),
      fc.constant('..')
    )
    const written = fc.oneof(
      { weight: 4, arbitrary: path },
      { weight: 1, arbitrary: fc.tuple(path, target).map(pair => pair.join(' -> ')) }
    )
    const pattern = fc.oneof(
      { weight: 4, arbitrary: path },
      { weight: 1, arbitrary: path.map(other => `${other}*`) },
      { weight: 1, arbitrary: path.map(other => `*/${other}`) },
      { weight: 1, arbitrary: fc.constantFrom('.', './a/', 'a/../b', '../a', 'a//b') }
    )
    const step = fc.oneof(
      fc.array(pattern, { minLength: 1, maxLength: 3 }).map(all => `COPY ${all.join(' ')} /x/`),
      pattern.map(one => `COPY --exclude=a ${one} /x/`),
      pattern.map(one => `COPY --parents ${one} /x/`),
      path.map(one => `RUN --mount=source=${one},target=/x y`)
    )
    const rule = fc.tuple(fc.constantFrom('', '!'), pattern).map(words => words.join(''))
    fc.assert(
      fc.property(
        fc.array(written, { maxLength: 8 }),
        fc.array(step, { minLength: 1, maxLength: 3 }),
        fc.array(rule, { maxLength: 3 }),
        (paths, steps, rules) => {
          const folder = temporaryFolder()
          write(folder, paths)
          const { look } = lookAt(folder)
          const [sources, filter] = [sourcesOf(steps), ignoring(rules.join('\n'))]
          const whole = look.context(folder, filter).map(({ name: at, entry, path: place }) => ({
            path: at,
            target: entry.target,
            place
          }))
          const expected = selectSources(whole, sources).map(each => each.place)
          const found = entriesOf(sources, folder, filter, look).map(each => each.path)
          expect([...found].sort()).toEqual([...expected].sort())
        }
      ),
      { numRuns: 400 }
    )
  })
})
