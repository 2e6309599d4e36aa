import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { sha256 } from '../chain/node-crypto.js'
import { type ImageRecord, isImageRecord } from '../chain/record.js'
import { files } from './files.js'

/** The records of a project's images; a later one of the same image stands for the earlier. */
export interface State {
  records(): ReadonlyMap<string, ImageRecord>
  /**
   * Remembers a record for this run, then writes it down for later ones.
   * @throws the error of the system where it cannot be written
   */
  keep(record: ImageRecord): void
  /** Reads what other runs have written since. */
  refresh(): void
  /** Writes the file anew where most of it is superseded. */
  compact(): Promise<void>
}

const CHECK = 16

const check = (text: string) => sha256(text).slice(0, CHECK)

const lineOf = (record: ImageRecord): string => {
  const text = JSON.stringify(record)
  return `${check(text)} ${text}\n`
}

/** A record from a line; undefined where the line was cut, torn or altered. */
function parseLine(line: string): ImageRecord | undefined {
  const text = line.slice(CHECK + 1)
  if (line.slice(0, CHECK) !== check(text)) return undefined
  try {
    const record: unknown = JSON.parse(text)
    return isImageRecord(record) ? record : undefined
  } catch {
    return undefined
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** Bytes of a file; 0 where there is none. */
function sizeOf(file: string): number {
  try {
    return statSync(file).size
  } catch {
    return 0
  }
}

/** Lines beyond which a file that is mostly superseded is written anew. */
const COMPACT_ABOVE = 200

/**
 * Opens the state in a file of lines, each with a checksum of its own: a run that is killed, or two
 * runs at once, lose at most a line, and a lost line is a rebuild.
 */
export function openState(file: string): State {
  let loaded: Map<string, ImageRecord> | undefined
  const unwritten = new Map<string, ImageRecord>()
  let lines = 0
  let sound = true
  let known = 0
  const records = (): Map<string, ImageRecord> => {
    if (loaded) return loaded
    loaded = new Map()
    lines = 0
    known = sizeOf(file)
    const text = readText(file)
    for (const line of text.split('\n').filter(Boolean)) {
      lines += 1
      const record = parseLine(line)
      if (record) loaded.set(record.image, record)
    }
    for (const [image, record] of unwritten) loaded.set(image, record)
    sound = text === '' || text.endsWith('\n')
    return loaded
  }
  const write = (record: ImageRecord) => {
    mkdirSync(dirname(file), { recursive: true })
    // A leading line end parts the record from a line that a killed run or a full disk left torn.
    const line = `${sound ? '' : '\n'}${lineOf(record)}`
    sound = false
    appendFileSync(file, line, { mode: 0o600 })
    sound = true
    lines += 1
    known += Buffer.byteLength(line)
  }
  const keep = (record: ImageRecord) => {
    records().set(record.image, record)
    unwritten.set(record.image, record)
    write(record)
    unwritten.delete(record.image)
  }
  const refresh = () => {
    if (sizeOf(file) !== known) loaded = undefined
  }
  const compact = async () => {
    refresh()
    const kept = records()
    if (lines <= COMPACT_ABOVE || lines < 2 * kept.size) return
    await files.write(file, [...kept.values()].map(lineOf).join(''))
  }
  return { records, keep, refresh, compact }
}
