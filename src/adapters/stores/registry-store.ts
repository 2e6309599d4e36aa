import type { ImageRecord } from '../../chain/record.js'
import { parseReference } from '../../manifest/reference.js'
import type { Engine, Exec, ImageStore, WantedImage } from '../../ports.js'
import { dockerCommand, imageStoreKind } from './docker-command.js'
import { DeniedError } from './registry-answers.js'
import { keepEntry, recordsToKeep } from './registry-keep.js'
import { restoreEntry } from './registry-restore.js'
import type { Known, Shelf } from './registry-shelf.js'
import { severalAtOnce } from './several-at-once.js'
import { type StoreCallOptions, storeCalls } from './store-calls.js'
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

/** A repository of a registry, where each image stands under its fingerprint, its record beside it. */
export function openRegistryStore(options: RegistryStoreOptions): ImageStore {
  const { engine, repository, warn } = options
  const calls = storeCalls({ ...options, name: 'registry' })
  const docker = dockerCommand(options.exec, options.env)
  const known: Known = new Map()

  const openShelf = async (signal: AbortSignal): Promise<Shelf> => {
    checkRepository(repository)
    return { docker, engine, repository, kind: await imageStoreKind(docker, signal) }
  }

  const restore = async (
    wanted: readonly WantedImage[],
    found: ImageRecord[],
    signal: AbortSignal
  ) => {
    const shelf = await openShelf(signal)
    const refused: string[] = []
    try {
      await severalAtOnce(wanted, WIDTH, async each => {
        const verified = await restoreEntry(each, { shelf, known }, signal)
        found.push(...verified.records)
        refused.push(...verified.refused)
      })
    } catch (failure) {
      // Where reading is refused writing may not be: a repository that is not there yet is made so.
      if (!(failure instanceof DeniedError)) throw failure
      calls.warnOnce(failure)
      for (const { fingerprint } of wanted) {
        if (!known.has(fingerprint)) known.set(fingerprint, undefined)
      }
    } finally {
      if (refused.length > 0) warn(refusalText(repository, refused))
    }
  }

  const keep = async (records: readonly ImageRecord[], signal: AbortSignal) => {
    const shelf = await openShelf(signal)
    const sealed = await recordsToKeep(records, shelf, known, signal)
    await severalAtOnce(sealed, WIDTH, each => keepEntry(each, shelf, known, signal))
  }

  return {
    name: 'registry',
    restore: async wanted => {
      const found: ImageRecord[] = []
      // An image without a tag would go with the reference by which it came.
      const tagged = wanted.filter(({ tags }) => tags.length > 0)
      if (tagged.length > 0) {
        await calls.run(
          signal => restore(tagged, found, signal),
          () => undefined
        )
      }
      return [...found]
    },
    keep: records =>
      calls.run(
        signal => keep(records, signal),
        () => undefined
      )
  }
}
