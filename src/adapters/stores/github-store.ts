import { join } from 'node:path'
import type { ImageRecord } from '../../chain/record.js'
import type { Engine, Exec, ImageStorage, ImageStore, WantedImage } from '../../ports.js'
import { type ArchivePipe, archivesByProgram } from './archive-pipe.js'
import { type KeptImages, loadKept, openKept, writeKept } from './github-archive.js'
import { type AskCache, askByProgram } from './github-ask.js'
import { type GithubClient, githubClient } from './github-client.js'
import { withExchange } from './github-exchange.js'
import {
  type ChainIdentity,
  checkRunner,
  keyDigest,
  keyPrefixes,
  mayNotWrite
} from './github-keys.js'
import { fits, type SealedRecord, sealPlatforms } from './sealed-records.js'
import { type StoreCallOptions, type StoreCalls, storeCalls, waitFor } from './store-calls.js'
import { type Claim, refusalText, tagVerified } from './tag-verified.js'

export interface GithubStoreOptions extends Omit<StoreCallOptions, 'name'> {
  readonly exec: Exec
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
  /** Makes the calls of the cache's client; a process of its own for each where it is not given. */
  readonly ask?: AskCache | undefined
  /** Moves images between the daemon and files; by processes of their own where it is not given. */
  readonly pipe?: ArchivePipe | undefined
}

const LIMIT = 5_000_000_000

const claimsOf = (wanted: readonly WantedImage[], kept: KeptImages): Claim[] =>
  wanted.flatMap(each => {
    const sealed = kept.sealed.find(candidate => fits(candidate, each))
    return sealed ? [{ wanted: each, sealed }] : []
  })

function askByOwnProgram({ exec, runner }: GithubStoreOptions): AskCache {
  return async (call, signal, onAnswer) => {
    const { programUrl } = await import('./github-program.js')
    return askByProgram({ exec, runner, programUrl })(call, signal, onAnswer)
  }
}

function pipeByOwnProgram({ exec, env }: GithubStoreOptions): ArchivePipe {
  const open = async () => {
    const { programUrl } = await import('./archive-program.js')
    return archivesByProgram({ exec, env, programUrl })
  }
  return {
    save: async (images, signal) => (await open()).save(images, signal),
    load: async (images, signal) => (await open()).load(images, signal),
    check: async (images, signal) => (await open()).check(images, signal)
  }
}

class GithubStore implements ImageStore {
  readonly name = 'github'
  readonly #options: GithubStoreOptions
  readonly #calls: StoreCalls
  readonly #pipe: ArchivePipe
  readonly #folder: string
  readonly #client: GithubClient
  #storage: Promise<ImageStorage> | undefined
  /** The key of the entry that this run restored or kept. */
  #key: string | undefined

  constructor(options: GithubStoreOptions) {
    this.#options = options
    this.#calls = storeCalls({ ...options, name: this.name })
    this.#pipe = options.pipe ?? pipeByOwnProgram(options)
    // Part of what an entry is found by: the same on every runner.
    this.#folder = join(options.runner.RUNNER_TEMP ?? '', 'build-chain-images')
    this.#client = githubClient(options.ask ?? askByOwnProgram(options), this.#folder)
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
    const bring = () => this.#bring(wanted, prefixes, signal)
    const found = await withExchange(this.#folder, signal, bring)
    if (!found) this.#sayBusy()
    return found ?? []
  }

  async #bring(
    wanted: readonly WantedImage[],
    prefixes: readonly string[],
    signal: AbortSignal
  ): Promise<readonly ImageRecord[]> {
    const entry = await this.#client.fetch(prefixes, signal)
    if (!entry?.came) return []
    const kept = entry.came === true ? await openKept(this.#folder) : entry.came
    // A new entry is to replace one that is refused: only of one that holds the key is remembered.
    if (typeof kept === 'string') return this.#refuse([kept])
    const claims = claimsOf(wanted, kept)
    if (claims.length === 0) return []
    const problem = await this.#load(kept, claims, signal)
    if (problem !== undefined) return this.#refuse([problem])
    const { records, refused } = await tagVerified(claims, this.#options.engine, signal)
    if (refused.length > 0) this.#refuse(refused)
    else this.#key = entry.key
    return records
  }

  async #load(
    kept: KeptImages,
    claims: readonly Claim[],
    signal: AbortSignal
  ): Promise<string | undefined> {
    const { engine, limit = LIMIT } = this.#options
    const ids = claims.map(({ sealed }) => sealed.record.imageId)
    const there = await waitFor(engine.platforms(ids), signal)
    return loadKept(kept, this.#pipe, { isThere: ids.every(id => there.has(id)), limit, signal })
  }

  async #keep(records: readonly ImageRecord[], signal: AbortSignal): Promise<void> {
    const [prefix] = await this.#prefixes(signal)
    const ids = [...new Set(records.map(({ imageId }) => imageId))]
    const platforms = await waitFor(this.#options.engine.platforms(ids), signal)
    const sealed = sealPlatforms(records, platforms)
    const key = `${prefix}${keyDigest(sealed)}`
    if (sealed.length === 0 || key === this.#key) return
    if (mayNotWrite(this.#options.runner)) return this.#sayUnkept('this run may only read it')
    const sent = await withExchange(this.#folder, signal, () => this.#send(key, sealed, signal))
    if (!sent) this.#sayBusy()
  }

  async #send(key: string, sealed: readonly SealedRecord[], signal: AbortSignal): Promise<true> {
    const { warn, exec, limit = LIMIT } = this.#options
    const isCompressed = exec.which('zstd') !== undefined
    const content = { folder: this.#folder, sealed, limit, isCompressed }
    this.#key = key
    if (await writeKept(content, this.#pipe, signal)) {
      const reason = await this.#client.upload(key, signal)
      if (reason !== undefined) this.#sayUnkept(reason)
    } else {
      warn(`reuse: these images take more than ${limit} bytes: GitHub's cache keeps none`)
    }
    return true
  }

  #refuse(refused: readonly string[]): readonly ImageRecord[] {
    this.#options.warn(refusalText("GitHub's cache", refused))
    return []
  }

  #sayUnkept(reason: string): void {
    this.#options.debug(`reuse: GitHub's cache keeps nothing of this run: ${reason}`)
  }

  #sayBusy(): void {
    this.#options.debug("reuse: another program of this job uses GitHub's cache")
  }
}

/**
 * GitHub's cache: one archive of all images of a run, so that layers that they share are in it once,
 * beside their records.
 */
export function openGithubStore(options: GithubStoreOptions): ImageStore {
  return new GithubStore(options)
}
