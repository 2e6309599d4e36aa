import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { nodeCrypto } from '../chain/node-crypto.js'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'
import { noteTemporary } from './current-run.js'

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
  const temporary = `${path}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`
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

function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const above = dirname(path)
    return above === path ? path : join(real(above), basename(path))
  }
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
