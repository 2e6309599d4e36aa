import { spawn, spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeAll } from '../../../src/adapters/standard-streams.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

it('waits for a reader that is behind, on a pipe that somebody has set not to wait', async () => {
  const folder = temporaryFolder()
  const [pipe, got] = [join(folder, 'pipe'), join(folder, 'got')]
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
  const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK)
  const text = 'a line that is long enough\n'.repeat(10_000)
  // Byte by byte, so that the pipe is full most of the time.
  const count = `count=${text.length}`
  const reader = spawn('dd', [`if=${pipe}`, `of=${got}`, 'bs=1', count, 'status=none'])
  writeAll(descriptor, text)
  expect(await new Promise(done => reader.once('close', done))).toBe(0)
  closeSync(descriptor)
  expect(readFileSync(got, 'utf8')).toBe(text)
})

it('fails where the file system refuses', () => {
  const descriptor = openSync('/dev/full', 'w')
  expect(() => writeAll(descriptor, 'text')).toThrow('ENOSPC')
  closeSync(descriptor)
})
