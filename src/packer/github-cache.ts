import { createHash } from 'node:crypto'
import { cp, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { noteTemporary } from '../adapters/current-run.js'
import type { Log } from './log.js'

/** The part of @actions/cache that is used here. */
export interface CacheClient {
  restoreCache(
    paths: string[],
    primaryKey: string,
    restoreKeys?: string[]
  ): Promise<string | undefined>
  saveCache(paths: string[], key: string): Promise<number>
}

/** GitHub's cache of verified archives. No call fails: what goes wrong is a warning. */
export interface GithubCache {
  /** Fills a folder that does not exist yet with what is kept under a name; false where there is nothing. */
  restore(name: string, folder: string): Promise<boolean>
  /** Keeps a copy of a folder under a name; wins over what was kept before. */
  keep(name: string, folder: string): Promise<void>
}

export interface GithubCacheOptions {
  readonly loadClient: () => Promise<CacheClient>
  /** RUNNER_TEMP: the path of what is kept is part of its key, so it has to be the same on every runner. */
  readonly temporary: string
  /** What the archives were verified by: others do not see them. */
  readonly trust: string
  readonly warn: Log
  /** Milliseconds for one call. */
  readonly timeout?: number
  /** Ends every call. */
  readonly signal?: AbortSignal | undefined
}

const TIMEOUT = 90_000

/** Whether this process runs in a step that GitHub's cache service serves. */
export function hasGithubCache(env: Readonly<Record<string, string | undefined>>): boolean {
  const names = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN', 'GITHUB_WORKSPACE', 'RUNNER_TEMP']
  return names.every(name => Boolean(env[name]))
}

async function within<T>(
  milliseconds: number,
  signal: AbortSignal | undefined,
  work: Promise<T>
): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    const message = `no answer within ${milliseconds / 1000} s`
    timer = setTimeout(() => reject(new Error(message)), milliseconds)
    stop = () => reject(new Error('interrupted'))
  })
  signal?.addEventListener('abort', stop)
  if (signal?.aborted) stop()
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}

const folderOf = (options: GithubCacheOptions): string =>
  join(options.temporary, 'build-chain-releases')

/**
 * Runs `work` with the one folder through which archives of a name go in and out; gives undefined
 * where it fails, and where another program in this job is at it, so that they do not mix.
 */
async function exchange<T>(
  name: string,
  options: GithubCacheOptions,
  work: (path: string) => Promise<T>
): Promise<T | undefined> {
  const path = join(folderOf(options), name)
  const lock = `${path}.lock`
  try {
    await mkdir(folderOf(options), { recursive: true })
    await mkdir(lock)
  } catch {
    return undefined
  }
  const takeBack = [lock, path].map(noteTemporary)
  try {
    await rm(path, { recursive: true, force: true })
    return await within(options.timeout ?? TIMEOUT, options.signal, work(path))
  } catch (error) {
    if (!options.signal?.aborted)
      options.warn(`GitHub's cache is left out for ${name}: ${(error as Error).message}`)
    return undefined
  } finally {
    await rm(path, { recursive: true, force: true })
    await rm(lock, { recursive: true, force: true })
    // A call that was given up may write here once more before the program ends.
    if (!options.signal?.aborted) for (const back of takeBack) back()
  }
}

// Entries cannot be overwritten: one that replaces another has the next number.
const numberOf = (key: string): number => Number(/(?<!\d)\d+$/.exec(key)?.[0] ?? 0)

/** @param options.loadClient loads what speaks to the service when it is first needed. */
export function createGithubCache(options: GithubCacheOptions): GithubCache {
  const trust = createHash('sha256').update(options.trust).digest('hex').slice(0, 8)
  const prefix = (name: string): string => `build-chain-${name}-${trust}-`
  const newest = new Map<string, number>()

  async function restore(name: string, folder: string): Promise<boolean> {
    const restored = await exchange(name, options, async path => {
      const { restoreCache } = await options.loadClient()
      const key = await restoreCache([path], `${prefix(name)}0`, [prefix(name)])
      if (key === undefined) return false
      newest.set(name, numberOf(key))
      await rename(path, folder).catch(() => cp(path, folder, { recursive: true }))
      return true
    })
    return restored ?? false
  }

  async function keep(name: string, folder: string): Promise<void> {
    await exchange(name, options, async path => {
      const { saveCache } = await options.loadClient()
      await cp(folder, path, { recursive: true })
      const number = (newest.get(name) ?? 0) + 1
      await saveCache([path], `${prefix(name)}${number}`)
    })
  }

  return { restore, keep }
}
