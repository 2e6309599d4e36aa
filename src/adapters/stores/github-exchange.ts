import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { noteTemporary } from '../current-run.js'

/**
 * Works with a folder that does not exist yet, and removes it afterwards: its path is the same in
 * all runs, so that of two programs at once in one job the second goes without.
 * @returns undefined for the second
 */
export async function withExchange<T>(
  folder: string,
  signal: AbortSignal,
  work: () => Promise<T>
): Promise<T | undefined> {
  const lock = `${folder}.lock`
  await mkdir(dirname(folder), { recursive: true })
  try {
    await mkdir(lock)
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw failure
  }
  const takeBack = [lock, folder].map(noteTemporary)
  try {
    await rm(folder, { recursive: true, force: true })
    return await work()
  } finally {
    await rm(folder, { recursive: true, force: true })
    // A call that was given up may write here later: then nobody else does in this job.
    if (!signal.aborted) {
      for (const back of takeBack) back()
      await rm(lock, { recursive: true, force: true })
    }
  }
}
