import type { Engine, Exit, ImageRegistry, LogFile } from '../ports.js'
import { shellLine } from './command-line.js'
import type { PushedTag, PushFailure } from './events.js'
import { pause } from './pause.js'
import { problemOf } from './problem-of.js'
import { confirmPush, isOurs } from './push-confirm.js'
import { isRefused, pushTransientReason, refusalAdvice, registryOf } from './push-failures.js'
import { timeLimit } from './time-limit.js'
import { backoff } from './transient.js'

/** A tag that is to be pushed, and what that reaches the world by. */
export interface TagPush {
  readonly tag: string
  /** Id of the image that is meant. */
  readonly imageId: string
  readonly registry: ImageRegistry
  readonly engine: Engine
  readonly signal: AbortSignal
  readonly attempts: number
  /** Minutes for one attempt; undefined: no limit. */
  readonly timeoutMinutes: number | undefined
  readonly log: LogFile
  /** Shows a piece of output, and writes it to the log. */
  readonly show: (chunk: Buffer) => void
  readonly warn: (message: string) => void
}

/** Lines of a failed push that are shown. */
const LAST_LINES = 20

/** Milliseconds of silence after which a line says that a push goes on. */
const SILENCE = 15_000

const say = ({ show }: TagPush, text: string) => show(Buffer.from(`${text}\n`))

/**
 * Lets a registry have an image under a tag, and reads the digest back from it. What the registry
 * has under that tag already is not sent again; a tag that was moved there is moved back.
 */
export async function pushTag(push: TagPush): Promise<PushedTag | PushFailure> {
  const { tag, imageId, registry, engine, signal } = push
  if (signal.aborted) return failureOf(push, 'interrupted')
  const there = await engine.inspect(tag).catch(problemOf)
  if (typeof there === 'string') return failureOf(push, there)
  if (there?.id !== imageId) return failureOf(push, lostWords(there?.id))
  const found = await registry.find(tag, { candidates: [imageId], signal })
  if (signal.aborted) return failureOf(push, 'interrupted')
  if (typeof found === 'string' || !isOurs(found, imageId)) return send(push)
  say(push, `${tag}: ${registryOf(tag)} has it already, digest: ${found.digest}`)
  return { tag, digest: found.digest, sent: false }
}

const lostWords = (id: string | undefined): string =>
  id === undefined
    ? 'the daemon does not have it any more'
    : `on the daemon it is another image by now, ${id}`

/** Sends an image, again where a failure is known to pass. */
async function send(push: TagPush): Promise<PushedTag | PushFailure> {
  for (let number = 1; ; number += 1) {
    const since = push.log.size
    const failure = await attempt(push)
    if (!failure) return confirm(push, since)
    const reason = pushTransientReason(failure.lastLines)
    const isLast = failure.exitStatus === undefined || number >= push.attempts
    if (!reason || isLast || push.signal.aborted) return explained(push, failure)
    await waitForNext(push, number, reason)
    if (push.signal.aborted) return failureOf(push, 'interrupted', { since })
  }
}

/** One call of docker; undefined where it ended well. */
async function attempt(push: TagPush): Promise<PushFailure | undefined> {
  say(push, `$ ${shellLine(push.registry.pushCommand(push.tag))}`)
  const since = push.log.size
  const limit = timeLimit(push.timeoutMinutes, push.signal)
  const exit = await stream(push, limit.signal).catch(problemOf)
  limit.clear()
  if (push.signal.aborted) return failureOf(push, 'interrupted', { since })
  if (typeof exit === 'string') return failureOf(push, exit, { since })
  if (limit.signal.aborted) {
    return failureOf(push, `took longer than ${limit.minutes} minutes`, { since })
  }
  if (exit.status === 0) return undefined
  return failureOf(push, `ended with exit status ${exit.status}`, { since, exit })
}

/** Docker's push with its output, and a line now and then where it says nothing. */
async function stream(push: TagPush, signal: AbortSignal): Promise<Exit> {
  const { tag, registry, show } = push
  const started = performance.now()
  let heard = started
  const tellLife = () => {
    const now = performance.now()
    if (now - heard < SILENCE) return
    heard = now
    say(push, `${tag}: on its way for ${Math.round((now - started) / 1000)} s`)
  }
  const timer = setInterval(tellLife, SILENCE / 3)
  const onOutput = (chunk: Buffer) => {
    heard = performance.now()
    show(chunk)
  }
  return registry.push(tag, { onOutput, signal }).finally(() => clearInterval(timer))
}

/** A failure of docker says what docker said last, and one that a person can mend what to look at. */
function explained({ tag }: TagPush, failure: PushFailure): PushFailure {
  const { exitStatus, lastLines } = failure
  if (exitStatus === undefined) return failure
  const said = lastLines.at(-1) ?? ''
  if (!isRefused(lastLines)) return { ...failure, message: `${failure.message}: ${said}` }
  return {
    ...failure,
    message: `${registryOf(tag)} refused it: ${said}`,
    advice: refusalAdvice(tag)
  }
}

async function waitForNext(push: TagPush, number: number, reason: string): Promise<void> {
  const delay = backoff(number + 1, Math.random())
  const words = `attempt ${number} to push failed: ${reason}; again in ${(delay / 1000).toFixed(1)} s`
  say(push, words)
  push.warn(`${push.tag}: ${words}`)
  await pause(delay, push.signal)
}

async function confirm(push: TagPush, since: number): Promise<PushedTag | PushFailure> {
  const confirmed = await confirmPush(push, push.log.lastLines(LAST_LINES, since))
  if ('problem' in confirmed) return failureOf(push, confirmed.problem, { since })
  const { digest, doubt } = confirmed
  if (doubt !== undefined) push.warn(`${push.tag}: ${doubt}`)
  return { tag: push.tag, digest, sent: true }
}

interface At {
  /** Bytes of the log that do not count. */
  readonly since?: number
  readonly exit?: Exit
}

function failureOf({ tag, registry, log }: TagPush, message: string, at: At = {}): PushFailure {
  return {
    tag,
    message,
    command: registry.pushCommand(tag),
    exitStatus: at.exit?.status,
    lastLines: log.lastLines(LAST_LINES, at.since ?? log.size)
  }
}
