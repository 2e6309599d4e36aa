import type { AskCache, CacheAnswer } from './github-ask.js'
import { saidIn } from './program-answer.js'
import { reasonOf, withLimit } from './store-calls.js'

/** An entry that was found: its key, and what came of it. */
export interface FetchedEntry {
  readonly key: string
  /** Whether the folder has it; in words why it could not be had, false where it is gone. */
  readonly came: boolean | string
}

/** GitHub's cache of one folder. Every call fails where the service does. */
export interface GithubClient {
  /** Fills the folder with the newest entry under the first prefix that has one. */
  fetch(prefixes: readonly string[], signal: AbortSignal): Promise<FetchedEntry | undefined>
  /** In words why the service takes nothing, where that is no failure. */
  upload(key: string, signal: AbortSignal): Promise<string | undefined>
}

/** Milliseconds until an entry is found or not: the client itself asks five times within half a minute. */
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

/** What came of an entry that was found: the service answered, so what fails from then on is this entry. */
function cameOf({ values, output }: CacheAnswer): FetchedEntry['came'] {
  if (typeof values[1] === 'string') return true
  const failure = failureIn(output)
  if (failure) return reasonOf(failure)
  return values.length < 2 ? reasonOf(saidIn(output) || 'its client came to no end') : false
}

/** Opens GitHub's cache of one folder, whose path is part of what an entry is found by. */
export function githubClient(ask: AskCache, folder: string): GithubClient {
  const fetch = async (prefixes: readonly string[], signal: AbortSignal) => {
    const key = `${prefixes[0] ?? ''}newest`
    const answer = await withLimit(QUESTION, signal, (end, lift) =>
      ask({ name: 'fetch', folder, key, prefixes }, end, lift)
    )
    const [found] = answer.values
    if (typeof found === 'string') return { key: found, came: cameOf(answer) }
    const failure = failureIn(answer.output)
    if (failure && !NO_READING.test(answer.output)) throw failure
    return undefined
  }

  const upload = async (key: string, signal: AbortSignal) => {
    const { values, output } = await ask({ name: 'save', folder, key }, signal)
    const [value] = values
    if (typeof value === 'number' && value !== -1) return undefined
    if (NO_WRITING.test(output)) return 'this run may only read it'
    const reason = RESERVING.exec(output)?.[1]
    if (reason !== undefined && TAKEN.test(reason)) return reason
    if (reason !== undefined) throw new Error(reason)
    throw failureIn(output) ?? new Error('it does not say why it kept nothing')
  }

  return { fetch, upload }
}
