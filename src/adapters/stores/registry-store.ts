import type { ImageRecord } from '../../chain/record.js'
import { parseReference } from '../../manifest/reference.js'
import type { Engine, Exec, ImageStorage, ImageStore, WantedImage } from '../../ports.js'
import { type DockerCommand, dockerCommand } from './docker-command.js'
import { DeniedError } from './registry-answers.js'
import { keepEntry, recordsToKeep } from './registry-keep.js'
import { restoreEntry } from './registry-restore.js'
import { dropStrays, type Known, placeName, type Visit } from './registry-shelf.js'
import { severalAtOnce } from './several-at-once.js'
import { type StoreCallOptions, type StoreCalls, storeCalls, waitFor } from './store-calls.js'
import { refusalText } from './tag-verified.js'

export interface RegistryStoreOptions extends Omit<StoreCallOptions, 'name'> {
  readonly exec: Exec
  readonly engine: Engine
  /** The environment of the docker command, by which it finds the user's login. */
  readonly env: Readonly<Record<string, string>>
  /** Such as `ghcr.io/acme/app/chain-cache`: no tag, no digest. */
  readonly repository: string
}

/** Images at a time. */
const WIDTH = 4

function checkRepository(repository: string): void {
  const reference = parseReference(repository)
  const problem =
    typeof reference === 'string'
      ? reference
      : (reference.tag ?? reference.digest) && 'it is to have no tag and no digest'
  if (problem) throw new Error(`reuse-registry \`${repository}\`: ${problem}`)
}

class RegistryStore implements ImageStore {
  readonly name = 'registry'
  readonly #options: RegistryStoreOptions
  readonly #calls: StoreCalls
  readonly #docker: DockerCommand
  readonly #known: Known = new Map()
  #storage: Promise<ImageStorage> | undefined

  constructor(options: RegistryStoreOptions) {
    this.#options = options
    this.#calls = storeCalls({ ...options, name: this.name })
    this.#docker = dockerCommand(options.exec, options.env)
  }

  async restore(wanted: readonly WantedImage[]): Promise<readonly ImageRecord[]> {
    // An image without a tag would go with the reference by which it came.
    const tagged = wanted.filter(({ tags }) => tags.length > 0)
    const found: ImageRecord[] = []
    if (tagged.length === 0) return found
    await this.#calls.run(
      signal => this.#restore(tagged, found, signal),
      () => undefined
    )
    return [...found]
  }

  async keep(records: readonly ImageRecord[]): Promise<void> {
    if (records.length === 0) return
    await this.#calls.run(
      signal => this.#keep(records, signal),
      () => undefined
    )
  }

  /** @param held takes the record that is to be held; images come only where one is */
  async #visit(signal: AbortSignal, held?: string[]): Promise<Visit> {
    const { repository, engine } = this.#options
    checkRepository(repository)
    this.#storage ??= engine.storage()
    const storage = await waitFor(this.#storage, signal)
    return {
      shelf: {
        docker: this.#docker,
        engine,
        repository,
        storage,
        strays: new Set(),
        held,
        turns: new Map()
      },
      known: this.#known
    }
  }

  async #restore(
    wanted: readonly WantedImage[],
    found: ImageRecord[],
    signal: AbortSignal
  ): Promise<void> {
    const { repository, warn } = this.#options
    const visit = await this.#visit(signal, [])
    const refused: string[] = []
    try {
      await severalAtOnce(wanted, WIDTH, async each => {
        const verified = await restoreEntry(each, visit, signal)
        found.push(...verified.records)
        refused.push(...verified.refused)
      })
    } catch (failure) {
      if (!(failure instanceof DeniedError)) throw failure
      this.#writeOnly(wanted, failure)
    } finally {
      await dropStrays(visit.shelf)
      if (refused.length > 0) warn(refusalText(repository, refused))
    }
  }

  /** Where reading is refused writing may not be: a repository that is not there yet is made by it. */
  #writeOnly(wanted: readonly WantedImage[], failure: DeniedError): void {
    this.#calls.warnOnce(failure)
    for (const place of wanted.map(placeName)) {
      if (!this.#known.has(place)) this.#known.set(place, undefined)
    }
  }

  async #keep(records: readonly ImageRecord[], signal: AbortSignal): Promise<void> {
    const visit = await this.#visit(signal)
    try {
      const sealed = await recordsToKeep(records, visit, signal)
      await severalAtOnce(sealed, WIDTH, each => keepEntry(each, visit, signal))
    } finally {
      await dropStrays(visit.shelf)
    }
  }
}

/** A repository of a registry, where each image stands under its fingerprint and id, its record beside it. */
export function openRegistryStore(options: RegistryStoreOptions): ImageStore {
  return new RegistryStore(options)
}
