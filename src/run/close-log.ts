import type { Image } from '../manifest/image.js'
import type { LogFile } from '../ports.js'
import type { Emit } from './events.js'

/** Closes an image's log, and warns where it does not hold all that was said. */
export function closeLog(log: LogFile, image: Image, emit: Emit): void {
  log.close()
  if (log.problem === undefined) return
  const message = `${image.id}: ${log.path} does not hold the whole log: ${log.problem}`
  emit({ type: 'warning', warning: { message } })
}
