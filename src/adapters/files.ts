import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { dirname, isAbsolute, normalize, resolve, sep } from 'node:path'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'
import { noteTemporary } from './current-run.js'
import { randomWord } from './random.js'

// Small files are read and written at once, which is sooner done than a thread is asked to.

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

/** A terminal or `/dev/zero`, to which a link may lead, has no end. */
function isEndless(path: string): boolean {
  const found = statSync(path)
  return found.isCharacterDevice() || found.isBlockDevice()
}

async function read(path: string): Promise<Uint8Array> {
  try {
    if (isEndless(path)) throw new Error('it is a device, expected a file')
    return readFileSync(path)
  } catch (cause) {
    throw new ChainError('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, {
      where: { file: path },
      hint: 'It has to be a file that this user can read.',
      cause
    })
  }
}

function discard(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {}
}

async function write(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomWord(6)}.tmp`
  noteTemporary(temporary)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, text)
    renameSync(temporary, path)
  } catch (cause) {
    discard(temporary)
    throw new ChainError('OUTPUT_UNWRITABLE', `cannot be written: ${reasonOf(cause)}`, {
      where: { file: path },
      hint: 'Its folder has to be one that this user can write to, on a disk with room.',
      cause
    })
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Links that are followed, as Linux does. */
const MOST_LINKS = 40

/**
 * Where a link points; null where nothing is, nor can be below. Most paths are no link, and an error for each would
 * take longer than all else.
 */
function targetOf(path: string): string | undefined | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (!found) return null
    return found.isSymbolicLink() ? readlinkSync(path) : undefined
  } catch {
    return null
  }
}

/** The names of a path, the first one last. */
const namesOf = (path: string) =>
  path
    .split('/')
    .filter(name => name !== '' && name !== '.')
    .reverse()

function step(at: string, name: string): string {
  if (name === '..') return dirname(at)
  return at === '/' ? `/${name}` : `${at}/${name}`
}

/** Where a path leads, each link followed before what comes after it, as the system does; its end need not be there. */
function walk(path: string): string {
  const waiting = namesOf(path)
  let at = '/'
  let links = 0
  // Below what is not there nothing is asked for: a path may be of thousands of names.
  let missing: string | undefined
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === '..' && at === missing) missing = undefined
    at = step(at, name)
    if (name === '..' || missing !== undefined || links >= MOST_LINKS) continue
    const target = targetOf(at)
    if (target === null) missing = at
    if (typeof target !== 'string') continue
    links += 1
    at = target.startsWith('/') ? '/' : dirname(at)
    waiting.push(...namesOf(target))
  }
  return at
}

function real(path: string): string {
  try {
    // Of a path with `..` in it the folders before that need not be there; an error takes longer than to ask before.
    if (normalize(path) === path && existsSync(path)) return realpathSync.native(path)
  } catch {
    // Its end is not there, or leads nowhere.
  }
  return isAbsolute(path) && sep === '/' ? walk(path) : resolve(path)
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}

/** The file system of this machine. */
export const files: Files = {
  exists: existsSync,
  isFolder,
  real,
  read,
  readText: async path => Buffer.from(await read(path)).toString(),
  list: async path => namesIn(path).sort(),
  write
}
