import { closeSync, openSync, readSync } from 'node:fs'
import type { Image, Warning } from '../manifest/image.js'
import type { Emit, ImageResult, PushResult, RunEvent } from '../run/events.js'

/** A place that shows the output of one image at a time. */
export interface Screen {
  open(image: Image): void
  write(chunk: Uint8Array): void
  close(result: ImageResult): void
  /** An image that never ran. */
  leave(result: ImageResult): void
  warn(warning: Warning): void
  note(message: string): void
  openPush(image: Image): void
  closePush(push: PushResult): void
  /** A push that never began. */
  leavePush(push: PushResult): void
}

interface Entry {
  readonly image: Image
  readonly logFile: string
  readonly open: () => void
  close?: () => void
}

const PIECE = 64 * 1024

/** Shows a log as far as its file has it; one that could not be made has nothing, of which a warning tells. */
function replay(path: string, write: (chunk: Uint8Array) => void): void {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return
  }
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
    for (let first = queue[0]; first?.close; first = queue[0]) {
      first.close()
      queue.shift()
      const next = queue[0]
      if (!next) return
      next.open()
      replay(next.logFile, chunk => screen.write(chunk))
    }
  }
  const start = (entry: Entry) => {
    queue.push(entry)
    if (queue.length === 1) entry.open()
  }
  const show = (image: Image, chunk: Buffer) => {
    if (queue[0]?.image === image) screen.write(chunk)
  }
  const end = (image: Image, close: () => void, leave: () => void) => {
    const entry = queue.find(each => each.image === image)
    if (!entry) return leave()
    entry.close = close
    closeEnded()
  }

  return (event: RunEvent) => {
    switch (event.type) {
      case 'image-started':
        return start({ ...event, open: () => screen.open(event.image) })
      case 'push-started':
        return start({ ...event, open: () => screen.openPush(event.image) })
      case 'image-output':
      case 'push-output':
        return show(event.image, event.chunk)
      case 'image-ended':
        return end(
          event.result.image,
          () => screen.close(event.result),
          () => screen.leave(event.result)
        )
      case 'push-ended':
        return end(
          event.push.image,
          () => screen.closePush(event.push),
          () => screen.leavePush(event.push)
        )
      case 'warning':
        return screen.warn(event.warning)
      case 'note':
        return screen.note(event.message)
      case 'run-started':
      case 'run-ended':
      case 'publish-started':
      case 'publish-ended':
        return
    }
  }
}
