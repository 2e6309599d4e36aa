import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { nodeCrypto } from '../chain/node-crypto.js'
import { ChainError } from '../errors.js'
import type { Files } from '../ports.js'

const reasonOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

async function read(path: string): Promise<Uint8Array> {
  try {
    // At once: a small file is read sooner than a thread is asked to.
    return readFileSync(path)
  } catch (cause) {
    throw new ChainError('FILE_UNREADABLE', `cannot be read: ${reasonOf(cause)}`, {
      where: { file: path },
      hint: 'It has to be a file that this user can read.',
      cause
    })
  }
}

async function write(path: string, text: string): Promise<void> {
  const temporary = `${path}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(temporary, text)
    await rename(temporary, path)
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {})
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
  read,
  readText: async path => Buffer.from(await read(path)).toString(),
  list: async path => namesIn(path).sort(),
  write
}
