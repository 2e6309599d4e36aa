import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogFile, Logs } from '../ports.js'

/** Bytes of a log's end that are looked at for its last lines. */
const TAIL = 64 * 1024

/** Characters of one line that a person is shown. */
const LINE = 2_000

const fileName = (name: string, number: number) =>
  `${String(number).padStart(3, '0')}-${name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 150)}.log`

function tailOf(file: number, since: number): Buffer {
  const size = fstatSync(file).size
  const length = Math.max(0, Math.min(size - since, TAIL))
  const buffer = Buffer.alloc(length)
  readSync(file, buffer, 0, length, size - length)
  return buffer
}

/** The end of what was written, where the file does not take it. */
function openTail(start: Buffer) {
  let tail = start
  const add = (chunk: Uint8Array) => {
    tail = Buffer.concat([tail, chunk.subarray(-TAIL)]).subarray(-TAIL)
  }
  return { add, last: (bytes: number) => (bytes > 0 ? tail.subarray(-bytes) : Buffer.alloc(0)) }
}

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error))

function openFile(path: string): number | string {
  try {
    return openSync(path, 'w+', 0o600)
  } catch (error) {
    return reasonOf(error)
  }
}

/** A log whose disk may be full: a build that ends well is not lost for what it said on the way. */
function openLog(path: string, heard?: (chunk: Buffer) => void): LogFile {
  const opened = openFile(path)
  const file = typeof opened === 'number' ? opened : undefined
  let problem = typeof opened === 'string' ? opened : undefined
  let tail = file === undefined ? openTail(Buffer.alloc(0)) : undefined
  let open = file !== undefined
  let size = 0
  const put = (chunk: Uint8Array) => {
    if (file === undefined || tail) return tail?.add(chunk)
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
    } catch (error) {
      problem = reasonOf(error)
      tail = openTail(tailOf(file, 0))
      tail.add(chunk)
    }
  }
  return {
    path,
    write: chunk => {
      put(chunk)
      size += chunk.length
      heard?.(chunk)
    },
    get size() {
      return size
    },
    get problem() {
      return problem
    },
    lastLines: (count, since = 0) =>
      (tail?.last(size - since) ?? tailOf(file ?? -1, since))
        .toString()
        .split(/\r?\n/)
        .filter(line => line.trim() !== '')
        .slice(-count)
        .map(line => line.slice(0, LINE)),
    close: () => {
      if (open) closeSync(file ?? -1)
      open = false
    }
  }
}

/** Log files in a folder, which is made where it is missing. */
export function openLogs(folder: string): Logs {
  try {
    mkdirSync(folder, { recursive: true })
  } catch {
    // Each log then says why it cannot be written.
  }
  let opened = 0
  return {
    open: (name, heard) => {
      opened += 1
      return openLog(join(folder, fileName(name, opened)), heard)
    }
  }
}
