import type { ImageRecord } from '../../chain/record.js'
import type { Engine, Exec, ImageStorage, ImageStore, WantedImage } from '../../ports.js'
import { ArchivePipe } from './archive-pipe.js'
import type { EntryHead } from './github-entry.js'
import {
  type ChainIdentity,
  checkRunner,
  keyDigest,
  keyPrefixes,
  mayNotRead,
  mayNotWrite
} from './github-keys.js'
import { Shelf } from './github-shelf.js'
import { HttpCalls, type Pause } from './http-calls.js'
import { fits, sealPlatforms } from './sealed-records.js'
import { type StoreCallOptions, type StoreCalls, storeCalls, waitFor } from './store-calls.js'
import { type Claim, refusalText, tagVerified } from './tag-verified.js'

export interface GithubStoreOptions extends Omit<StoreCallOptions, 'name'> {
  readonly exec: Pick<Exec, 'which'>
  readonly engine: Engine
  /** The environment of the docker command. */
  readonly env: Readonly<Record<string, string>>
  /** The environment of the step, which names the service and has its token. */
  readonly runner: Readonly<Record<string, string | undefined>>
  readonly identity: ChainIdentity
  /** Bytes of an archive, before it is compressed. */
  readonly limit?: number | undefined
  /** Takes what only matters to whoever looks for a fault. */
  readonly debug: (message: string) => void
  /** Moves images between the daemon and blobs; by a process of its own where it is not given. */
  readonly pipe?: ArchivePipe | undefined
  /** Waits between two attempts of a call, where other than for their time. */
  readonly pause?: Pause | undefined
}

const LIMIT = 5_000_000_000

const claimsOf = (wanted: readonly WantedImage[], { sealed }: EntryHead): Claim[] =>
  wanted.flatMap(each => {
    const found = sealed.find(candidate => fits(candidate, each))
    return found ? [{ wanted: each, sealed: found }] : []
  })

async function pipeByOwnProgram({ exec, env }: GithubStoreOptions): Promise<ArchivePipe> {
  const { programUrl } = await import('./archive-program.js')
  const packing = exec.which('zstd') === undefined ? 'gzip' : 'zstd'
  return new ArchivePipe({ env, packing, programUrl })
}

interface Exchange {
  readonly shelf: Shelf
  readonly signal: AbortSignal
}

class GithubStore implements ImageStore {
  readonly name = 'github'
  readonly #options: GithubStoreOptions
  readonly #calls: StoreCalls
  #storage: Promise<ImageStorage> | undefined
  /** The key of the entry that this run restored or kept. */
  #key: string | undefined

  constructor(options: GithubStoreOptions) {
    this.#options = options
    this.#calls = storeCalls({ ...options, name: this.name })
  }

  async restore(wanted: readonly WantedImage[]): Promise<readonly ImageRecord[]> {
    if (wanted.length === 0) return []
    return this.#calls.run<readonly ImageRecord[]>(
      signal => this.#restore(wanted, signal),
      () => []
    )
  }

  async keep(records: readonly ImageRecord[]): Promise<void> {
    if (records.length === 0) return
    await this.#calls.run(
      signal => this.#keep(records, signal),
      () => undefined
    )
  }

  async #prefixes(signal: AbortSignal): Promise<readonly [string, string]> {
    const { runner, identity, engine } = this.#options
    checkRunner(runner)
    this.#storage ??= engine.storage()
    return keyPrefixes(identity, await waitFor(this.#storage, signal))
  }

  async #restore(
    wanted: readonly WantedImage[],
    signal: AbortSignal
  ): Promise<readonly ImageRecord[]> {
    const prefixes = await this.#prefixes(signal)
    if (mayNotRead(this.#options.runner)) return []
    return this.#atShelf(signal, shelf => this.#bring(wanted, { prefixes, shelf, signal }))
  }

  async #bring(
    wanted: readonly WantedImage[],
    { prefixes, shelf, signal }: Exchange & { readonly prefixes: readonly string[] }
  ): Promise<readonly ImageRecord[]> {
    const found = await shelf.find(prefixes)
    if (!found) return []
    const head = await shelf.open(found)
    // A new entry is to replace one that is refused: only of one that holds the key is remembered.
    if (typeof head === 'string') return this.#refuse([head])
    const claims = claimsOf(wanted, head)
    if (claims.length === 0) return []
    const { engine } = this.#options
    const ids = claims.map(({ sealed }) => sealed.record.imageId)
    const there = await waitFor(engine.platforms(ids), signal)
    const areThere = ids.every(id => there.has(id))
    const problem = await shelf.load(found, head, areThere)
    if (problem !== undefined) return this.#refuse([problem])
    const { records, refused } = await tagVerified(claims, engine, signal)
    if (refused.length > 0) this.#refuse(refused)
    else this.#key = found.key
    return records
  }

  async #keep(records: readonly ImageRecord[], signal: AbortSignal): Promise<void> {
    const [prefix] = await this.#prefixes(signal)
    const ids = [...new Set(records.map(({ imageId }) => imageId))]
    const platforms = await waitFor(this.#options.engine.platforms(ids), signal)
    const sealed = sealPlatforms(records, platforms)
    const key = `${prefix}${keyDigest(sealed)}`
    if (sealed.length === 0 || key === this.#key) return
    if (mayNotWrite(this.#options.runner)) return this.#sayUnkept('this run may only read it')
    this.#key = key
    const kept = await this.#atShelf(signal, shelf => shelf.keep(key, sealed))
    if ('unkept' in kept) this.#sayUnkept(kept.unkept)
    else if (kept.what === 'too large') {
      const { warn } = this.#options
      warn(`reuse: these images take more than ${this.#limit} bytes: GitHub's cache keeps none`)
    }
  }

  async #atShelf<T>(signal: AbortSignal, work: (shelf: Shelf) => Promise<T>): Promise<T> {
    const { runner, pipe = await pipeByOwnProgram(this.#options) } = this.#options
    const calls = new HttpCalls(signal, this.#options.pause)
    try {
      return await work(new Shelf({ runner, pipe, limit: this.#limit, calls, signal }))
    } finally {
      calls.close()
    }
  }

  get #limit(): number {
    return this.#options.limit ?? LIMIT
  }

  #refuse(refused: readonly string[]): readonly ImageRecord[] {
    this.#options.warn(refusalText("GitHub's cache", refused))
    return []
  }

  #sayUnkept(reason: string): void {
    this.#options.debug(`reuse: GitHub's cache keeps nothing of this run: ${reason}`)
  }
}

/**
 * GitHub's cache: one archive of all images of a run, so that layers that they share are in it once,
 * beside their records.
 */
export function openGithubStore(options: GithubStoreOptions): ImageStore {
  return new GithubStore(options)
}
