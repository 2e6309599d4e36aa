import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { LogFile, Logs } from '../ports.js'

/** Bytes of a log's end that are looked at for its last lines. */
const TAIL = 64 * 1024

/** Characters of one line that a person is shown. */
const LINE = 2_000

const fileName = (name: string, number: number) =>
  `${String(number).padStart(3, '0')}-${name.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 150)}.log`

function tailOf(file: number, since: number): string {
  const size = fstatSync(file).size
  const length = Math.max(0, Math.min(size - since, TAIL))
  const buffer = Buffer.alloc(length)
  readSync(file, buffer, 0, length, size - length)
  return buffer.toString()
}

function openLog(path: string): LogFile {
  const file = openSync(path, 'w+', 0o600)
  let open = true
  let size = 0
  return {
    path,
    write: chunk => {
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at)
      size += chunk.length
    },
    get size() {
      return size
    },
    lastLines: (count, since = 0) =>
      tailOf(file, since)
        .split(/\r?\n/)
        .filter(line => line.trim() !== '')
        .slice(-count)
        .map(line => line.slice(0, LINE)),
    close: () => {
      if (open) closeSync(file)
      open = false
    }
  }
}

/** Log files in a folder, which is made where it is missing. */
export function openLogs(folder: string): Logs {
  mkdirSync(folder, { recursive: true })
  let opened = 0
  return {
    open: name => {
      opened += 1
      return openLog(join(folder, fileName(name, opened)))
    }
  }
}
