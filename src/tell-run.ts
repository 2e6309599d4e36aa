import { join, resolve } from 'node:path'
import { files } from './adapters/files.js'
import { openRunSite } from './adapters/run-site.js'
import type { RunWriter } from './adapters/run-writer.js'
import { appendSummary } from './adapters/step-summary.js'
import { type Plan, planJson } from './chain/plan.js'
import type { Options } from './options.js'
import type { Outputs } from './report/outputs.js'
import type { PushOutcome } from './report/row.js'
import { errorSummary, planSummary, runSummary, SUMMARY_LIMIT } from './report/summary.js'
import type { Emit, ImageResult } from './run/events.js'

/** A run that has ended. */
export interface EndedRun {
  readonly plan: Plan
  readonly results: readonly ImageResult[]
  readonly pushes?: readonly PushOutcome[]
  /** Folder of its logs and its report. */
  readonly folder: string
}

/** Writes what a person reads of a run: the job summary, the page and the trace. */
export async function tellRun(
  run: EndedRun,
  options: Options,
  { emit, writer }: { readonly emit: Emit; readonly writer: RunWriter }
): Promise<void> {
  const { plan, results, pushes, folder } = run
  const problem = summarise(options, limit => runSummary(plan, results, { limit, pushes }))
  if (problem) emit({ type: 'warning', warning: { message: `no job summary: ${problem}` } })
  // Of no image there is nothing to see.
  const inWorkflow = process.env.GITHUB_ACTIONS === 'true' && results.length > 0
  const pages = pathsOf(inWorkflow && join(folder, 'report.html'), options.reportHtml)
  const traces = pathsOf(inWorkflow && join(folder, 'trace.json'), options.trace)
  if (pages.length === 0 && traces.length === 0) return
  const { pageOf, traceOf } = await import('./run-pages.js')
  if (pages.length > 0) {
    const page = pageOf(run)
    for (const path of pages) await writer.write(path, page)
  }
  if (traces.length > 0) {
    const trace = traceOf(run)
    for (const path of traces) await writer.write(path, trace)
  }
}

/** Writes the job summary of a plan; gives why it could not. */
export function tellPlan(plan: Plan, options: Options): string | undefined {
  return summarise(options, limit => planSummary(plan, limit))
}

/**
 * Writes a plan below the folder of runs, as `plan --format json` prints it, and beside it its
 * `outputs` with all of their text; gives the file's path.
 * @throws ChainError OUTPUT_UNWRITABLE
 */
export async function reportPlan(
  plan: Plan,
  outputs: Outputs,
  runsFolder: string
): Promise<string> {
  const path = join(openRunSite(runsFolder).folder, 'report.json')
  await files.write(path, `${JSON.stringify({ ...planJson(plan), outputs }, null, 2)}\n`)
  return path
}

/** Writes to the job summary what kept a run from starting, where nothing is in it yet. */
export function tellError(text: string): void {
  const path = process.env.GITHUB_STEP_SUMMARY
  if (path) appendSummary(path, written => (written > 0 ? '' : errorSummary(text)))
}

function summarise(options: Options, write: (limit: number) => string): string | undefined {
  const path = process.env.GITHUB_STEP_SUMMARY
  if (!options.summary || !path) return undefined
  return appendSummary(path, written => write(Math.max(0, SUMMARY_LIMIT - written)))
}

const pathsOf = (own: string | false, asked: string | undefined): readonly string[] => [
  ...(own ? [own] : []),
  ...(asked ? [resolve(asked)] : [])
]
