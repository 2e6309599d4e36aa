import type { Engine } from '../ports.js'
import { pause } from '../run/pause.js'
import { timeLimit } from '../run/time-limit.js'
import { backoff, transientReason } from '../run/transient.js'

/** Minutes after which a registry that stalls is given up, where the options do not say. */
const MOST_MINUTES = 30

/** How a base is pulled. */
export interface PullRequest {
  readonly engine: Pick<Engine, 'pull'>
  readonly note: (message: string) => void
  readonly signal: AbortSignal
  /** Minutes for one attempt. */
  readonly timeoutMinutes?: number | undefined
  /** Further attempts after a failure that is known to pass. */
  readonly retries?: number | undefined
}

/** One attempt; gives why the base cannot be had. */
async function attempt(name: string, request: PullRequest): Promise<string | undefined> {
  const { engine, signal, timeoutMinutes = MOST_MINUTES } = request
  const limit = timeLimit(timeoutMinutes, signal)
  try {
    const said = await engine.pull(name, limit.signal)
    if (said === undefined || signal.aborted || !limit.signal.aborted) return said
    return `it took longer than ${timeoutMinutes} minutes`
  } finally {
    limit.clear()
  }
}

/**
 * Brings a base from its registry, again where a failure is known to pass.
 * @returns why it cannot be had, in words; undefined where it is there
 */
export async function pullBase(name: string, request: PullRequest): Promise<string | undefined> {
  const { signal, note, retries = 0 } = request
  for (let number = 1; ; number += 1) {
    const why = await attempt(name, request)
    const reason = why === undefined ? undefined : transientReason(why.split('\n'))
    if (!reason || number > retries || signal.aborted) return why
    note(`attempt ${number} to pull ${name} failed: ${reason}`)
    await pause(backoff(number + 1, Math.random()), signal)
  }
}
