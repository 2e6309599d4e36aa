import type { ArchivePipe, ImageArchive } from './archive-pipe.js'
import { type EntryHead, entryHead, readHead } from './github-entry.js'
import { type CacheService, type FoundEntry, openService } from './github-service.js'
import type { HttpCalls } from './http-calls.js'
import type { SealedRecord } from './sealed-records.js'
import { reasonOf, withLimit } from './store-calls.js'

/** What the calls of a shelf need. */
export interface ShelfOptions {
  /** The environment of the step. */
  readonly runner: Readonly<Record<string, string | undefined>>
  readonly pipe: ArchivePipe
  readonly calls: HttpCalls
  /** Bytes of an archive, before it is packed. */
  readonly limit: number
  /** Ends all. */
  readonly signal: AbortSignal
}

/** Milliseconds until an entry is found or not. */
const QUESTION = 45_000

/** What came of images that were to be kept; in words why the service takes nothing, where that is no failure. */
export type Kept = { readonly what: 'kept' | 'too large' } | { readonly unkept: string }

const idsOf = (sealed: readonly SealedRecord[]) => [
  ...new Set(sealed.map(({ record }) => record.imageId))
]

/** Entries of GitHub's cache: records, and the archive of their images. */
export class Shelf {
  readonly #options: ShelfOptions

  constructor(options: ShelfOptions) {
    this.#options = options
  }

  /** The newest entry under the first prefix that has one. */
  find(prefixes: readonly string[]): Promise<FoundEntry | undefined> {
    const { calls, signal } = this.#options
    return withLimit(QUESTION, signal, end => this.#service(calls.until(end)).find(prefixes))
  }

  /** Reads the records of an entry; in words why it is refused, or cannot be had. */
  async open({ url }: FoundEntry): Promise<EntryHead | string> {
    const { calls, signal } = this.#options
    try {
      return await readHead(calls, url)
    } catch (failure) {
      signal.throwIfAborted()
      return reasonOf(failure)
    }
  }

  /**
   * Has the daemon load the images of an entry, which sets no tag; in words why they are refused.
   * @param areThere whether the daemon has all that is wanted of them: then the archive is only looked at
   */
  async load(
    { url }: FoundEntry,
    { sealed, end }: EntryHead,
    areThere: boolean
  ): Promise<string | undefined> {
    const { pipe, limit } = this.#options
    const source = { url, from: end }
    const images = this.#archive(sealed)
    const answer = await (areThere
      ? pipe.check(images, source, this.#options)
      : pipe.load(images, source, this.#options))
    if (answer.what === 'done') return undefined
    return answer.what === 'too large' ? `it takes more than ${limit} bytes` : answer.why
  }

  /**
   * Keeps images under a key that nobody has.
   * @throws Error where the daemon or the service fails
   */
  async keep(key: string, sealed: readonly SealedRecord[]): Promise<Kept> {
    const { calls, pipe } = this.#options
    const service = this.#service(calls)
    // Asked before the daemon is: what is there already costs no archive, and a service that is down none either.
    if ((await this.find([key]))?.key === key) return { unkept: 'it is there already' }
    let unkept: string | undefined
    const reserve = async () => {
      const reserved = await service.reserve(key)
      if ('url' in reserved) return reserved.url
      unkept = reserved.unkept
      throw new Error(unkept)
    }
    const target = { reserve, head: entryHead(sealed) }
    // By id, not by tag: so no tag is in the archive.
    const answer = await pipe.save(this.#archive(sealed), target, this.#options)
    if (unkept !== undefined) return { unkept }
    if (answer.what === 'too large') return { what: 'too large' }
    if (answer.what !== 'done') throw new Error(answer.why)
    await service.finish(key, answer.bytes)
    return { what: 'kept' }
  }

  #service(calls: HttpCalls): CacheService {
    const { runner, pipe } = this.#options
    return openService(calls, runner, pipe.packing)
  }

  #archive(sealed: readonly SealedRecord[]): ImageArchive {
    return { ids: idsOf(sealed), limit: this.#options.limit }
  }
}
