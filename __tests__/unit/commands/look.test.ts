import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { openLook } from '../../../src/commands/look.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

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
})
