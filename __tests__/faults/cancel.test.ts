import { afterAll, describe, expect, it } from 'vitest'
import {
  checkTold,
  type Going,
  type Known,
  runToEnd,
  untilClear
} from '../fixtures/cancel/checks.js'
import { docker, isRunning, OURS, removeOurs, startForeign } from '../fixtures/cancel/daemon.js'
import { type Cancelled, cancelAfter, MANNERS, type Manner } from '../fixtures/cancel/manners.js'
import { type CancelProject, cancelProject } from '../fixtures/cancel/project.js'
import { amount, figure } from '../fixtures/figures.js'
import { temporaryProject, writeTree } from '../fixtures/project.js'
import { startRegistry } from '../fixtures/registry.js'

/** Seconds after a signal at which nothing of the run is left. */
const BOUND = 7

/** Projects that are worked on at once. */
const AT_ONCE = 2

/** Moments after which a chain is run to its end. */
const TO_THE_END = 4

const SEED = Number(
  process.env.CANCEL_SEED ?? amount(Math.trunc(Math.random() * 2 ** 31), 20_261_129)
)

afterAll(removeOurs)

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A project on the way from moment to moment. */
interface Work {
  readonly project: CancelProject
  /** Milliseconds that a whole run of it takes. */
  readonly whole: number
  /** Containers of somebody else. */
  readonly foreign: readonly string[]
  /** A project whose runs tidy up after those that were killed. */
  readonly next: string
  readonly random: () => number
  readonly slowest: Map<Manner, number>
}

/** Holds what was told by a run that heard its signal; gives what it is known to have built. */
function checkHeard(ended: Cancelled, manner: Manner, { project, slowest }: Work): Known {
  expect(ended.seconds).toBeLessThan(BOUND)
  slowest.set(manner, Math.max(slowest.get(manner) ?? 0, ended.seconds))
  if (manner === 'runner' && ended.signal === null) expect(ended.summary).not.toBe('')
  return checkTold(ended, project)
}

/** Ends one run at a random moment, and holds that nothing of it is left. */
async function oneMoment(work: Work, at: number): Promise<Going> {
  const { project, random, foreign, next, whole } = work
  const manner = MANNERS[at % MANNERS.length] as Manner
  const isHeard = manner === 'runner' || manner === 'terminal'
  const mark = `${project.name}-${at}-${SEED}`
  // The earlier an image stands in the chain, the more is built anew.
  project.change(Math.trunc(random() * 3), mark)
  const isBuildKit = random() < 0.5
  const env = project.env(mark, isBuildKit)
  const moment = random() * whole
  const ended = await cancelAfter(moment, manner, { project, env, next })
  const where = `${manner} after ${Math.round(moment)} ms, ${mark}`
  const until = ended.since + BOUND * 1000
  const left = await untilClear(project, { mark, foreign, until })
  expect(left, `${where}\n${ended.text}`).toEqual([])
  expect(foreign.map(isRunning), where).toEqual([true, true])
  expect(project.tornLines(), where).toBeLessThanOrEqual(isHeard ? 0 : 1)
  const known = isHeard && !ended.wasOver ? checkHeard(ended, manner, work) : new Map()
  return { known, isBuildKit }
}

describe('a run that is ended at a random moment', () => {
  it('leaves nothing, tells what it did, and the next run goes on from there', async () => {
    console.log(`CANCEL_SEED=${SEED}`)
    const registry = await startRegistry()
    const next = temporaryProject()
    writeTree(next, { 'docker/IMAGES.json': JSON.stringify({ images: [] }) })
    const slowest = new Map<Manner, number>()
    const ends = { reused: 0, built: 0 }

    const workOn = async (name: string, count: number) => {
      const project = cancelProject(name, registry.host)
      const began = performance.now()
      await runToEnd(project, { known: new Map(), isBuildKit: false })
      const whole = performance.now() - began
      const foreign = [
        startForeign(`${OURS}/${name}:0`, `${OURS}-${name}-foreign`),
        startForeign(project.tags[1] ?? '', `${OURS}-${name}-child`)
      ]
      const random = randomFrom(SEED + name.length + Number(name.slice(1)))
      const work: Work = { project, whole, foreign, next, random, slowest }
      for (let at = 0; at < count; at += 1) {
        const going = await oneMoment(work, at)
        if ((at + Number(name.slice(1))) % TO_THE_END !== 0) continue
        const { reused, built } = await runToEnd(project, going)
        ends.reused += reused
        ends.built += built
      }
      docker('rm', '--force', ...foreign)
    }

    const each = Math.ceil(amount(200, 8) / AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => workOn(`p${at}`, each)))
    const tell = (name: string, value: string) => figure({ area: 'cancel', name, value })
    tell('moments at which a run was ended', String(each * AT_ONCE))
    tell('left behind: programs, containers, temporary files', '0')
    for (const [manner, seconds] of slowest)
      tell(`longest time from the signal to the end, ${manner}'s manner`, `${seconds.toFixed(1)} s`)
    tell('images that runs to the end reused, and built', `${ends.reused} and ${ends.built}`)
  })
})
