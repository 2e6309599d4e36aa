import { closeSync, fstatSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'

/** Whether the process that started this one ignores SIGHUP, the lowest bit of its mask (proc_pid_status(5)). */
function parentIgnores(): boolean {
  try {
    const status = readFileSync(`/proc/${process.ppid}/status`, 'utf8')
    const lowest = /^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m.exec(status)?.[1]
    return Number.parseInt(lowest ?? '0', 16) % 2 === 1
  } catch {
    return false
  }
}

/**
 * Whether a closed terminal is to end nothing, as `nohup` asks by an ignored SIGHUP. Node sets all
 * signals back as it starts, so it shows only in what the shell called, and in what the parent ignores.
 */
export const ignoresHangUp = (): boolean =>
  basename(process.env._ ?? '') === 'nohup' || parentIgnores()

const STANDARD_STREAMS = [0, 1, 2]

async function closeAtExit(): Promise<void> {
  const { isatty } = await import('node:tty')
  const isGone = (descriptor: number) =>
    fstatSync(descriptor).isCharacterDevice() && !isatty(descriptor)
  process.once('exit', () => {
    for (const descriptor of STANDARD_STREAMS.filter(isGone)) closeSync(descriptor)
  })
}

let isLeaving = false

/**
 * Lets go of closed terminals at the end: Node would give each the settings back that it had at the
 * start, and aborts where it cannot (`ResetStdio` in its src/node.cc).
 */
export function leaveClosedTerminals(): void {
  if (!isLeaving) void closeAtExit()
  isLeaving = true
}
