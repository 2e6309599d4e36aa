import { failureText } from '../report/failure-text.js'
import type { MaskText } from '../report/masked-copy.js'
import { outcomeText } from '../report/outcome-text.js'
import { pushFailureText, pushText, pushTitle } from '../report/push-text.js'
import type { Screen } from './ordered-output.js'
import { writeErr } from './standard-streams.js'
import { type TerminalOptions, terminalNotes } from './terminal-notes.js'
import { errPaint } from './terminal-paint.js'

/**
 * The command line's log, on standard error: results alone go to standard output.
 * @param mask takes secrets out of all but builders' output
 */
export function terminalScreen(options: TerminalOptions, mask: MaskText = text => text): Screen {
  const { quiet } = options
  const paint = errPaint()
  const notes = terminalNotes(options, mask)
  const say = notes.note
  let atLineStart = true
  const endOutput = (outcome: string, failure: string) => {
    if (!atLineStart) say('')
    atLineStart = true
    say(`<== ${outcome}`)
    if (failure) writeErr(`${paint('red', mask(failure))}\n`)
  }
  return {
    open: image => say(paint('bold', `==> ${image.tags[0] ?? image.id}`)),
    write: chunk => {
      if (quiet) return
      writeErr(chunk)
      atLineStart = chunk.at(-1) === 0x0a
    },
    close: result => endOutput(outcomeText(result), failureText(result)),
    leave: result => say(`--- ${outcomeText(result)}`),
    ...notes,
    openPush: image => say(paint('bold', `==> ${pushTitle(image.tags[0] ?? image.id)}`)),
    closePush: push => endOutput(pushText(push), pushFailureText(push)),
    leavePush: push => say(`--- ${pushText(push)}`)
  }
}
