import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'

/** Whether a path is the folder itself or below it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

/** The checkout that holds a folder, undefined where none does. */
export function checkoutAbove(
  folder: string,
  exists: (path: string) => boolean
): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (exists(join(at, '.git'))) return at
    if (dirname(at) === at) return undefined
  }
}

/** Characters of a path that a system takes: PATH_MAX, https://man7.org/linux/man-pages/man7/path_resolution.7.html */
const LONGEST = 4096

/**
 * Tells which paths lie in a project, links followed: below the root or the checkout that it is in.
 * @param folders more that count, absolute: those of manifests that the user named himself
 */
export function projectBounds(
  root: string,
  folders: readonly string[],
  files: Pick<Files, 'exists' | 'real'>
): (path: string) => boolean {
  let bounds: readonly string[] | undefined
  const known = new Map<string, boolean>()
  const look = (path: string) => {
    if (path.length > LONGEST) return false
    bounds ??= [root, ...folders].map(folder => {
      const path = resolve(folder)
      return files.real(checkoutAbove(path, files.exists) ?? path)
    })
    const real = files.real(path)
    return bounds.some(bound => isWithin(bound, real))
  }
  return path => {
    const answer = known.get(path) ?? look(path)
    known.set(path, answer)
    return answer
  }
}

/** Files of which none is read that lies outside of the project, as a link in it may lead there. */
export function boundedFiles(files: Files, mayRead: (path: string) => boolean): Files {
  const refuse = (path: string) => {
    if (mayRead(path)) return
    throw new ChainError('FILE_UNREADABLE', 'leads out of the project', {
      where: { file: path },
      hint: 'Put the file in the place of the link, or set outside-paths where the project is your own.'
    })
  }
  return {
    ...files,
    read: async path => {
      refuse(path)
      return files.read(path)
    },
    readText: async path => {
      refuse(path)
      return files.readText(path)
    }
  }
}
