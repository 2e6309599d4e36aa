import { ChainError } from './errors.js'
import { failureHeadline } from './report/failure-text.js'
import type { ImageResult } from './run/events.js'

/** What a run that did not end well is to be told as; undefined where all is well. */
export function failureOf(results: readonly ImageResult[]): ChainError | undefined {
  if (results.some(wasInterrupted)) return interrupted()
  const failed = results.filter(({ status }) => status === 'failed')
  const first = failed.find(({ failure }) => failure?.code !== undefined) ?? failed[0]
  if (!first?.failure) return undefined
  const { manifest: file, position } = first.image
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  return new ChainError(
    first.failure.code ?? 'BUILD_FAILED',
    `${failureHeadline(first, first.failure)}${others}`,
    {
      where: { file, position },
      hint: 'What was built before is on the daemon and in the outputs.'
    }
  )
}

const wasInterrupted = ({ status, reason, failure }: ImageResult): boolean =>
  failure?.message === 'interrupted' || (status === 'skipped' && reason === 'interrupted')

const interrupted = () =>
  new ChainError('INTERRUPTED', 'interrupted', {
    hint: 'What was built before is on the daemon.'
  })
