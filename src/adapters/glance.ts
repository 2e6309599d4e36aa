import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sha256 } from '../chain/node-crypto.js'
import type { SeenFile, SetOrigin, TreeEntry } from '../ports.js'
import { type RunningFind, runFind } from './run-find.js'
import { readEntry } from './tree-entry.js'
import { which } from './which.js'

/**
 * A path, and how it looks without its content: kind, mode, size, times, inode and target.
 * https://www.gnu.org/software/findutils/manual/html_mono/find.html#Print-File-Information
 */
const ROW = '%p\\0%y%m %s %T@ %C@ %i %l\\0'

const KINDS: Readonly<Partial<Record<TreeEntry['kind'], string>>> = {
  file: 'f',
  folder: 'd',
  link: 'l'
}

/** Nanoseconds as GNU's `find` prints them: seconds with ten digits behind the point. */
const timeOf = (nanoseconds = '') => `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}0`

/** What `find` prints of an entry; of a kind that nothing is built from it is never the same. */
function rowOf(path: string, { kind, mode, stamp, target = '' }: TreeEntry): string {
  const [size, changed, touched, inode] = stamp.split('.')
  const look = `${KINDS[kind] ?? '?'}${mode.toString(8)} ${size} ${timeOf(changed)} ${timeOf(touched)}`
  return `${path}\0${look} ${inode} ${target}\0`
}

const literally = (path: string) => path.replaceAll(/[\\*?[]/g, '\\$&')

/** Folders that are not looked into, nor at. */
const without = (paths: readonly string[]) =>
  paths.flatMap(path => ['-path', literally(path), '-prune', '-o'])

/** What lies right below the roots is asked for here, where it is no more than this. */
const MOST_NEAR = 1000

/** Paths that are asked for here, and folders among them, whose content is left to `find`. */
interface Near {
  readonly paths: readonly string[]
  readonly folders: readonly string[]
}

/** What lies right below a root, less the folders that are left out; undefined where that is not known, or too much. */
function near(root: string, leftOut: readonly string[]): Near | undefined {
  try {
    const entries = readdirSync(root, { withFileTypes: true })
      .map(entry => ({ path: join(root, entry.name), isFolder: entry.isDirectory() }))
      .filter(({ path }) => !leftOut.includes(path))
      .sort((one, other) => (one.path < other.path ? -1 : 1))
    const paths = entries.map(({ path }) => path)
    if (paths.length > MOST_NEAR || paths.some(path => path.includes('\ufffd'))) return undefined
    return { paths, folders: entries.flatMap(({ path, isFolder }) => (isFolder ? [path] : [])) }
  } catch {
    return undefined
  }
}

/** What is looked at here, and by calls of `find`, which run side by side. */
interface Split {
  readonly here: readonly string[]
  readonly calls: readonly (readonly string[])[]
}

function split({ roots, leftOut }: SetOrigin): Split {
  const all = roots.map(root => near(root, leftOut))
  const folders = all.flatMap(each => each?.folders ?? [])
  const print = ['-printf', ROW]
  if (all.includes(undefined) || folders.length < 2) {
    return { here: [], calls: [[...roots, ...without(leftOut), ...print]] }
  }
  const far = without(leftOut.filter(path => !roots.includes(dirname(path))))
  const halves = [0, 1].map(half => folders.filter((_, at) => at % 2 === half))
  return {
    here: [...roots, ...all.flatMap(each => each?.paths ?? [])],
    calls: halves.map(half => [...half, '-mindepth', '1', ...far, ...print])
  }
}

/** A folder on the way would lead elsewhere if it were a link; what else lies in it comes and goes. */
const kindAt = (path: string) => `${path}\0${readEntry(path, path)?.kind}\0`

function rowAt(path: string): string {
  const entry = readEntry(path, path)
  return entry ? rowOf(path, entry) : `${path}\0none\0`
}

/** How all files at and below some folders look, without their content. */
export interface Glance {
  /** SHA-256 of it in hexadecimal digits. */
  readonly digest: string
  /** Whether files that were looked at one by one look as they do here. */
  readonly shows: (files: readonly SeenFile[]) => boolean
}

/** A glance that is being taken. */
export interface Glancing {
  /** Milliseconds since the epoch at which it was begun. */
  readonly startedAt: number
  /** Undefined where it cannot be had. */
  readonly glance: Promise<Glance | undefined>
  /** Gives it up. */
  readonly end: () => void
}

/** Each path with what follows it. */
function rowsIn(text: string): readonly string[] {
  const parts = text.split('\0')
  return parts.flatMap((part, at) => (at % 2 === 1 ? [`${parts[at - 1]}\0${part}\0`] : []))
}

function glanceOf(ways: string, here: string, outputs: readonly Buffer[]): Glance {
  return {
    digest: sha256([ways, here, ...outputs.map(sha256)].join('\n')),
    shows: files => {
      const rows = new Set([here, ...outputs.map(String)].flatMap(rowsIn))
      return files.every(({ path, entry }) => rows.has(rowOf(path, entry)))
    }
  }
}

/**
 * Takes a glance at what a set of files is made from. Most of it is GNU's `find` beside this program: each question to
 * the file system takes Node several times as long.
 * @returns undefined where there is no such program, or no temporary file to be had
 */
export function glanceAt(origin: SetOrigin): Glancing | undefined {
  const find = which('find')
  if (!find || process.platform === 'win32') return undefined
  const startedAt = Date.now()
  const running: RunningFind[] = []
  const end = () => {
    for (const each of running) each.end()
  }
  try {
    const { here, calls } = split(origin)
    process.once('exit', end)
    for (const words of calls) running.push(runFind(find, words))
    const ways = origin.above.map(kindAt).join('')
    const rows = here.map(rowAt).join('')
    const glance = Promise.all(running.map(({ output }) => output)).then(outputs => {
      process.off('exit', end)
      const all = outputs.flatMap(output => output ?? [])
      return all.length < outputs.length ? undefined : glanceOf(ways, rows, all)
    })
    return { startedAt, glance, end }
  } catch {
    end()
    return undefined
  }
}
