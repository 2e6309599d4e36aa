import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { openKeptSets } from '../../../src/adapters/kept-sets.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { ALL_SETS, clockGoesOn } from '../../fixtures/kept-sets.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

/** A folder with files in two folders, and the sets that runs keep of it. */
function project() {
  const folder = temporaryFolder()
  const kept = join(temporaryFolder(), 'files.sets')
  for (const name of ['one', 'two']) {
    mkdirSync(join(folder, 'src', name), { recursive: true })
    writeFileSync(join(folder, 'src', name, 'file'), name)
  }
  const see = () =>
    openTrees(exec)
      .list(join(folder, 'src'))
      .map(entry => ({ path: join(folder, 'src', entry.path), entry }))
  const origin = (roots = [join(folder, 'src')]) => ({
    key: 'key',
    roots,
    above: [folder],
    leftOut: []
  })
  /** @param seen what a run has looked at, after it has begun */
  const run = async (seen = see, { roots }: { roots?: string[] } = {}) => {
    clockGoesOn()
    const sets = openKeptSets(kept, ALL_SETS)
    const known = await sets.known(() => 'key')
    if (!known) sets.offer({ digest: 'made', count: 9 }, () => origin(roots), seen)
    await sets.save()
    return known?.digest
  }
  return { folder, see, run }
}

describe('a large set of files', () => {
  it('is kept by the second run that meets it, and known to the third', async () => {
    const { run } = project()
    expect([await run(), await run(), await run()]).toEqual([undefined, undefined, 'made'])
  })

  it('is not kept where a file was looked at before it changed, and the glance came after that', async () => {
    const { folder, see, run } = project()
    await run()
    const before = see()
    writeFileSync(join(folder, 'src/one/file'), 'ONE')
    expect([await run(() => before), await run()]).toEqual([undefined, undefined])
  })

  it('is not kept where another folder was in the place of its own while it was looked at', async () => {
    const { folder, see, run } = project()
    await run()
    mkdirSync(join(folder, 'other/one'), { recursive: true })
    writeFileSync(join(folder, 'other/one/file'), 'other')
    const swap = (one: string, other: string) => renameSync(join(folder, one), join(folder, other))
    const seeOther = () => {
      swap('src', 'away')
      swap('other', 'src')
      const seen = see()
      swap('src', 'other')
      swap('away', 'src')
      return seen
    }
    await run(seeOther)
    expect(await run()).toBeUndefined()
  })

  it('is not kept where it was made from other places than those of the glance', async () => {
    const { folder, run } = project()
    await run()
    const roots = [join(folder, 'src/one')]
    expect([await run(undefined, { roots }), await run()]).toEqual([undefined, undefined])
  })

  it('is never kept where find prints whole seconds: two changes in one would look the same', async () => {
    const { run } = project()
    const bin = temporaryFolder()
    writeScript(join(bin, 'find'), '/usr/bin/find "$@" | sed -z \'s/[.][0-9]*0//g\'')
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`)
    const runs = [await run(), await run(), await run()]
    vi.unstubAllEnvs()
    expect(runs).toEqual([undefined, undefined, undefined])
  })
})
