import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { which } from '../../src/adapters/which.js'
import { amount, figure } from '../fixtures/figures.js'
import { loadChain } from '../fixtures/load/load-chain.js'
import { startLoadDaemon } from '../fixtures/load/load-daemon.js'
import {
  begunTooEarly,
  handlesAlone,
  memoryRatio,
  mostAtOnce,
  mostHandles,
  peakMemory,
  timeRatio
} from '../fixtures/load/load-figures.js'
import { type LoadPlace, type LoadRun, runLoad, SLOTS } from '../fixtures/load/load-run.js'
import { writeTree } from '../fixtures/project.js'
import { temporaryFolder } from '../fixtures/temporary-folder.js'

const isWhole = amount(1, 0) === 1

/**
 * The time to that of the best schedule of the same builds. In a short run the begin, when nobody waits for what
 * a slot does next, is a large part of it.
 */
const LONGEST = isWhole ? 1.1 : 2

/** What each build prints: in a short run more, so that it would show if it were kept. */
const KILOBYTES = amount(128, 1_024)

/** Builders that only wait, so that the processors are no limit. */
const STAND_IN: LoadPlace = {
  prefix: 'load',
  base: 'scratch',
  docker: 'stand-in',
  environment: async home => {
    const daemon = await startLoadDaemon(home)
    onTestFinished(daemon.close)
    return { DOCKER_HOST: daemon.host, LOAD_KILOBYTES: String(KILOBYTES) }
  }
}

const PREFIX = `bc-load-${process.pid}`

/** A base with a folder in it, on the real daemon; all of it goes with the test. */
function importBase(): string {
  const [folder, tag] = [temporaryFolder(), `${PREFIX}/base:1`]
  writeTree(folder, { 'load/file': 'of the base\n' })
  execFileSync('sh', ['-c', 'tar -C "$0" -cf - . | docker import - "$1"', folder, tag])
  onTestFinished(() => {
    const list = ['images', '--format', '{{.Repository}}:{{.Tag}}', `${PREFIX}/*`]
    const ours = execFileSync('docker', list, { encoding: 'utf8' }).trim().split('\n')
    spawnSync('docker', ['rmi', '--force', ...ours])
  })
  return tag
}

const REAL_IMAGES = amount(200, 20)

const REAL = (): LoadPlace => ({
  prefix: PREFIX,
  base: importBase(),
  docker: 'real',
  instruction: 'COPY docker/IMAGES.json /load/',
  environment: async () => ({
    REAL_DOCKER: which('docker') ?? 'docker',
    LOAD_ALONE: `0 ${REAL_IMAGES - 1}`
  })
})

function tell(who: string, run: LoadRun): void {
  const rows = {
    [`images on ${who}, ${SLOTS} at a time`]: `${run.chain.length}`,
    [`builds on ${who} that began before what they stand on`]: `${begunTooEarly(run).length}`,
    [`time on ${who} to the best schedule of the same builds`]: timeRatio(run).toFixed(2),
    [`memory on ${who}, last quarter to second`]: memoryRatio(run).toFixed(2),
    [`memory on ${who} at most`]: `${Math.round(peakMemory(run) / 1e6)} MB`,
    [`file handles on ${who} at the begin, at most, at the end`]: [
      handlesAlone(run, 0),
      mostHandles(run),
      handlesAlone(run, run.chain.length - 1)
    ].join(', ')
  }
  for (const [name, value] of Object.entries(rows)) figure({ area: 'load', name, value })
}

interface Case {
  readonly who: string
  readonly run: () => Promise<LoadRun>
  /** Builds that have to run at once at some time. */
  readonly atOnce: number
  /** Of the last quarter to the second; the heap of a short run, and of a small chain, still grows to its size. */
  readonly memory: number
}

/** Runs once; tells its figures. */
function once(who: string, start: () => Promise<LoadRun>): () => Promise<LoadRun> {
  let run: Promise<LoadRun> | undefined
  return () => {
    run ??= start().then(ended => {
      tell(who, ended)
      return ended
    })
    return run
  }
}

const CASES: readonly Case[] = [
  {
    who: 'stand-ins',
    run: once('stand-ins', () =>
      runLoad(loadChain(amount(1_000, 200), isWhole ? [6, 10] : [2, 3], 7), STAND_IN)
    ),
    atOnce: isWhole ? SLOTS * 0.9 : SLOTS / 2,
    memory: isWhole ? 1.2 : 1.3
  },
  {
    who: 'the real daemon',
    run: once('the real daemon', () => runLoad(loadChain(REAL_IMAGES, [0, 0], 11), REAL())),
    atOnce: 2,
    memory: 1.5
  }
]

describe.each(CASES)('a large chain on $who', ({ run, atOnce, memory }) => {
  it('is built whole, each image after its bases, so many at a time and no more', async () => {
    const { status, said, builds, chain } = await run()
    expect(status, said).toBe(0)
    expect(builds.map(({ index }) => index).sort((a, b) => a - b)).toEqual([...chain.keys()])
    expect(begunTooEarly(await run())).toEqual([])
    expect(mostAtOnce(await run())).toBeLessThanOrEqual(SLOTS)
    expect(mostAtOnce(await run())).toBeGreaterThan(atOnce)
  })

  it('has as many files open at its end as at its begin, and a few for each build', async () => {
    const ended = await run()
    const alone = handlesAlone(ended, 0)
    expect(handlesAlone(ended, ended.chain.length - 1)).toBeLessThanOrEqual(alone)
    expect(mostHandles(ended) - alone).toBeLessThanOrEqual(6 * SLOTS)
  })

  it('needs no more memory at its end than before', async () => {
    expect(memoryRatio(await run())).toBeLessThan(memory)
  })

  it('takes hardly longer than the best schedule of its builds', async () => {
    expect(timeRatio(await run())).toBeLessThan(LONGEST)
  })
})
