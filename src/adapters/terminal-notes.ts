import { formatProblem } from '../errors.js'
import type { MaskText } from '../report/masked-copy.js'
import { escapeControls } from '../report/plain-text.js'
import type { Screen } from './ordered-output.js'
import { writeErr } from './standard-streams.js'
import { errPaint } from './terminal-paint.js'

export interface TerminalOptions {
  /** Say only what failed. */
  readonly quiet: boolean
}

/**
 * What the command line says beside its results, on standard error.
 * @param mask takes secrets out
 */
export function terminalNotes(
  { quiet }: TerminalOptions,
  mask: MaskText = text => text
): Pick<Screen, 'warn' | 'note'> {
  const paint = errPaint()
  const note = (message: string) => {
    if (!quiet) writeErr(`${mask(message)}\n`)
  }
  const warn: Screen['warn'] = ({ message, file, position }) => {
    const place = file === undefined ? undefined : { file, position }
    note(`${paint('yellow', 'warning:')} ${escapeControls(formatProblem({ place, message }))}`)
  }
  return { warn, note }
}
