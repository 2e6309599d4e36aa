import type { Plan, PlannedImage } from '../chain/plan.js'
import type { AttemptTime, Failure, ImageResult, ImageStatus } from '../run/events.js'

/** What is shown of an image: how a run left it, or what a plan does with it. */
export type RowState = ImageStatus | 'build' | 'reuse'

/** How the tags of an image were pushed. */
export interface PushOutcome {
  readonly image: { readonly id: string }
  readonly status: 'pushed' | 'failed' | 'blocked' | 'skipped'
  /** Why it was not pushed; empty where it was. */
  readonly reason: string
  readonly failure?: Failure
  /** Seconds since the epoch; not there where it was not begun. */
  readonly startedAt?: number
  readonly seconds?: number | null
}

/** An image as the summary, the page and the trace show it. */
export interface Row {
  readonly id: string
  /** Its first tag, else its id: what a person calls it. */
  readonly label: string
  readonly name: string
  readonly builder: string
  readonly tags: readonly string[]
  readonly state: RowState
  readonly reason: string
  readonly dependsOn: readonly string[]
  readonly stage: number
  /** Of the last attempt; of a plan, what it took the last time. */
  readonly seconds: number | null
  /** What it took the last time. */
  readonly expectedSeconds: number | undefined
  readonly attempts: readonly AttemptTime[]
  readonly bytes: number | null
  readonly digest: string | null
  readonly logFile: string | null
  readonly failure: Failure | undefined
  /** Undefined where it was not to be pushed; an image whose push failed has the state of a failed one. */
  readonly push: PushOutcome['status'] | undefined
  /** `docker/IMAGES.json:12`. */
  readonly place: string
}

function rowOf({ image, dependsOn, stage, expectedSeconds }: PlannedImage) {
  return {
    id: image.id,
    label: image.tags[0] ?? image.id,
    name: image.name,
    builder: image.builder,
    tags: image.tags,
    dependsOn,
    stage,
    expectedSeconds,
    attempts: [],
    bytes: null,
    digest: null,
    logFile: null,
    failure: undefined,
    push: undefined,
    place: `${image.manifest}:${image.position.line}`
  }
}

/** The images of a plan. */
export function planRows(plan: Plan): readonly Row[] {
  return plan.images.map(planned => ({
    ...rowOf(planned),
    state: planned.action,
    reason: planned.reason,
    seconds: planned.expectedSeconds ?? null,
    bytes: planned.reusedBytes ?? null
  }))
}

/** The images of a run. */
export function runRows(
  plan: Plan,
  results: readonly ImageResult[],
  pushes: readonly PushOutcome[] = []
): readonly Row[] {
  const byId = new Map(results.map(result => [result.image.id, result]))
  const pushOf = new Map(pushes.map(push => [push.image.id, push]))
  return plan.images.flatMap(planned => {
    const result = byId.get(planned.image.id)
    return result ? [withPush(rowOfResult(planned, result), pushOf.get(planned.image.id))] : []
  })
}

function withPush(row: Row, push: PushOutcome | undefined): Row {
  if (!push) return row
  const { status, reason, failure } = push
  if (status === 'pushed') return { ...row, push: status }
  const told = { ...row, push: status, reason: `${row.reason}; not pushed: ${reason}` }
  if (status !== 'failed') return told
  return {
    ...told,
    state: 'failed',
    failure: failure && { ...failure, message: `push: ${reason}` }
  }
}

function rowOfResult(planned: PlannedImage, result: ImageResult): Row {
  const { status, reason, seconds, attempts = [], bytes, digest, logFile, failure } = result
  const known = rowOf(planned)
  const tags = result.tags.length > 0 ? result.tags : known.tags
  return {
    ...known,
    tags,
    label: known.tags[0] ?? tags[0] ?? known.id,
    state: status,
    reason,
    seconds,
    attempts,
    bytes,
    digest,
    logFile,
    failure
  }
}

const ORDER: readonly RowState[] = [
  'failed',
  'blocked',
  'build',
  'built',
  'skipped',
  'reuse',
  'reused'
]

/** Failures first, then what stands on them, then what was built; else the plan's order. */
export function byUrgency(rows: readonly Row[]): readonly Row[] {
  return ORDER.flatMap(state => rows.filter(row => row.state === state))
}

/** How many rows are in each state; states without a row are left out. */
export function countStates(rows: readonly Row[]): ReadonlyMap<RowState, number> {
  const counts = new Map<RowState, number>()
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1)
  return counts
}
