import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { exec } from '../../../src/adapters/exec.js'
import { files } from '../../../src/adapters/files.js'
import { openTrees } from '../../../src/adapters/trees.js'
import { declaredInputs } from '../../../src/commands/declared-inputs.js'
import { openLook } from '../../../src/commands/look.js'
import { projectBounds } from '../../../src/commands/project-bounds.js'
import { anImage } from '../../fixtures/image.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

/** What a pattern finds in a project that has a file beside it. */
async function found(input: string) {
  const folder = temporaryFolder()
  const workingDirectory = join(folder, 'project')
  mkdirSync(join(workingDirectory, 'a@'), { recursive: true })
  writeFileSync(join(folder, 'secret'), '')
  writeFileSync(join(workingDirectory, 'a@/b.txt'), '')
  const mayRead = projectBounds(workingDirectory, [], files)
  const look = openLook({ files, trees: openTrees(exec, undefined), mayRead })
  const { entries } = await declaredInputs(anImage({ workingDirectory }), [input], look)
  return entries.map(({ name }) => name)
}

describe('declared inputs', () => {
  it.each(['a@/*.txt', 'a@/b.txt', './a@/*'])('are found by %s', async input => {
    expect(await found(input)).toEqual(['a@/b.txt'])
  })

  it.each(['../secret', '../*', '../{secret,x}'])(
    'are not looked for out of the project, whoever checked the pattern before: %s',
    async input => {
      await expect(found(input)).rejects.toMatchObject({
        code: 'MANIFEST_INVALID',
        message: expect.stringContaining('leads out of the project')
      })
    }
  )
})
