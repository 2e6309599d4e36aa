import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from 'node:fs'
import { noteTemporary } from './current-run.js'
import { randomWord } from './random.js'

/** A lock's file as it was seen. */
export interface FoundLock {
  readonly text: string
  /** Differs after every sign of life. */
  readonly stamp: string
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

/** Makes a file that is nobody's yet; undefined where one is there. */
export function createLock(file: string, text: string): true | undefined {
  let opened: number
  try {
    opened = openSync(file, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    throw error
  }
  try {
    writeSync(opened, text)
    return true
  } catch (error) {
    rmSync(file, { force: true })
    throw error
  } finally {
    closeSync(opened)
  }
}

/** A lock as it is now; undefined where it was given back. */
export function lookAtLock(file: string): FoundLock | undefined {
  try {
    const { mtimeMs, ino } = statSync(file)
    return { text: readFileSync(file, 'utf8'), stamp: `${ino} ${mtimeMs}` }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Takes the lock of an ended run away. Where another run did so just before, it is the new lock that
 * was moved: that is put back.
 */
export function setAside(file: string, { text }: FoundLock): void {
  const aside = `${file}.${randomWord(6)}.tmp`
  noteTemporary(aside)
  try {
    renameSync(file, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  try {
    if (readFileSync(aside, 'utf8') !== text) linkSync(aside, file)
  } catch {
    // A third run has the lock by now: an image may be built twice, and both are right.
  } finally {
    rmSync(aside, { force: true })
  }
}
