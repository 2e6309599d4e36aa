import type { AskCache } from './github-ask.js'
import { withLimit } from './store-calls.js'

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
  // Commands of the runner have the ends of lines as `%0A`.
  return problem === undefined ? undefined : new Error(problem.split('%0A')[0])
}

/** Opens GitHub's cache of one folder, whose path is part of what an entry is found by. */
export function githubClient(ask: AskCache, folder: string): GithubClient {
  const restore = async (
    { key, prefixes }: { readonly key: string; readonly prefixes: readonly string[] },
    lookupOnly: boolean,
    signal: AbortSignal
  ): Promise<string | undefined> => {
    const call = { name: 'restore', folder, key, prefixes, lookupOnly } as const
    const { value, output } = await ask(call, signal)
    if (typeof value === 'string') return value
    const failure = failureIn(output)
    if (failure && !NO_READING.test(output)) throw failure
    return undefined
  }

  const find = (prefixes: readonly string[], signal: AbortSignal) =>
    withLimit(QUESTION, signal, end =>
      restore({ key: `${prefixes[0] ?? ''}newest`, prefixes }, true, end)
    )

  const upload = async (key: string, signal: AbortSignal) => {
    const { value, output } = await ask({ name: 'save', folder, key }, signal)
    if (typeof value === 'number' && value !== -1) return undefined
    if (NO_WRITING.test(output)) return 'this run may only read it'
    const reason = RESERVING.exec(output)?.[1]
    if (reason !== undefined && TAKEN.test(reason)) return reason
    if (reason !== undefined) throw new Error(reason)
    throw failureIn(output) ?? new Error('it does not say why it kept nothing')
  }

  const download = async (key: string, signal: AbortSignal) =>
    (await restore({ key, prefixes: [] }, false, signal)) !== undefined

  return { find, download, upload }
}
