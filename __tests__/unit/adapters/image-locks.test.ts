import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openImageLocks } from '../../../src/adapters/image-locks.js'
import { ownIdentity } from '../../../src/adapters/process-identity.js'
import type { ImageLock } from '../../../src/ports.js'
import { temporaryFolder } from '../../fixtures/temporary-folder.js'

const TIMES = { look: 1, beat: 2, silence: 10_000 }

/** A run on a folder, and whom it has waited for. */
function aRun(folder: string | undefined, times = TIMES) {
  const locks = openImageLocks(folder, times)
  const end = new AbortController()
  onTestFinished(() => end.abort())
  const waited: (number | undefined)[] = []
  const take = (image = 'app') =>
    locks.take(image, { signal: end.signal, onWait: pid => void waited.push(pid) })
  return { take, waited, end }
}

/** A folder with a lock that no run of this test holds. */
async function abandoned(owner: unknown): Promise<string> {
  const folder = temporaryFolder()
  const lock = await aRun(folder).take()
  const file = heldFile(folder)
  lock?.release()
  writeFileSync(file, typeof owner === 'string' ? owner : JSON.stringify(owner))
  return folder
}

const gone = () => ({ ...ownIdentity(), start: '1' })

const unseen = () => ({ ...ownIdentity(), namespace: 'pid:[1]' })

const heldFile = (folder: string) => join(folder, readdirSync(folder)[0] ?? '')

describe('the lock of an image', () => {
  it('is had by one run at a time, and the next is told for whom it waits', async () => {
    const folder = temporaryFolder()
    const [one, other] = [aRun(folder), aRun(folder)]
    const first = await one.take()
    let got: ImageLock | undefined
    const second = other.take().then(lock => {
      got = lock
    })
    await expect.poll(() => other.waited).toEqual([process.pid])
    expect(got).toBeUndefined()
    first?.release()
    await second
    expect(got).toBeDefined()
    expect(one.waited).toEqual([])
    got?.release()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is no hindrance to other images', async () => {
    const folder = temporaryFolder()
    const [one, other] = [aRun(folder), aRun(folder)]
    expect(await one.take('base')).toBeDefined()
    expect(await other.take('app')).toBeDefined()
  })

  it('is never had twice, whoever comes, goes, and was killed before', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 8 }),
        fc.boolean(),
        async (turns, killed) => {
          const folder = killed ? await abandoned(gone()) : temporaryFolder()
          let inside = 0
          const visit = async (length: number) => {
            const lock = await aRun(folder).take()
            expect(lock).toBeDefined()
            inside += 1
            expect(inside).toBe(1)
            for (let turn = 0; turn < length; turn += 1) await new Promise(setImmediate)
            inside -= 1
            lock?.release()
          }
          await Promise.all(turns.map(visit))
        }
      ),
      { numRuns: 30 }
    )
  })

  it('is taken over at once from a process that is gone', async () => {
    const next = aRun(await abandoned(gone()))
    expect(await next.take()).toBeDefined()
    expect(next.waited).toEqual([])
  })

  it('is taken over from one that cannot be seen only after it has given no sign for long', async () => {
    const patient = aRun(await abandoned(unseen()))
    let got: unknown = 'nothing yet'
    const never = patient.take().then(lock => {
      got = lock
    })
    await expect.poll(() => patient.waited).toHaveLength(1)
    const hasty = aRun(await abandoned(unseen()), { ...TIMES, silence: 30 })
    expect(await hasty.take()).toBeDefined()
    expect(got).toBe('nothing yet')
    patient.end.abort()
    await never
    expect(got).toBeUndefined()
  })

  it('is left to one that gives signs of life, whatever its clock says', async () => {
    const folder = temporaryFolder()
    const one = aRun(folder)
    await one.take()
    const file = heldFile(folder)
    const before = readFileSync(file, 'utf8')
    utimesSync(file, 2_000_000_000, 2_000_000_000)
    const other = aRun(folder, { ...TIMES, silence: 1_000 })
    const waiting = other.take()
    const times = new Set<number>()
    await expect
      .poll(() => times.add(statSync(file).mtimeMs).size, { interval: 1, timeout: 15_000 })
      .toBeGreaterThan(700)
    expect(readFileSync(file, 'utf8')).toBe(before)
    other.end.abort()
    expect(await waiting).toBeUndefined()
  })

  it('is never taken from another by a run that gives back what it had', async () => {
    const folder = temporaryFolder()
    const lock = await aRun(folder).take()
    const file = heldFile(folder)
    writeFileSync(file, 'of another')
    lock?.release()
    expect(existsSync(file)).toBe(true)
  })

  it('waits for an owner whose lock is cut, as for one that cannot be seen', async () => {
    const other = aRun(await abandoned('{"pid":1'), { ...TIMES, silence: 30 })
    expect(await other.take()).toBeDefined()
    expect(other.waited).toEqual([undefined])
  })

  it('is gone without where there is no folder, or none can be made', async () => {
    expect(await aRun(undefined).take()).toBeUndefined()
    const file = join(temporaryFolder(), 'file')
    writeFileSync(file, '')
    expect(await aRun(join(file, 'locks')).take()).toBeUndefined()
  })
})
