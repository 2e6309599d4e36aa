import { mkdirSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../chain/node-crypto.js'
import type { ImageLock, ImageLocks } from '../ports.js'
import { pause } from '../run/pause.js'
import { noteTemporary } from './current-run.js'
import { createLock, type FoundLock, lookAtLock, setAside } from './lock-file.js'
import { isGone, ownIdentity, type ProcessIdentity } from './process-identity.js'
import { randomWord } from './random.js'

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

function textOf(owner: ProcessIdentity): string {
  const token = randomWord(8)
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

/**
 * Makes a look at the lock of another run, for each time before it is asked for again: it tells for whom is waited,
 * and takes the lock of a run that has ended away.
 */
function openWatch(file: string, { onWait }: Waiting, silence: number) {
  let last: FoundLock | undefined
  let since = 0
  let told = ''
  return () => {
    const found = lookAtLock(file)
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
      if (createLock(file, text)) return holding(file, text)
      watch()
      await pause(every, waiting.signal)
    }
    return undefined
  }

  const take: ImageLocks['take'] = async (image, waiting) => {
    if (folder === undefined) return undefined
    const name = sha256(image).slice(0, 32)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      return await wait(join(folder, name), waiting)
    } catch {
      return undefined
    }
  }

  return { take }
}
