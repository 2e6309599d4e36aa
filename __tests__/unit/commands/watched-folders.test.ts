import { expect, it } from 'vitest'
import { foldersOnTheWay } from '../../../src/commands/watched-folders.js'

it.each([
  ['/home/me/project/deep/way/s.sh', ['/home/me/project/deep', '/home/me/project/deep/way']],
  ['/home/me/project/s.sh', []],
  ['/home/me/shared/s.sh', ['/home/me/shared']],
  ['/home/me/s.sh', []],
  ['/tmp/s.sh', []],
  ['/home/me/project', []]
])('on the way from a project to %s are %j', (path, folders) => {
  expect(foldersOnTheWay('/home/me/project', path)).toEqual(folders)
})
