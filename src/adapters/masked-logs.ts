import type { LogFile, Logs } from '../ports.js'
import type { MaskStream } from '../report/masker.js'

/** Writes to a log by a stream that takes the secrets out, and may hold back what could begin one. */
function maskedLog(log: LogFile, stream: MaskStream): LogFile {
  const put = (pieces: readonly Buffer[]) => {
    for (const piece of pieces) log.write(piece)
  }
  const flush = () => put(stream.end())
  return {
    path: log.path,
    write: chunk => put(stream.write(chunk)),
    get size() {
      flush()
      return log.size
    },
    get problem() {
      return log.problem
    },
    lastLines: (count, since) => {
      flush()
      return log.lastLines(count, since)
    },
    close: () => {
      flush()
      log.close()
    }
  }
}

/** Logs without secrets: neither the file nor who hears what is written to it gets one. */
export const maskedLogs = (logs: Logs, stream: () => MaskStream): Logs => ({
  open: (name, heard) => maskedLog(logs.open(name, heard), stream())
})
