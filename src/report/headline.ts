import { basename } from 'node:path'
import type { Failure } from '../run/events.js'
import { failureCause } from './failure-cause.js'
import { oneLine } from './plain-text.js'
import { countText, groupDigits, secondsText } from './quantity-text.js'
import { countStates, type Row, type RowState } from './row.js'

/** One sentence about a run or a plan, in pieces that each page marks in its own way. */
export interface Headline {
  readonly mark: '❌' | '⚠️' | '✅' | '📋'
  /** The image that it is about. */
  readonly subject?: string
  readonly words: string
  /** What the builder said last, in code. */
  readonly cause?: string
}

const wasInterrupted = ({ state, reason, failure }: Row) =>
  failure?.message === 'interrupted' || (state === 'skipped' && reason === 'interrupted')

/** `Dockerfile:12`, where it is known which instruction failed. */
export function failedPlace({ where }: Failure): string | undefined {
  return where && oneLine(`${basename(where.file)}:${where.position?.line ?? 1}`, 150)
}

/** What failed and why; else what was done. */
export function runHeadline(rows: readonly Row[]): Headline {
  const counts = countStates(rows)
  if (rows.some(wasInterrupted)) {
    return {
      mark: '⚠️',
      words: `interrupted: ${counts.get('built') ?? 0} of ${countText(rows.length, 'image')} built`
    }
  }
  const first = rows.find(({ state }) => state === 'failed')
  if (first) return failedHeadline(first, counts.get('failed') ?? 1)
  const pushed = rows.filter(({ push }) => push === 'pushed').length
  return { mark: '✅', words: `${doneWords(counts)}${pushed > 0 ? `, ${pushed} pushed` : ''}` }
}

function failedHeadline({ label, failure, reason, push }: Row, count: number): Headline {
  const others = count > 1 ? ` (and ${countText(count - 1, 'more image')})` : ''
  const place = failure && failedPlace(failure)
  const cause = failure && failureCause(failure)
  const why = cause ? '' : `: ${oneLine(failure?.message ?? reason)}`
  return {
    mark: '❌',
    subject: oneLine(label, 150),
    words: `${push === 'failed' ? 'was not pushed' : 'failed'}${others}${place ? ` at ${place}` : ''}${why}`,
    ...(cause && { cause })
  }
}

function doneWords(counts: ReadonlyMap<RowState, number>): string {
  const built = counts.get('built') ?? 0
  const reused = counts.get('reused') ?? 0
  if (built === 0 && reused === 0) return 'nothing to build'
  if (built === 0) return `nothing to build: ${countText(reused, 'image')} unchanged`
  return `${countText(built, 'image')} built${reused > 0 ? `, ${reused} reused` : ''}`
}

/** What a plan would do. */
export function planHeadline(rows: readonly Row[]): Headline {
  const work = rows.filter(({ state }) => state === 'build').length
  const words =
    work === 0
      ? `nothing to build: ${countText(rows.length, 'image')} unchanged`
      : `${work} of ${countText(rows.length, 'image')} would be built`
  return { mark: '📋', words }
}

/** How many images are in each state, how long it took, what reuse saved; a piece each. */
export function countsWords(rows: readonly Row[], total: number | undefined): readonly string[] {
  const counts = countStates(rows)
  const states = (['failed', 'blocked', 'skipped', 'built', 'reused', 'build', 'reuse'] as const)
    .filter(state => counts.has(state))
    .map(state => `${groupDigits(counts.get(state) ?? 0)} ${STATE_WORDS[state]}`)
  const saved = savedSeconds(rows)
  const pushed = rows.filter(({ push }) => push === 'pushed').length
  const verb = counts.has('build') || counts.has('reuse') ? 'saves' : 'saved'
  return [
    ...states,
    ...(pushed > 0 ? [`${groupDigits(pushed)} pushed`] : []),
    ...(total === undefined ? [] : [`took ${secondsText(total)}`]),
    ...(saved > 0 ? [`reuse ${verb} about ${secondsText(saved)} of building`] : [])
  ]
}

const STATE_WORDS: Readonly<Record<RowState, string>> = {
  failed: 'failed',
  blocked: 'blocked',
  skipped: 'not started',
  built: 'built',
  reused: 'reused',
  build: 'to build',
  reuse: 'to reuse'
}

/** Seconds that the reused images took when they were built. */
export function savedSeconds(rows: readonly Row[]): number {
  return rows
    .filter(({ state }) => state === 'reused' || state === 'reuse')
    .reduce((sum, { expectedSeconds = 0 }) => sum + expectedSeconds, 0)
}
