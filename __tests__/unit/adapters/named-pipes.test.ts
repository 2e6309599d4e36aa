import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { setCurrentRun } from '../../../src/adapters/current-run.js'
import { stirPipes, takePipe } from '../../../src/adapters/named-pipes.js'
import { temporaryFolder, writeScript } from '../../fixtures/temporary-folder.js'

/** A mkfifo that writes down that it was started; with how often it was. */
function countedMkfifo() {
  const folder = temporaryFolder()
  const starts = join(folder, 'starts')
  writeFileSync(starts, '')
  const path = writeScript(join(folder, 'mkfifo'), `echo x >>'${starts}'; exec mkfifo "$@"`)
  return { path, starts: () => readFileSync(starts, 'utf8').length / 2 }
}

/** A run with a folder of its own. */
function enterRun(): string {
  const folder = temporaryFolder()
  setCurrentRun({ id: 'run', folder, note: () => () => {} })
  onTestFinished(() => setCurrentRun(undefined))
  return folder
}

it('a run has many pipes, each for its user alone, by one start of what makes them', async () => {
  const folder = enterRun()
  const mkfifo = countedMkfifo()
  const pipes = await Promise.all(Array.from({ length: 10 }, () => takePipe(mkfifo.path)))
  expect(new Set(pipes.map(({ path }) => path)).size).toBe(10)
  for (const { path, beside } of pipes) {
    expect(path.startsWith(`${folder}/`)).toBe(true)
    expect([statSync(path).isFIFO(), statSync(path).mode & 0o777]).toEqual([true, 0o600])
    expect(existsSync(beside)).toBe(false)
  }
  expect(mkfifo.starts()).toBe(1)
})

it('a run has as many pipes as it needs', async () => {
  enterRun()
  const { path } = countedMkfifo()
  const pipes = await Promise.all(Array.from({ length: 50 }, () => takePipe(path)))
  expect(new Set(pipes.map(pipe => pipe.path)).size).toBe(50)
})

it('pipes that are made ahead are those that are taken', async () => {
  enterRun()
  const mkfifo = countedMkfifo()
  await stirPipes(mkfifo.path)
  await takePipe(mkfifo.path)
  expect(mkfifo.starts()).toBe(1)
})

it('a run takes no pipe of the one before it', async () => {
  enterRun()
  const mkfifo = countedMkfifo()
  await takePipe(mkfifo.path)
  const folder = enterRun()
  expect((await takePipe(mkfifo.path)).path.startsWith(`${folder}/`)).toBe(true)
})

it('a pipe is removed with what was written beside it', async () => {
  enterRun()
  const { path, beside, remove } = await takePipe(countedMkfifo().path)
  writeFileSync(beside, '1\n')
  remove()
  expect([existsSync(path), existsSync(beside)]).toEqual([false, false])
})

it('outside of a run one is made, and its folder goes with it', async () => {
  const folder = temporaryFolder()
  const { path } = countedMkfifo()
  vi.stubEnv('TMPDIR', folder)
  onTestFinished(() => void vi.unstubAllEnvs())
  await stirPipes(path)
  expect(readdirSync(folder)).toEqual([])
  const pipe = await takePipe(path)
  pipe.remove()
  expect(readdirSync(folder)).toEqual([])
})

it('what cannot be made is told in the words of what makes it, and tried again', async () => {
  enterRun()
  const folder = temporaryFolder()
  const failing = writeScript(join(folder, 'failing'), 'echo no space left >&2; exit 1')
  await expect(stirPipes(failing)).rejects.toThrow('no space left')
  const problem = await takePipe(failing).catch((error: unknown) => error)
  expect(problem).toMatchObject({
    syscall: 'mkfifo',
    message: expect.stringMatching(/: no space left$/)
  })
  expect(statSync((await takePipe(countedMkfifo().path)).path).isFIFO()).toBe(true)
})
