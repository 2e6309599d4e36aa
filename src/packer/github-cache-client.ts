import { exec } from '../adapters/exec.js'
import { askByProgram } from '../adapters/stores/github-ask.js'
import { programUrl } from '../adapters/stores/github-program.js'
import type { CacheClient } from './github-cache.js'

/**
 * The client of GitHub's cache in a process of its own for each call: it may leave files below its RUNNER_TEMP, it
 * unpacks by the `tar` of its PATH, and what it prints is for whoever looks for a fault.
 * @param runner the environment of the step
 * @param signal ends every call
 */
export function programClient(
  runner: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal | undefined
): CacheClient {
  const ask = askByProgram({ exec, runner, programUrl })
  const end = signal ?? new AbortController().signal
  return {
    restoreCache: async ([folder = ''], key, prefixes = []) => {
      const { values } = await ask({ name: 'fetch', folder, key, prefixes }, end)
      const [, came] = values
      return typeof came === 'string' ? came : undefined
    },
    saveCache: async ([folder = ''], key) => {
      const { values } = await ask({ name: 'save', folder, key }, end)
      const [value] = values
      return typeof value === 'number' ? value : -1
    }
  }
}
