import { readSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { ArchiveAnswer, ArchiveCall } from './archive-call.js'
import { LoadInto, messageIn, saveFrom } from './archive-socket.js'
import { ArchiveCheck, refusalOf } from './docker-archive.js'
import { answerLine } from './program-answer.js'

/**
 * This module is a program of its own, too: an archive of gigabytes passes through it without the
 * builds of the run, their output or its end by a signal having to wait.
 */
export const programUrl = import.meta.url

/** Bytes that are read at a time. */
const PIECE = 1 << 20

/** Bytes of what came last, in which a daemon may have said why it ended. */
const TAIL = 4096

const INPUT = 0
const OUTPUT = 1
const ERRORS = 2

class Refusal extends Error {}
class TooLarge extends Error {}

/** Fills the memory with what comes next; fewer bytes are the end. */
function fill(memory: Buffer): number {
  let filled = 0
  while (filled < memory.length) {
    const read = readSync(INPUT, memory, filled, memory.length - filled, null)
    if (read === 0) break
    filled += read
  }
  return filled
}

function writeAll(piece: Buffer): void {
  let written = 0
  while (written < piece.length) {
    written += writeSync(OUTPUT, piece, written, piece.length - written)
  }
}

/** Where an archive goes to. */
type Target = Pick<LoadInto, 'write' | 'end' | 'abort'>

const NOWHERE: Target = { write: async () => {}, end: async () => {}, abort: () => {} }

/** Looks at all that passes. */
class Passage {
  readonly #check: ArchiveCheck
  readonly #limit: number
  #bytes = 0

  constructor({ limit }: ArchiveCall, ids: readonly string[]) {
    this.#check = new ArchiveCheck(new Set(ids))
    this.#limit = limit
  }

  /** @returns how many bytes may be passed on at once */
  take(piece: Buffer): number {
    this.#bytes += piece.length
    if (this.#bytes > this.#limit) throw new TooLarge(`it takes more than ${this.#limit} bytes`)
    return this.#checked(() => this.#check.take(piece))
  }

  end(): void {
    this.#checked(() => this.#check.end())
  }

  #checked<T>(work: () => T): T {
    try {
      return work()
    } catch (failure) {
      throw new Refusal(refusalOf(failure))
    }
  }
}

/** The words in which a daemon tells among the bytes of an archive that it could not go on. */
function lastWords(tail: Buffer): string | undefined {
  const text = tail.toString()
  return messageIn(text.slice(text.lastIndexOf('{"errorDetail"')))
}

async function save(call: ArchiveCall, ids: readonly string[]): Promise<void> {
  const passage = new Passage(call, ids)
  let tail: Buffer = Buffer.alloc(0)
  const pass = (piece: Buffer) => {
    tail = Buffer.from(piece.subarray(-TAIL))
    passage.take(piece)
    writeAll(piece)
  }
  try {
    if (call.socket === undefined) {
      const memory = Buffer.allocUnsafeSlow(PIECE)
      for (let read = fill(memory); read > 0; read = fill(memory)) pass(memory.subarray(0, read))
    } else {
      await saveFrom(call.socket, ids, pass)
    }
    passage.end()
  } catch (failure) {
    const words = failure instanceof Refusal ? lastWords(tail) : undefined
    throw words === undefined ? failure : new Error(words)
  }
}

/** Lets what the daemon says meanwhile come in: reading waits for the whole program. */
async function listen(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise(resolve => setImmediate(resolve))
}

async function load(call: ArchiveCall, ids: readonly string[]): Promise<void> {
  const passage = new Passage(call, ids)
  const target = call.socket === undefined ? NOWHERE : new LoadInto(call.socket)
  const memory = Buffer.allocUnsafeSlow(PIECE)
  const held: Buffer[] = []
  try {
    for (let read = fill(memory); read > 0; read = fill(memory)) {
      const piece = memory.subarray(0, read)
      const now = passage.take(piece)
      if (now < read) held.push(Buffer.from(piece.subarray(now)))
      await listen()
      await target.write(piece.subarray(0, now))
    }
    passage.end()
  } catch (failure) {
    target.abort()
    throw failure
  }
  await target.write(Buffer.concat(held))
  await target.end()
}

const answerOf = (failure: unknown): ArchiveAnswer => {
  if (failure instanceof TooLarge) return { what: 'too large' }
  const why = failure instanceof Error ? failure.message : String(failure)
  return { what: failure instanceof Refusal ? 'refused' : 'failed', why }
}

async function main(call: ArchiveCall, ids: readonly string[]): Promise<void> {
  const work = call.way === 'save' ? save(call, ids) : load(call, ids)
  const answer = await work.then((): ArchiveAnswer => ({ what: 'done' }), answerOf)
  writeSync(ERRORS, answerLine(answer))
  process.exitCode = answer.what === 'done' ? 0 : 1
}

const [, started = '', call = '', ...ids] = process.argv
if (pathToFileURL(started).href === programUrl) void main(JSON.parse(call) as ArchiveCall, ids)
