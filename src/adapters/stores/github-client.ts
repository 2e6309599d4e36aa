import { captureOutput } from './capture-output.js'
import { waitFor } from './store-calls.js'

/** The part of @actions/cache that is used here. */
export interface CacheClient {
  restoreCache(
    paths: string[],
    primaryKey: string,
    restoreKeys?: string[],
    options?: { lookupOnly?: boolean }
  ): Promise<string | undefined>
  saveCache(paths: string[], key: string): Promise<number>
}

/** GitHub's cache of one folder. Every call fails where the service does. */
export interface GithubClient {
  /** The key of the newest entry under the first prefix that has one. */
  find(prefixes: readonly string[], signal: AbortSignal): Promise<string | undefined>
  /** Fills the folder; false where the entry is gone. */
  download(key: string, signal: AbortSignal): Promise<boolean>
  /** In words why the service takes nothing, where that is no failure. */
  upload(key: string, signal: AbortSignal): Promise<string | undefined>
}

/** Milliseconds for a question: the client itself asks five times within half a minute. */
const QUESTION = 45_000

const PROBLEM = /^::(?:warning|error)(?: [^:]*)?::(?:Failed to (?:restore|save): )?(.*)$/m
const NO_READING = /cache read denied:|does not permit reads/
const NO_WRITING = /cache write denied:|does not permit writes/
/** Why an entry could not be begun: the client says it to whoever looks for a fault, else only that it could not. */
const RESERVING = /^::debug::Failed to reserve cache: (?:Error: )?(.*)$/m
/** The key is taken, by a run beside this one or before it; or the token only reads. */
const TAKEN = /Response was not ok|\(409\)|already exists|\(403\)/

/**
 * The client swallows its failures, gives the same answer for them as for a miss, and only prints
 * what went wrong.
 */
function failureIn(output: string): Error | undefined {
  const problem = PROBLEM.exec(output)?.[1]
  return problem === undefined ? undefined : new Error(problem)
}

/** Opens GitHub's cache of one folder, whose path is part of what an entry is found by. */
export function githubClient(load: () => Promise<CacheClient>, folder: string): GithubClient {
  const ask = async (
    keys: readonly [string, readonly string[]],
    options: { lookupOnly?: boolean },
    signal: AbortSignal
  ): Promise<string | undefined> => {
    const { restoreCache } = await load()
    const [primary, prefixes] = keys
    const work = captureOutput(() => restoreCache([folder], primary, [...prefixes], options))
    const { value, output } = await waitFor(work, signal, options.lookupOnly ? QUESTION : undefined)
    if (value !== undefined || NO_READING.test(output)) return value
    const failure = failureIn(output)
    if (failure) throw failure
    return undefined
  }

  const upload = async (key: string, signal: AbortSignal) => {
    const { saveCache } = await load()
    const { value, output } = await waitFor(
      captureOutput(() => saveCache([folder], key)),
      signal
    )
    if (value !== -1) return undefined
    if (NO_WRITING.test(output)) return 'this run may only read it'
    const reason = RESERVING.exec(output)?.[1]
    if (reason !== undefined && TAKEN.test(reason)) return reason
    if (reason !== undefined) throw new Error(reason)
    throw failureIn(output) ?? new Error('it does not say why it kept nothing')
  }

  return {
    find: (prefixes, signal) =>
      ask([`${prefixes[0] ?? ''}newest`, prefixes], { lookupOnly: true }, signal),
    download: async (key, signal) => (await ask([key, []], {}, signal)) !== undefined,
    upload
  }
}
