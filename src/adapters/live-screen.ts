import { formatProblem } from '../errors.js'
import type { Image, Warning } from '../manifest/image.js'
import { failureText } from '../report/failure-text.js'
import { liveText } from '../report/live-text.js'
import { outcomeText } from '../report/outcome-text.js'
import type { Emit, ImageResult, RunEvent } from '../run/events.js'

/** Milliseconds between two frames. */
const FRAME = 100

const MARKS = { built: '✓', reused: '=', failed: '✗', blocked: '-', skipped: '-' } as const

interface Running {
  readonly image: Image
  readonly since: number
  readonly expected: number | undefined
}

/** A live view on a terminal's standard error: a line for each image that is being built. */
export async function liveScreen(): Promise<Emit> {
  const { createLogUpdate } = await import('log-update')
  const view = createLogUpdate(process.stderr)
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
    view(liveText({ running: rows, waiting, done, frame, rows: height, columns }))
  }
  const print = (text: string) => {
    view.clear()
    process.stderr.write(`${text}\n`)
    if (timer) draw()
  }
  const warn = ({ message, file, position }: Warning) => {
    const place = file === undefined ? undefined : { file, position }
    print(`warning: ${formatProblem({ place, message })}`)
  }
  const start = (image: Image) => {
    waiting -= 1
    running.set(image, { image, since: performance.now(), expected: expected.get(image.id) })
  }
  const end = (result: ImageResult) => {
    if (!running.delete(result.image)) waiting -= 1
    done += 1
    print(`${MARKS[result.status]} ${outcomeText(result)}`)
    if (result.failure) print(failureText(result))
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
        waiting = event.plan.images.length
        for (const { image, expectedSeconds } of event.plan.images) {
          expected.set(image.id, expectedSeconds)
        }
        timer = setInterval(draw, FRAME)
        return
      case 'image-started':
        return start(event.image)
      case 'image-output':
        return
      case 'image-ended':
        return end(event.result)
      case 'warning':
        return warn(event.warning)
      case 'note':
        return print(event.message)
      case 'run-ended':
        return stop()
    }
  }
}
