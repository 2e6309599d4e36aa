import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { openLook } from '../../../src/commands/look.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** A set of all that is in a folder, and the folders of the look that made it, less what keeps those. */
function setOf(folder: string) {
  const trees = openTrees(exec, undefined)
  const look = openLook({ files, trees, mayRead: undefined })
  const entries = look.trees
    .list(folder)
    .map(entry => ({ name: entry.path, path: join(folder, entry.path), entry }))
  return { set: look.fileSet(entries), look: new WeakRef(look.trees) }
}

/** What a task has asked a weak reference for is kept until that task has ended. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await new Promise(setImmediate)
  collect()
}

describe('a look', () => {
  it('sees of a place what it saw there first, and the next one what is there by then', () => {
    const file = join(temporaryFolder(), 'file')
    const ports = { files, trees: openTrees(exec, undefined), mayRead: undefined }
    const look = openLook(ports)
    writeFileSync(file, 'one')
    const first = look.trees.look(file)
    writeFileSync(file, 'others')
    expect(look.trees.look(file)).toEqual(first)
    expect(look.stamp(file)).toBe(first?.stamp)
    expect(openLook(ports).trees.look(file)?.stamp).not.toBe(first?.stamp)
  })

  it('is not kept alive by the sets of files that it made, of which a build keeps thousands', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'file'), 'content')
    const { set, look } = setOf(folder)
    await collectGarbage()
    expect(look.deref()).toBeUndefined()
    expect(set.rows().map(([name]) => name)).toEqual(['file'])
  })
})
