import { formatPlace } from '../errors.js'
import { shellLine } from '../run/command-line.js'
import type { Failure, ImageResult } from '../run/events.js'
import { escapeControls, plainText } from './plain-text.js'

const exitWords = ({ exitStatus, message }: Failure) =>
  message.includes('exit status') ? message : `${message} (exit status ${exitStatus})`

/** Codes of failures that are none of the builder's own. */
const isOfBuilder = ({ code }: Failure) => code === undefined || code === 'MOUNT_UNREACHABLE'

/** One sentence about a failed image: which, which command, which exit status. */
export function failureHeadline({ image }: ImageResult, failure: Failure): string {
  const isOfTool = failure.exitStatus !== undefined && isOfBuilder(failure)
  const what = isOfTool ? `${failure.command.tool} ${exitWords(failure)}` : failure.message
  return `${image.tags[0] ?? image.id} failed: ${what}`
}

/** What a person needs to know of a failed image: headline, command, last lines, log. */
export function failureText(result: ImageResult): string {
  const { failure, logFile } = result
  if (!failure) return ''
  return [
    failureHeadline(result, failure),
    `  command: ${escapeControls(shellLine(failure.command))}`,
    `  in: ${failure.command.cwd}`,
    ...(failure.where ? [`  at: ${formatPlace(failure.where)}`] : []),
    ...(failure.lastLines.length > 0 ? ['  last lines:'] : []),
    ...failure.lastLines.map(line => `    ${plainText(line)}`),
    ...(failure.advice ?? []).map(line => `  ${line}`),
    ...(logFile ? [`  whole log: ${logFile}`] : [])
  ].join('\n')
}
