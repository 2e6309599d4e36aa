import { readTail } from './adapters/log-tails.js'
import { runPage } from './report/page.js'
import { type LogText, wantedLogs } from './report/page-logs.js'
import { traceJson } from './report/trace.js'
import type { ImageResult } from './run/events.js'
import type { EndedRun } from './tell-run.js'

function readLogs(results: readonly ImageResult[]): ReadonlyMap<string, LogText> {
  const read = wantedLogs(results).flatMap(({ id, path, bytes }) => {
    const log = readTail(path, bytes)
    return log ? [[id, log] as const] : []
  })
  return new Map(read)
}

/** The page of a run, with the ends of its logs. */
export const pageOf = ({ plan, results, pushes }: EndedRun): string =>
  runPage({ plan, results, pushes, logs: readLogs(results) })

/** The trace of a run. */
export const traceOf = ({ plan, results, pushes }: EndedRun): string =>
  traceJson(plan, results, pushes)
