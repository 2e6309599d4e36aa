import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'rolldown'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { amount, figure } from '../../fixtures/figures.js'
import type { Target } from './target.js'
import type { Order } from './worker.js'

const ROOT = resolve(import.meta.dirname, '../../..')

/** Milliseconds after which a case that has not ended is one that hangs: a second, on a busy machine. */
const HANGS = 60_000
const LOOK = 500

/** Of a short run, so that it is red for what was changed: a whole one finds what is new. */
const SHORT_SEED = 20_261_129

/** A thread that tries targets; one that hangs or takes too much memory can be ended. */
class Bench {
  readonly #script: string
  readonly #begun = new SharedArrayBuffer(4)
  #worker: Worker | undefined

  constructor(script: string) {
    this.#script = script
  }

  get begun(): number {
    return Atomics.load(new Int32Array(this.#begun), 0)
  }

  async ask(order: Order): Promise<string | undefined> {
    this.#worker ??= new Worker(this.#script, {
      workerData: { begun: this.#begun },
      // What the program itself has on a small machine.
      resourceLimits: { maxOldGenerationSizeMb: 1_000, stackSizeMb: 1 }
    })
    const worker = this.#worker
    const before = this.begun
    const stop = new AbortController()
    const ended = once(worker, 'message', stop).then(([answer]) => answer as string | undefined)
    const died = once(worker, 'exit', stop).then(() => 'the thread ended')
    worker.postMessage(order)
    try {
      return await Promise.race([ended, died, this.#hanging(worker, stop.signal)])
    } catch (error) {
      this.#worker = undefined
      const at = this.begun - before - 1
      const input = order.show === undefined ? await this.ask({ ...order, show: at }) : ''
      throw new Error(
        `${order.target}: ${(error as Error).message} in case ${at} of seed ${order.seed}: ${input}`
      )
    } finally {
      stop.abort()
    }
  }

  /** Fails when no further case has begun for long. */
  async #hanging(worker: Worker, signal: AbortSignal): Promise<never> {
    let last = this.begun
    let since = Date.now()
    for (;;) {
      await new Promise(wake => setTimeout(wake, LOOK))
      if (signal.aborted) throw new Error('ended')
      if (this.begun !== last) [last, since] = [this.begun, Date.now()]
      if (Date.now() - since < HANGS) continue
      await worker.terminate()
      throw new Error(`no end after ${HANGS / 1_000} s`)
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }
}

/** A test for each target, all of them on one thread. HOSTILE_SEED and HOSTILE_RUNS repeat what failed, HOSTILE_SHRINK makes it small. */
export function tryTargets(kind: string, targets: readonly Target[]): void {
  let bench: Bench
  let cases = 0
  // Below the project, so that packages are found.
  const folder = mkdtempSync(join(ROOT, 'node_modules/.hostile-'))

  beforeAll(async () => {
    const outfile = join(folder, 'worker.mjs')
    await build({
      input: join(import.meta.dirname, 'worker.ts'),
      platform: 'node',
      external: /^[^./]/,
      transform: { target: 'node20' },
      logLevel: 'silent',
      output: { file: outfile, format: 'esm', codeSplitting: false, sourcemap: 'inline' }
    })
    bench = new Bench(outfile)
  })

  afterAll(async () => {
    await bench?.close()
    rmSync(folder, { recursive: true, force: true })
    const value = `${targets.length} targets, ${cases.toLocaleString('en')} inputs`
    figure({ area: 'hostile', name: kind, value })
  })

  test.each(targets.map(({ name }) => name))('%s', async name => {
    const runs = Number(process.env.HOSTILE_RUNS ?? amount(1_500, 80))
    const seed = Number(process.env.HOSTILE_SEED ?? amount(randomInt(2 ** 31), SHORT_SEED))
    expect(await bench.ask({ target: name, runs, seed })).toBeUndefined()
    cases += runs
  })
}
