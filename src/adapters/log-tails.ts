import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { LogText } from '../report/page-logs.js'

/** The last bytes of a file as text, cut at a line; undefined where it cannot be read. */
export function readTail(path: string, most: number): LogText | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return undefined
  }
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(size, most))
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length)
    const tail = buffer.subarray(0, read)
    const start = size > read ? tail.indexOf(0x0a) + 1 : 0
    return { text: tail.subarray(start).toString(), leftOut: size - read + start }
  } finally {
    closeSync(file)
  }
}
