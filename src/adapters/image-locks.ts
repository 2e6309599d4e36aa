import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync
} from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '../chain/node-crypto.js'
import type { ImageLock, ImageLocks } from '../ports.js'
import { pause } from '../run/pause.js'
import { noteTemporary } from './current-run.js'
import { isGone, ownIdentity, type ProcessIdentity } from './process-identity.js'

/** Milliseconds between looks at a lock that another run holds. */
const LOOK = 100

/** Milliseconds between two signs of life of a run that holds locks. */
const BEAT = 5_000

/** Milliseconds without a sign of life after which a run counts as stuck, or as one that cannot be seen from here and is gone. */
const SILENCE = 60_000

/** How long the waits of locks are, in milliseconds. */
export interface LockTimes {
  readonly look: number
  readonly beat: number
  readonly silence: number
}

interface Found {
  readonly text: string
  /** Differs after every sign of life. */
  readonly stamp: string
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code

function textOf(owner: ProcessIdentity): string {
  const token = nodeCrypto().randomBytes(8).toString('hex')
  return `${JSON.stringify({ ...owner, token })}\n`
}

function parseOwner(text: string): ProcessIdentity | undefined {
  try {
    const owner = JSON.parse(text) as ProcessIdentity
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 ? owner : undefined
  } catch {
    return undefined
  }
}

/** Makes a file that is nobody's yet; undefined where one is there. */
function create(file: string, text: string): true | undefined {
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
function look(file: string): Found | undefined {
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
function setAside(file: string, { text }: Found): void {
  const aside = `${file}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`
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

/** Gives signs of life of the locks that this run holds, by times that no clock has a part in. */
function openPulse(beat: number) {
  const held = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let beats = 0
  const give = () => {
    beats += 1
    for (const file of held) {
      try {
        utimesSync(file, beats, beats)
      } catch {
        // Its lock was taken away, or its disk is gone: the build goes on without.
      }
    }
  }
  const add = (file: string) => {
    held.add(file)
    timer ??= setInterval(give, beat).unref()
  }
  const remove = (file: string) => {
    held.delete(file)
    if (held.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return { add, remove }
}

type Waiting = Parameters<ImageLocks['take']>[1]

/** Waits while a lock is held by a run that lives; whether it may be asked for again. */
function openWatch(file: string, { onWait }: Waiting, silence: number) {
  let last: Found | undefined
  let since = 0
  let told = ''
  return () => {
    const found = look(file)
    if (!found) return
    const now = performance.now()
    if (found.stamp !== last?.stamp) since = now
    last = found
    const owner = parseOwner(found.text)
    if ((owner && isGone(owner)) || now - since > silence) return setAside(file, found)
    if (told === found.text) return
    told = found.text
    onWait(owner?.pid)
  }
}

/**
 * Locks of images: a file each, made by whoever is first, with what tells its process. They save work
 * and nothing rests on them, so where one cannot be had its image is built without.
 * @param folder absolute; undefined where nothing can be kept
 */
export function openImageLocks(
  folder: string | undefined,
  { look: every, beat, silence }: LockTimes = { look: LOOK, beat: BEAT, silence: SILENCE }
): ImageLocks {
  const pulse = openPulse(beat)
  let owner: ProcessIdentity | undefined

  const holding = (file: string, text: string): ImageLock => {
    const takeBack = noteTemporary(file)
    pulse.add(file)
    const release = () => {
      pulse.remove(file)
      takeBack()
      try {
        if (readFileSync(file, 'utf8') === text) rmSync(file)
      } catch {
        // What is left is known for that of an ended run.
      }
    }
    return { release }
  }

  const wait = async (file: string, waiting: Waiting): Promise<ImageLock | undefined> => {
    owner ??= ownIdentity()
    const text = textOf(owner)
    const watch = openWatch(file, waiting, silence)
    while (!waiting.signal.aborted) {
      if (create(file, text)) return holding(file, text)
      watch()
      await pause(every, waiting.signal)
    }
    return undefined
  }

  const take: ImageLocks['take'] = async (image, waiting) => {
    if (folder === undefined) return undefined
    const name = nodeCrypto().createHash('sha256').update(image).digest('hex').slice(0, 32)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      return await wait(join(folder, name), waiting)
    } catch {
      return undefined
    }
  }

  return { take }
}
