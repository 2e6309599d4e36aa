import { setMaxListeners } from 'node:events'
import { ignoresHangUp, leaveClosedTerminals } from './hang-up.js'

/** Milliseconds in which a further signal is taken for the first: npm hands on what the terminal sends, too. */
const SAME = 300

/** Milliseconds after the first signal at which what is not done is given up. */
const LATEST = 6_300

const further = new AbortController()

/** Comes with a second SIGINT or SIGTERM: what runs is killed, and nothing more is waited for. */
export const hurry: AbortSignal = further.signal

// Each program that runs listens to both, and there may be many.
setMaxListeners(0, hurry)

/**
 * An abort that comes with the first SIGINT, SIGTERM or SIGHUP; without a handler Node would end at
 * once and leave builders and containers behind.
 * @param giveUp called some seconds after the first, where the process still runs
 */
export function onInterrupt(giveUp: () => void = () => {}): {
  readonly signal: AbortSignal
  readonly release: () => void
} {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  let since = 0
  const hear = () => {
    if (controller.signal.aborted) {
      if (performance.now() - since > SAME) further.abort()
      return
    }
    since = performance.now()
    setTimeout(giveUp, LATEST).unref()
    controller.abort()
  }
  const isDeaf = ignoresHangUp()
  // A terminal that is closed may say so more than once, and nobody is in a hurry then.
  const hangUp = () => {
    leaveClosedTerminals()
    if (!isDeaf && !controller.signal.aborted) hear()
  }
  const heard = { SIGINT: hear, SIGTERM: hear, SIGHUP: hangUp }
  for (const [name, listener] of Object.entries(heard)) process.on(name, listener)
  const release = () => {
    for (const [name, listener] of Object.entries(heard)) process.off(name, listener)
  }
  return { signal: controller.signal, release }
}
