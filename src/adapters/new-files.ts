import { lstatSync, mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ChainError } from '../errors.js'
import type { NewFile, NewFiles } from '../ports.js'

/** The folders on the way to a path, the outermost first. */
function foldersOf(path: string): string[] {
  const names = path.split('/').slice(0, -1)
  return names.map((_, at) => names.slice(0, at + 1).join('/'))
}

/** What is at a path; nothing is below what is no folder. */
function look(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}

function obstacle(folder: string, path: string): string | undefined {
  for (const parent of foldersOf(path)) {
    const found = look(join(folder, parent))
    // A link would lead what is written out of the folder.
    if (found && !found.isDirectory()) return `${parent} is no folder`
  }
  return look(join(folder, path)) ? `${path} is there` : undefined
}

async function create(folder: string, { path, text, isProgram }: NewFile): Promise<void> {
  const file = join(folder, path)
  try {
    mkdirSync(dirname(file), { recursive: true })
    await writeFile(file, text, { flag: 'wx', mode: isProgram ? 0o777 : 0o666 })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ChainError('OUTPUT_UNWRITABLE', `cannot be written: ${reason}`, {
      where: { file },
      hint: 'Its folder has to be one that this user can write to, on a disk with room.',
      cause
    })
  }
}

/** New files on this machine; what is there already stays as it is. */
export const newFiles: NewFiles = { obstacle, create }
