import { coloured, type Paint, plain, wantsColours } from '../report/paint.js'
import { isErrTerminal, isOutTerminal } from './standard-streams.js'

const paintOf = (isTerminal: boolean): Paint =>
  wantsColours(isTerminal, process.env) ? coloured : plain

/** How text on standard output is shown: NO_COLOR, FORCE_COLOR and CI decide. */
export const outPaint = (): Paint => paintOf(isOutTerminal())

/** The same for standard error. */
export const errPaint = (): Paint => paintOf(isErrTerminal())
