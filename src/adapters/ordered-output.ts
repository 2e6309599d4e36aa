import { closeSync, openSync, readSync } from 'node:fs'
import type { Image, Warning } from '../manifest/image.js'
import type { Emit, ImageResult, RunEvent } from '../run/events.js'

/** A place that shows the output of one image at a time. */
export interface Screen {
  open(image: Image): void
  write(chunk: Uint8Array): void
  close(result: ImageResult): void
  /** An image that never ran. */
  leave(result: ImageResult): void
  warn(warning: Warning): void
  note(message: string): void
}

interface Entry {
  readonly image: Image
  readonly logFile: string
  result?: ImageResult
}

const PIECE = 64 * 1024

function replay(path: string, write: (chunk: Uint8Array) => void): void {
  const file = openSync(path, 'r')
  const buffer = Buffer.alloc(PIECE)
  try {
    for (let length = 1; length > 0; ) {
      length = readSync(file, buffer, 0, PIECE, null)
      if (length > 0) write(buffer.subarray(0, length))
    }
  } finally {
    closeSync(file)
  }
}

/**
 * Shows builds that run side by side one after another: the first streams, the others follow
 * whole from their log files, so memory does not grow with output.
 */
export function orderedOutput(screen: Screen): Emit {
  const queue: Entry[] = []

  const closeEnded = () => {
    for (let first = queue[0]; first?.result; first = queue[0]) {
      screen.close(first.result)
      queue.shift()
      const next = queue[0]
      if (!next) return
      screen.open(next.image)
      replay(next.logFile, chunk => screen.write(chunk))
    }
  }
  const start = (image: Image, logFile: string) => {
    queue.push({ image, logFile })
    if (queue.length === 1) screen.open(image)
  }
  const end = (result: ImageResult) => {
    const entry = queue.find(({ image }) => image === result.image)
    if (!entry) return screen.leave(result)
    entry.result = result
    closeEnded()
  }

  return (event: RunEvent) => {
    switch (event.type) {
      case 'image-started':
        return start(event.image, event.logFile)
      case 'image-output':
        if (queue[0]?.image === event.image) screen.write(event.chunk)
        return
      case 'image-ended':
        return end(event.result)
      case 'warning':
        return screen.warn(event.warning)
      case 'note':
        return screen.note(event.message)
      case 'run-started':
      case 'run-ended':
        return
    }
  }
}
