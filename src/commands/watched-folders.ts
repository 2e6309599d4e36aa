import { dirname, join, relative, sep } from 'node:path'

/** The folders between one and a path below it, by slicing alone, since there may be thousands of paths. */
function foldersBetween(folder: string, path: string): readonly string[] {
  const folders: string[] = []
  for (let at = path.indexOf('/', folder.length + 1); at >= 0; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at))
  }
  return folders
}

/**
 * The folders on the way to a path, from where it parts from the way to the project's folder: one
 * that is moved away and put back while an image is built leaves no trace in the files below it. What
 * has nothing in common with the project, such as `/tmp`, is not watched.
 * @param folder absolute and normal, as `path` is
 */
export function foldersOnTheWay(folder: string, path: string): readonly string[] {
  if (path.startsWith(`${folder}/`)) return foldersBetween(folder, path)
  const names = relative(folder, path).split(sep)
  const up = names.findIndex(name => name !== '..')
  const start = join(folder, ...names.slice(0, up))
  if (start === dirname(start)) return []
  return names.slice(up, -1).map((_, at) => join(start, ...names.slice(up, up + at + 1)))
}
