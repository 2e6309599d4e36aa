import { dirname, join, relative, sep } from 'node:path'

/**
 * The folders on the way to a path, from where it parts from the way to the project's folder: one
 * that is moved away and put back while an image is built leaves no trace in the files below it. What
 * has nothing in common with the project, such as `/tmp`, is not watched.
 */
export function foldersOnTheWay(folder: string, path: string): readonly string[] {
  const names = relative(folder, path).split(sep)
  const up = names.findIndex(name => name !== '..')
  const start = join(folder, ...names.slice(0, up))
  if (start === dirname(start)) return []
  return names.slice(up, -1).map((_, at) => join(start, ...names.slice(up, up + at + 1)))
}
