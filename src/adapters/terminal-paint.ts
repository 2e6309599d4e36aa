import { coloured, type Paint, plain, wantsColours } from '../report/paint.js'

/** How text for one of the program's streams is shown: NO_COLOR, FORCE_COLOR and CI decide. */
export const terminalPaint = (stream: NodeJS.WriteStream): Paint =>
  wantsColours(stream.isTTY === true, process.env) ? coloured : plain
