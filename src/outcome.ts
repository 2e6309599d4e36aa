import { ChainError } from './errors.js'
import { failureHeadline } from './report/failure-text.js'
import { pushHeadline } from './report/push-text.js'
import { remedyOf } from './report/remedy.js'
import type { ImageResult, PushResult } from './run/events.js'

/**
 * What a run that did not end well is to be told as; undefined where all is well.
 * @param isInterrupted a signal came, and be it when all was done
 */
export function failureOf(
  results: readonly ImageResult[],
  pushes: readonly PushResult[] = [],
  isInterrupted = false
): ChainError | undefined {
  if (isInterrupted || [...results, ...pushes].some(wasInterrupted)) return interrupted()
  const failed = results.filter(({ status }) => status === 'failed')
  const first = failed.find(({ failure }) => failure?.code !== undefined) ?? failed[0]
  if (!first?.failure) return pushFailureOf(pushes)
  const { manifest: file, position } = first.image
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  return new ChainError(
    first.failure.code ?? 'BUILD_FAILED',
    `${failureHeadline(first, first.failure)}${others}`,
    {
      where: { file, position },
      hint: [remedyOf(first), 'What was built before is on the daemon and in the outputs.']
        .filter(Boolean)
        .join('\n')
    }
  )
}

function pushFailureOf(pushes: readonly PushResult[]): ChainError | undefined {
  const failed = pushes.filter(({ status }) => status === 'failed')
  const first = failed[0]
  if (!first) return undefined
  const { manifest: file, position } = first.image
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  const rest = 'The next run builds nothing that has not changed, and pushes the rest.'
  return new ChainError('PUSH_FAILED', `${pushHeadline(first)}${others}`, {
    where: { file, position },
    hint: [...(first.failure?.advice ?? []), rest].join('\n')
  })
}

const wasInterrupted = ({ status, reason, failure }: ImageResult | PushResult): boolean =>
  failure?.message === 'interrupted' || (status === 'skipped' && reason === 'interrupted')

/**
 * What an interrupted run ends with.
 * @param cause what failed as its program was ended
 */
export const interrupted = (cause?: unknown) =>
  new ChainError('INTERRUPTED', 'interrupted', {
    hint: 'What was built before is on the daemon: the next run builds the rest.',
    cause
  })
