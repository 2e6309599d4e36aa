import type { ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { runEnvironment, temporaryRoot } from './current-run.js'
import { randomWord } from './random.js'

type Processes = typeof import('node:child_process')

/** A file without a name: what is written there is read again by its descriptor. */
function namelessFile(): number {
  const path = join(temporaryRoot(), `build-chain-glance-${randomWord(8)}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}

/** Bytes that are read of what `find` printed, at most: of a million files. */
const MOST_BYTES = 256 << 20

/** All that was written to a file, from its start: whoever wrote it shares its position. Undefined where it cannot be had. */
function contentOf(file: number): Buffer | undefined {
  try {
    const { size } = fstatSync(file)
    if (size > MOST_BYTES) return undefined
    const content = Buffer.allocUnsafe(size)
    return content.subarray(0, readSync(file, content, 0, size, 0))
  } catch {
    return undefined
  }
}

/** Milliseconds for `find`: a file system that is far away may take for ever. */
const LONGEST = 10_000

/** What `find` printed; undefined where it failed, or took too long. */
export interface RunningFind {
  readonly output: Promise<Buffer | undefined>
  readonly end: () => void
}

/**
 * Runs `find` into a file: a pipe would have it wait whenever this program is busy.
 * @param find absolute path of it
 * @throws the error of the system where it cannot be started
 */
export function runFind(find: string, words: readonly string[]): RunningFind {
  // Most runs have no set to look at.
  const { spawn } = createRequire(import.meta.url)('node:child_process') as Processes
  const file = namelessFile()
  const env = { PATH: process.env.PATH, LC_ALL: 'C', ...runEnvironment() }
  let child: ChildProcess
  try {
    child = spawn(find, words, { env, stdio: ['ignore', file, 'ignore'] })
  } catch (error) {
    closeSync(file)
    throw error
  }
  const end = () => void child.kill('SIGKILL')
  const late = setTimeout(end, LONGEST).unref()
  const output = new Promise<Buffer | undefined>(resolve => {
    child.on('error', () => resolve(undefined))
    child.on('exit', status => resolve(status === 0 ? contentOf(file) : undefined))
  }).finally(() => {
    clearTimeout(late)
    closeSync(file)
  })
  return { output, end }
}
