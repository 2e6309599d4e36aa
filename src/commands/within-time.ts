import { createRequire } from 'node:module'
import type { Context } from 'node:vm'

type Vm = typeof import('node:vm')

let context: Context | undefined

/**
 * Does some work that may take for ever, such as to match a pattern of somebody else's: a regular
 * expression goes back over what it has read, and only `node:vm` can end it.
 * @returns undefined where it takes more than so many milliseconds
 */
export function withinTime<T>(work: () => T, milliseconds: number): T | undefined {
  const vm = createRequire(import.meta.url)('node:vm') as Vm
  context ??= vm.createContext({})
  context.work = work
  try {
    return vm.runInContext('work()', context, { timeout: Math.ceil(milliseconds) }) as T
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined
    throw error
  } finally {
    context.work = undefined
  }
}
