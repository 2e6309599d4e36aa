import type { ChildProcess } from 'node:child_process'
import { closeSync, fstatSync, openSync, readdirSync, readSync, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { hasLoneBytes } from '../chain/byte-text.js'
import { sha256 } from '../chain/node-crypto.js'
import type { SetOrigin } from '../ports.js'
import { temporaryRoot } from './current-run.js'
import { randomWord } from './random.js'
import { readEntry } from './tree-entry.js'
import { which } from './which.js'

type Processes = typeof import('node:child_process')

/** How something looks without its content: https://www.gnu.org/software/findutils/manual/html_mono/find.html#Print-File-Information */
const LOOK = '%p\\0%y%m %s %T@ %C@ %D:%i %l\\0'

const literally = (path: string) => path.replaceAll(/[\\*?[]/g, '\\$&')

/** Folders that are not looked into, nor at. */
const without = (paths: readonly string[]) =>
  paths.flatMap(path => ['-type', 'd', '-path', literally(path), '-prune', '-o'])

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
      .filter(({ path, isFolder }) => !(isFolder && leftOut.includes(path)))
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
  const look = ['-printf', LOOK]
  if (all.includes(undefined) || folders.length < 2) {
    return { here: [], calls: [[...roots, ...without(leftOut), ...look]] }
  }
  const far = without(leftOut.filter(path => !roots.includes(dirname(path))))
  const halves = [0, 1].map(half => folders.filter((_, at) => at % 2 === half))
  return {
    here: [...roots, ...all.flatMap(each => each?.paths ?? [])],
    calls: halves.map(half => [...half, '-mindepth', '1', ...far, ...look])
  }
}

/** A folder on the way only counts for which one it is: what else lies in it comes and goes. */
function identity(path: string): string {
  const { kind, stamp = '' } = readEntry(path, path) ?? {}
  return `${path}\0${kind} ${stamp.slice(stamp.lastIndexOf('.'))}`
}

function look(path: string): string {
  const { kind, mode, stamp, target } = readEntry(path, path) ?? {}
  return `${path}\0${kind} ${mode} ${stamp} ${target}`
}

/** A file without a name: what is written there is read again by its descriptor. */
function namelessFile(): number {
  const path = join(temporaryRoot(), `build-chain-look-${randomWord(8)}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}

/** All that was written to a file, from its start: whoever wrote it shares its position. */
function contentOf(file: number): Buffer {
  const content = Buffer.allocUnsafe(fstatSync(file).size)
  return content.subarray(0, readSync(file, content, 0, content.length, 0))
}

/** A digest that is being made. */
export interface StatDigest {
  /** Milliseconds since the epoch at which it was begun. */
  readonly startedAt: number
  /** Undefined where it cannot be had. */
  readonly value: Promise<string | undefined>
  /** Gives it up. */
  end(): void
}

interface Running {
  readonly child: ChildProcess
  readonly output: Promise<string | undefined>
}

/** Runs `find` into a file: a pipe would have it wait whenever this program is busy. */
function run(find: string, words: readonly string[]): Running {
  // Most runs have no set to look at.
  const { spawn } = createRequire(import.meta.url)('node:child_process') as Processes
  const file = namelessFile()
  const env = { PATH: process.env.PATH, LC_ALL: 'C' }
  const child = spawn(find, words, { env, stdio: ['ignore', file, 'ignore'] })
  const output = new Promise<string | undefined>(resolve => {
    child.on('error', () => resolve(undefined))
    child.on('exit', status => resolve(status === 0 ? sha256(contentOf(file)) : undefined))
  }).finally(() => closeSync(file))
  return { child, output }
}

/**
 * A hash over the sizes, times, modes, kinds and inodes of all files at and below some folders. Most of it is made by
 * GNU's `find` beside this program: each question to the file system takes Node several times as long.
 * @returns undefined where there is no such program, or no temporary file to be had
 */
export function statDigest(origin: SetOrigin): StatDigest | undefined {
  const find = which('find')
  if (!find || process.platform === 'win32') return undefined
  const startedAt = Date.now()
  try {
    const { here, calls } = split(origin)
    const running = calls.map(words => run(find, words))
    const seen = [...origin.above.map(identity), ...here.map(look)].join('\0')
    const value = Promise.all(running.map(({ output }) => output)).then(all =>
      all.includes(undefined) || hasLoneBytes(seen) ? undefined : sha256([seen, ...all].join('\0'))
    )
    return {
      startedAt,
      value,
      end: () => {
        for (const { child } of running) child.kill('SIGKILL')
      }
    }
  } catch {
    return undefined
  }
}
