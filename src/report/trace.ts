import type { Plan } from '../chain/plan.js'
import type { ImageResult } from '../run/events.js'
import { type PushOutcome, type Row, runRows } from './row.js'
import { type Bar, waterfall } from './waterfall.js'

const PROCESS = 1
const microseconds = (seconds: number) => Math.round(seconds * 1_000_000)

/**
 * A run in the trace-event format, which Perfetto and chrome://tracing open: a lane for each build
 * or push that ran beside others, in it an event for each image, and within it one for each attempt.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
export function traceJson(
  plan: Plan,
  results: readonly ImageResult[],
  pushes: readonly PushOutcome[] = []
): string {
  const rows = runRows(plan, results)
  const times = waterfall([...rows, ...pushes.flatMap(push => pushRow(push, rows))])
  const bars = times?.bars ?? []
  const lanes = [...new Set(bars.map(({ lane }) => lane))].sort((one, other) => one - other)
  const events = [
    name('process_name', 0, 'build-chain'),
    ...lanes.map(lane => name('thread_name', lane + 1, `lane ${lane + 1}`)),
    ...bars.flatMap(imageEvents),
    ...arrows(bars)
  ]
  const head = {
    displayTimeUnit: 'ms',
    otherData: { startedAt: times ? new Date(times.startedAt * 1000).toISOString() : null }
  }
  const lines = events.map(event => JSON.stringify(event))
  return `${JSON.stringify(head).slice(0, -1)},"traceEvents":[\n${lines.join(',\n')}\n]}\n`
}

/** A push as a row of its own, which stands on nothing. */
function pushRow(push: PushOutcome, rows: readonly Row[]): Row[] {
  const { image, status, reason, startedAt, seconds } = push
  const row = rows.find(({ id }) => id === image.id)
  if (!row || startedAt === undefined) return []
  const attempts = [{ startedAt, seconds: seconds ?? 0 }]
  const state = status === 'pushed' ? 'built' : status
  const id = `push ${row.id}`
  return [{ ...row, id, label: `push ${row.label}`, state, reason, dependsOn: [], attempts }]
}

const name = (what: string, tid: number, text: string) => ({
  name: what,
  ph: 'M',
  pid: PROCESS,
  tid,
  args: { name: text }
})

function imageEvents({ row, start, end, lane }: Bar): object[] {
  const at = { ph: 'X', pid: PROCESS, tid: lane + 1 }
  const [first] = row.attempts
  const image = {
    ...at,
    name: row.label,
    cat: row.state,
    ts: microseconds(start),
    dur: microseconds(end - start),
    args: {
      id: row.id,
      builder: row.builder,
      status: row.state,
      reason: row.reason,
      tags: row.tags
    }
  }
  if (row.attempts.length < 2) return [image]
  return [
    image,
    ...row.attempts.map(({ startedAt, seconds }, index) => ({
      ...at,
      name: `attempt ${index + 1}`,
      cat: 'attempt',
      ts: microseconds(start + startedAt - (first?.startedAt ?? 0)),
      dur: microseconds(seconds)
    }))
  ]
}

/** An arrow from the end of each base to the beginning of what stands on it. */
function arrows(bars: readonly Bar[]): object[] {
  const byId = new Map(bars.map(bar => [bar.row.id, bar]))
  const pairs = bars.flatMap(to =>
    to.row.dependsOn.flatMap(id => {
      const from = byId.get(id)
      return from ? [{ from, to }] : []
    })
  )
  return pairs.flatMap(({ from, to }, id) => {
    const arrow = { name: 'base', cat: 'base', id, pid: PROCESS }
    return [
      { ...arrow, ph: 's', tid: from.lane + 1, ts: microseconds(from.end) - 1 },
      { ...arrow, ph: 'f', bp: 'e', tid: to.lane + 1, ts: microseconds(to.start) }
    ]
  })
}
