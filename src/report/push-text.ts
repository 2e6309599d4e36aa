import { shellLine } from '../run/command-line.js'
import type { Failure, PushResult } from '../run/events.js'
import { escapeControls } from './plain-text.js'

const nameOf = ({ image, failure }: PushResult) => failure?.tag ?? image.tags[0] ?? image.id

/** The heading of a push in a log. */
export const pushTitle = (tag: string): string => `push ${tag}`

/** One line on how a push ended. */
export function pushText(push: PushResult): string {
  const { status, pushed, reason, seconds } = push
  if (status !== 'pushed') return `push of ${nameOf(push)} ${status}: ${reason}`
  const isSent = pushed.some(({ sent }) => sent)
  const how = isSent ? `pushed in ${(seconds ?? 0).toFixed(1)} s` : 'pushed before'
  return `${pushed.map(({ tag }) => tag).join(', ')} ${how}: ${pushed[0]?.digest ?? ''}`
}

/** One sentence about a failed push. */
export function pushHeadline(push: PushResult): string {
  return `push of ${nameOf(push)} failed: ${push.reason}`
}

const commandLines = ({ command, lastLines, advice }: Failure) => [
  `  command: ${escapeControls(shellLine(command))}`,
  ...(lastLines.length > 0 ? ['  last lines:'] : []),
  ...lastLines.map(line => `    ${line}`),
  ...(advice ?? []).map(line => `  ${line}`)
]

/** What a person needs to know of a failed push; empty where it did not fail. */
export function pushFailureText(push: PushResult): string {
  const { failure, pushed, logFile } = push
  if (!failure) return ''
  const before = pushed.map(({ tag }) => tag).join(', ')
  return [
    pushHeadline(push),
    ...commandLines(failure),
    ...(before ? [`  pushed before: ${before}`] : []),
    ...(logFile ? [`  whole log: ${logFile}`] : [])
  ].join('\n')
}
