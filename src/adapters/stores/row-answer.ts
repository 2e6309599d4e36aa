import type { ArchiveAnswer } from './archive-call.js'
import { answersIn, saidIn } from './program-answer.js'
import type { RowEnd } from './row.js'

const NOT_UNPACKED = 'it could not be unpacked'

/**
 * The stage of a row that unpacks an archive. A shell knows only how the last program of a row ended, and what is
 * damaged at its very end is unpacked whole before this one fails.
 */
export const unpacking = (command: string): string =>
  `{ ${command} || echo '${NOT_UNPACKED}' >&2; }`

/** Of another program of the row that failed this one knows only that nobody takes or gives anything any more. */
const KNOCK_ON = /^EPIPE|^it is cut short$/

/** What came of an archive that passed through a row, one of whose programs looked at it. */
export function answerOf({ said: output, status }: RowEnd): ArchiveAnswer {
  const answer = answersIn(output).at(-1) as ArchiveAnswer | undefined
  const lines = saidIn(output).split('\n')
  const isUnpacked = !lines.includes(NOT_UNPACKED)
  const words = lines.filter(line => line !== '' && line !== NOT_UNPACKED).join('\n')
  const said = words || (isUnpacked ? '' : NOT_UNPACKED)
  if (answer && 'why' in answer && !(KNOCK_ON.test(answer.why) && said !== '')) return answer
  if (answer?.what === 'too large') return answer
  if (answer?.what === 'done' && status === 0 && isUnpacked) return answer
  return { what: 'failed', why: said || `it ended with status ${status}` }
}
