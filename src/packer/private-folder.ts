import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { noteTemporary } from '../adapters/current-run.js'
import { randomWord } from '../adapters/random.js'
import { ChainError } from '../errors.js'

const PREFIX = '.build-chain-'
const DAY = 24 * 60 * 60_000

/** What killed runs left behind; a running one is younger. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name)
    if (!name.startsWith(PREFIX)) continue
    const age = Date.now() - (await stat(path)).mtimeMs
    if (age > DAY) await rm(path, { recursive: true, force: true })
  }
}

const isFull = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code))

const full = (parent: string, cause: Error) =>
  new ChainError('OUTPUT_UNWRITABLE', `cannot be written: ${cause.message}`, {
    where: { file: parent },
    hint: 'Make room on its disk, or set TMPDIR, RUNNER_TOOL_CACHE or XDG_CACHE_HOME to a folder on another.',
    cause
  })

/**
 * Runs `use` with a new folder inside `parent` that nobody else can read, and removes what is left of it.
 * What is renamed out of it appears whole or not at all.
 */
export async function withPrivateFolder<T>(
  parent: string,
  use: (folder: string) => Promise<T>
): Promise<T> {
  let folder: string
  try {
    await mkdir(parent, { recursive: true })
    await sweep(parent).catch(() => undefined)
    folder = join(parent, `${PREFIX}${randomWord(6)}`)
    noteTemporary(folder)
    await mkdir(folder, { mode: 0o700 })
  } catch (cause) {
    throw new ChainError('OUTPUT_UNWRITABLE', `${parent} cannot be written`, {
      hint: 'Set RUNNER_TOOL_CACHE or XDG_CACHE_HOME to a folder that can.',
      cause
    })
  }
  try {
    return await use(folder)
  } catch (error) {
    throw isFull(error) ? full(parent, error) : error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const TAKEN = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES', 'EBUSY'])

/** Moves a folder to its place; false where another run has put one there before. */
export async function placeFolder(folder: string, target: string): Promise<boolean> {
  await mkdir(dirname(target), { recursive: true })
  try {
    await rename(folder, target)
    return true
  } catch (error) {
    const there = await stat(target).catch(() => undefined)
    if (there && TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
}

/** Removes a folder in one step for all who look, then what is in it. */
export async function removeFolder(target: string, parent: string): Promise<void> {
  await withPrivateFolder(parent, async folder => {
    await rename(target, join(folder, 'removed')).catch(error => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    })
  })
}
