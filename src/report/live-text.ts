/** An image that is being built or pushed. */
export interface RunningImage {
  readonly name: string
  /** Seconds since it began. */
  readonly elapsed: number
  /** Seconds that it took the last time, where that is known. */
  readonly expected: number | undefined
}

/** What a live view shows of a run. */
export interface LiveState {
  readonly running: readonly RunningImage[]
  readonly waiting: number
  readonly done: number
  /** Number of the frame, for what turns. */
  readonly frame: number
  /** Lines and characters that there is room for. */
  readonly rows: number
  readonly columns: number
}

const SPINNER = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'

const cut = (text: string, width: number) =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text

/** Seconds as `4.2 s` or `3 min 12 s`. */
export function elapsedText(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`
}

function runningLine({ name, elapsed, expected }: RunningImage, state: LiveState): string {
  const turn = SPINNER[state.frame % SPINNER.length]
  const usual = expected === undefined ? '' : `, last time ${elapsedText(expected)}`
  const times = `${elapsedText(elapsed)}${usual}`
  return `${turn} ${cut(name, state.columns - times.length - 4)}  ${times}`
}

/** The lines of a live view: one for each running image, then how many wait and are done. */
export function liveText(state: LiveState): string {
  const room = Math.max(1, state.rows - 2)
  const shown = state.running.slice(0, room).map(running => runningLine(running, state))
  const hidden = state.running.length - shown.length
  const counts = [
    ...(hidden > 0 ? [`${hidden} more running`] : []),
    `${state.waiting} waiting`,
    `${state.done} done`
  ]
  return [...shown, cut(`  ${counts.join(', ')}`, state.columns)].join('\n')
}
