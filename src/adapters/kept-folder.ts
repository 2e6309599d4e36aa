import { promises } from 'node:fs'
import { join } from 'node:path'
import { stateFolder } from './memory.js'

/** Folder of what runs have left on purpose, absolute. */
export const keptFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  join(stateFolder(env), 'kept')

/** Whether a process of that id runs; one of another user does, too. */
export function processIsRunning(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a folder in which nothing is; any other is left as it is. */
export const removeEmptyFolder = (path: string): Promise<void> =>
  promises.rmdir(path).catch(() => {})
