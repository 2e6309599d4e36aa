import { formatProblem } from '../errors.js'
import type { Image, Warning } from '../manifest/image.js'
import { failureText } from '../report/failure-text.js'
import { liveText } from '../report/live-text.js'
import type { MaskText } from '../report/masked-copy.js'
import { outcomeText } from '../report/outcome-text.js'
import { pushFailureText, pushText, pushTitle } from '../report/push-text.js'
import type { Emit, ImageResult, PushResult, RunEvent } from '../run/events.js'
import { isGone } from './standard-streams.js'
import { errPaint } from './terminal-paint.js'

/** Milliseconds between two frames. */
const FRAME = 100

const STYLES = {
  built: 'green',
  pushed: 'green',
  reused: 'green',
  failed: 'red',
  blocked: 'dim',
  skipped: 'dim'
} as const
const MARKS = {
  built: '✓',
  pushed: '✓',
  reused: '=',
  failed: '✗',
  blocked: '-',
  skipped: '-'
} as const

/** What cannot be shown ends no run: its results stand in the report, and the exit status tells. */
function outliveFailure(stream: typeof process.stderr): void {
  let isGood = true
  stream.on('error', error => {
    if (isGone(stream.fd, error)) return
    if (isGood) process.once('exit', () => (process.exitCode ||= 1))
    isGood = false
  })
}

interface Running {
  readonly name: string
  readonly since: number
  readonly expected: number | undefined
}

const nameOf = (image: Image) => image.tags[0] ?? image.id

/**
 * A live view on a terminal's standard error: a line for each image that is being built.
 * @param mask takes secrets out of what is printed
 */
export async function liveScreen(mask: MaskText = text => text): Promise<Emit> {
  outliveFailure(process.stderr)
  const { createLogUpdate } = await import('log-update')
  const view = createLogUpdate(process.stderr)
  const paint = errPaint()
  const running = new Map<Image, Running>()
  const expected = new Map<string, number | undefined>()
  let waiting = 0
  let done = 0
  let frame = 0
  let timer: NodeJS.Timeout | undefined

  const draw = () => {
    frame += 1
    const now = performance.now()
    const rows = [...running.values()].map(each => ({
      ...each,
      elapsed: (now - each.since) / 1000
    }))
    const { rows: height = 24, columns = 80 } = process.stderr
    view(mask(liveText({ running: rows, waiting, done, frame, rows: height, columns })))
  }
  const print = (text: string) => {
    view.clear()
    process.stderr.write(`${mask(text)}\n`)
    if (timer) draw()
  }
  const warn = ({ message, file, position }: Warning) => {
    const place = file === undefined ? undefined : { file, position }
    print(`${paint('yellow', 'warning:')} ${formatProblem({ place, message })}`)
  }
  const begin = (count: number) => {
    waiting = count
    done = 0
    timer = setInterval(draw, FRAME).unref()
  }
  const start = (image: Image, name: string, usual?: number) => {
    waiting -= 1
    running.set(image, { name, since: performance.now(), expected: usual })
  }
  const end = ({ image, status }: ImageResult | PushResult, outcome: string, failure: string) => {
    if (!running.delete(image)) waiting -= 1
    done += 1
    print(`${paint(STYLES[status], MARKS[status])} ${outcome}`)
    if (failure) print(failure)
  }
  const stop = () => {
    clearInterval(timer)
    timer = undefined
    view.clear()
    view.done()
  }

  return (event: RunEvent) => {
    switch (event.type) {
      case 'run-started':
        for (const { image, expectedSeconds } of event.plan.images) {
          expected.set(image.id, expectedSeconds)
        }
        return begin(event.plan.images.length)
      case 'publish-started':
        return begin(event.images.length)
      case 'image-started':
        return start(event.image, nameOf(event.image), expected.get(event.image.id))
      case 'push-started':
        return start(event.image, pushTitle(nameOf(event.image)))
      case 'image-output':
      case 'push-output':
        return
      case 'image-ended':
        return end(event.result, outcomeText(event.result), failureText(event.result))
      case 'push-ended':
        return end(event.push, pushText(event.push), pushFailureText(event.push))
      case 'warning':
        return warn(event.warning)
      case 'note':
        return print(event.message)
      case 'run-ended':
      case 'publish-ended':
        return stop()
    }
  }
}
