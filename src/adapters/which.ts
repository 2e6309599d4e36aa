import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

const endings = (extensions: string | undefined): readonly string[] =>
  process.platform === 'win32' ? (extensions ?? '.EXE;.CMD').split(';') : ['']

/** Absolute path of the first program of that name in the folders of `searchPath`, or undefined. */
export function which(
  tool: string,
  searchPath = process.env.PATH ?? '',
  extensions = process.env.PATHEXT
): string | undefined {
  for (const folder of searchPath.split(delimiter)) {
    if (folder === '') continue
    for (const ending of endings(extensions)) {
      const path = resolve(folder, tool + ending)
      if (isProgram(path)) return path
    }
  }
  return undefined
}
