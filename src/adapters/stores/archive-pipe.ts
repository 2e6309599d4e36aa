import { appendFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { dockerSocket } from '../docker-socket.js'
import { openScratch } from '../scratch.js'
import { shellWord } from '../shell-word.js'
import type { ArchiveAnswer, ArchiveCall } from './archive-call.js'
import { readBlob } from './blob-read.js'
import { writeBlob } from './blob-write.js'
import { type HttpCalls, RefusedCall } from './http-calls.js'
import { Row } from './row.js'
import { answerOf, unpacking } from './row-answer.js'
import { reasonOf } from './store-calls.js'

/** What an archive is packed by: the first, where there is no zstd the second. */
export type Packing = 'zstd' | 'gzip'

/** Images as an archive. */
export interface ImageArchive {
  /** Ids of the images that it is to hold, no more and no less. */
  readonly ids: readonly string[]
  /** Bytes that it may have, before it is packed. */
  readonly limit: number
}

/** A blob that is to be made of an archive. */
export interface BlobTarget {
  /** Where it is to be put: asked for once there is something to put. */
  readonly reserve: () => Promise<URL>
  /** What comes before the archive. */
  readonly head: Buffer
}

/** A blob that has an archive. */
export interface BlobSource {
  readonly url: URL
  /** Bytes before the archive. */
  readonly from: number
}

/** What came of an archive that was sent: the bytes of its blob. */
export type SaveAnswer =
  | { readonly what: 'done'; readonly bytes: number }
  | Exclude<ArchiveAnswer, { readonly what: 'done' }>

/** What it takes to have an archive pass. */
export interface PassOptions {
  readonly calls: HttpCalls
  /** Ends it. */
  readonly signal: AbortSignal
}

interface PipeOptions {
  /** The environment of the docker command, and of what packs. */
  readonly env: Readonly<Record<string, string>>
  readonly packing: Packing
  /** Address of archive-program as JavaScript. */
  readonly programUrl: string
}

const PACK = { zstd: 'zstd -q -T0 -c', gzip: 'gzip -c' }
const UNPACK = { zstd: 'zstd -q -d -c', gzip: 'gzip -d -c' }

const NOT_ALL = 'not all of it was taken'
const CUT_SHORT = 'it is cut short'
const BROKEN_OFF: SaveAnswer = { what: 'failed', why: 'the daemon broke off' }

/** The archive is not what it is to be. */
class Unsound extends Error {
  readonly answer: SaveAnswer
  constructor(answer: SaveAnswer) {
    super('the archive is not sound')
    this.answer = answer
  }
}

/** Nobody takes any more of an archive. */
class NoMore extends RefusedCall {}

const failed = (failure: unknown) => ({ what: 'failed' as const, why: reasonOf(failure) })

/**
 * Moves images between the daemon and blobs, and looks at each archive before the daemon has all of
 * it. It is sent as the daemon gives it and loaded as it comes, by a row of programs that pack and
 * look at it side by side, so that none lies on the disk; but for a copy, packed, of what the docker command is to
 * load where the daemon has no socket here.
 */
export class ArchivePipe {
  readonly packing: Packing
  readonly #options: PipeOptions
  readonly #socket: string | undefined

  constructor(options: PipeOptions) {
    this.packing = options.packing
    this.#options = options
    this.#socket = dockerSocket(options.env)
  }

  /** Makes a blob of an archive of images. There is none where it does not come to be done. */
  async save(
    { ids, limit }: ImageArchive,
    { reserve, head }: BlobTarget,
    { calls, signal }: PassOptions
  ): Promise<SaveAnswer> {
    const stages = [
      ...(this.#socket === undefined ? ['docker save "$@"'] : []),
      this.#look({ way: 'save', limit, socket: this.#socket }),
      PACK[this.packing]
    ]
    const { env } = this.#options
    const row = new Row(stages.join(' | '), { words: ids, env, isRead: true, signal })
    try {
      const bytes = await writeBlob(calls, reserve, soundArchive(head, row))
      return { what: 'done', bytes }
    } catch (failure) {
      row.kill()
      signal.throwIfAborted()
      return failure instanceof Unsound ? failure.answer : failed(failure)
    }
  }

  /** Has the daemon load one, which sets no tag. */
  async load(
    images: ImageArchive,
    source: BlobSource,
    options: PassOptions
  ): Promise<ArchiveAnswer> {
    const to = this.#socket
    if (to !== undefined) return this.#pass(images, source, { ...options, to })
    // The command takes an archive that ends early for one that ends well: it only gets what was looked at.
    const scratch = openScratch()
    try {
      const copy = await scratch.write('')
      const checked = await this.#pass(images, source, { ...options, copy })
      return checked.what === 'done' ? await this.#loadCopy(copy, options.signal) : checked
    } finally {
      await scratch.remove()
    }
  }

  async #loadCopy(path: string, signal: AbortSignal): Promise<ArchiveAnswer> {
    const { env } = this.#options
    const line = `${UNPACK[this.packing]} <${shellWord(path)} | docker load --quiet`
    const { status, said } = await new Row(line, { words: [], env, signal }).ended
    signal.throwIfAborted()
    return status === 0 ? { what: 'done' } : { what: 'failed', why: said.trim() }
  }

  /** Looks at one, and loads it nowhere. */
  check(images: ImageArchive, source: BlobSource, options: PassOptions): Promise<ArchiveAnswer> {
    return this.#pass(images, source, options)
  }

  async #pass(
    { ids, limit }: ImageArchive,
    { url, from }: BlobSource,
    options: PassOptions & { readonly to?: string; readonly copy?: string }
  ): Promise<ArchiveAnswer> {
    const { calls, signal, to, copy } = options
    const stages = [unpacking(UNPACK[this.packing]), this.#look({ way: 'load', limit, socket: to })]
    const { env } = this.#options
    const row = new Row(stages.join(' | '), { words: ids, env, signal })
    let isTaken = false
    try {
      await readBlob(calls, url, from, async pieces => {
        if (copy !== undefined) await appendFile(copy, Buffer.concat(pieces))
        if (!(await row.write(pieces))) throw new NoMore('nobody takes the archive')
      })
      row.end()
      isTaken = true
    } catch (failure) {
      signal.throwIfAborted()
      if (!(failure instanceof NoMore)) {
        row.kill()
        return failed(failure)
      }
    }
    const answer = answerOf(await row.ended)
    signal.throwIfAborted()
    return isTaken || answer.what !== 'done' ? answer : { what: 'failed', why: NOT_ALL }
  }

  /** The stage that looks at an archive as it passes. */
  #look(call: ArchiveCall): string {
    const program = [process.execPath, fileURLToPath(this.#options.programUrl)]
    return `${[...program, JSON.stringify(call)].map(shellWord).join(' ')} "$@"`
  }
}

/** A blob of an archive, which has no end where the archive turns out not to be sound. */
async function* soundArchive(head: Buffer, row: Row): AsyncGenerator<Buffer> {
  yield head
  yield* row.output()
  const answer = answerOf(await row.ended)
  if (answer.what === 'done') return
  const isCut = 'why' in answer && answer.why === CUT_SHORT
  throw new Unsound(isCut ? BROKEN_OFF : answer)
}
