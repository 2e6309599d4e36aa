import { parentPort, workerData } from 'node:worker_threads'
import { ALL } from './all.js'

/** What the worker is asked to do. */
export interface Order {
  readonly target: string
  readonly seed: number
  /** Cases to try; or one to show. */
  readonly runs?: number
  readonly show?: number
}

const { begun } = workerData as { readonly begun: SharedArrayBuffer }
const count = new Int32Array(begun)

parentPort?.on('message', async ({ target, seed, runs, show }: Order) => {
  const chosen = ALL.find(({ name }) => name === target)
  try {
    if (!chosen) throw new Error(`there is no target ${target}`)
    if (show !== undefined) parentPort?.postMessage(chosen.show(seed, show))
    else {
      parentPort?.postMessage(await chosen.check(runs ?? 1, seed, () => Atomics.add(count, 0, 1)))
    }
  } catch (error) {
    parentPort?.postMessage(`the target itself failed: ${(error as Error).stack}`)
  }
})
