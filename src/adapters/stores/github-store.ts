import { join } from 'node:path'
import type { ImageRecord } from '../../chain/record.js'
import type { Engine, Exec, ImageStore, WantedImage } from '../../ports.js'
import { dockerCommand, imagePlatforms, imageStoreKind } from './docker-command.js'
import { type KeptImages, loadKept, openKept, writeKept } from './github-archive.js'
import { type AskCache, askByProgram } from './github-ask.js'
import { githubClient } from './github-client.js'
import { withExchange } from './github-exchange.js'
import { type ChainIdentity, checkRunner, keyDigest, keyPrefixes } from './github-keys.js'
import { fits, type SealedRecord, sealPlatforms } from './sealed-records.js'
import { reasonOf, type StoreCallOptions, storeCalls } from './store-calls.js'
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
}

const LIMIT = 5_000_000_000

const claimsOf = (wanted: readonly WantedImage[], kept: KeptImages): Claim[] =>
  wanted.flatMap(each => {
    const sealed = kept.sealed.find(candidate => fits(candidate, each))
    return sealed ? [{ wanted: each, sealed }] : []
  })

function askByOwnProgram({ exec, runner }: GithubStoreOptions): AskCache {
  return async (call, signal) => {
    const { programUrl } = await import('./github-program.js')
    return askByProgram({ exec, runner, programUrl })(call, signal)
  }
}

/**
 * GitHub's cache: one archive of all images of a run, so that layers that they share are in it once,
 * beside their records.
 */
export function openGithubStore(options: GithubStoreOptions): ImageStore {
  const { engine, runner, warn, debug, limit = LIMIT } = options
  const calls = storeCalls({ ...options, name: 'github' })
  const docker = dockerCommand(options.exec, options.env)
  // Part of what an entry is found by: the same on every runner.
  const folder = join(runner.RUNNER_TEMP ?? '', 'build-chain-images')
  const client = githubClient(options.ask ?? askByOwnProgram(options), folder)
  let restored: string | undefined

  const prefixes = async (signal: AbortSignal) => {
    checkRunner(runner)
    return keyPrefixes(options.identity, await imageStoreKind(docker, signal))
  }

  const refuse = (refused: readonly string[]): readonly ImageRecord[] => {
    warn(refusalText("GitHub's cache", refused))
    return []
  }

  const busy = <T>(answer: T): T => {
    debug("reuse: another program of this job uses GitHub's cache")
    return answer
  }

  // The service answered before: what fails now is this entry, which a new one is to replace.
  const download = (key: string, signal: AbortSignal) =>
    client.download(key, signal).catch((failure: unknown) => {
      signal.throwIfAborted()
      return reasonOf(failure)
    })

  const load = async (kept: KeptImages, claims: readonly Claim[], signal: AbortSignal) => {
    const ids = claims.map(({ sealed }) => sealed.record.imageId)
    const there = await imagePlatforms(docker, ids, signal)
    return ids.every(id => there.has(id)) ? undefined : loadKept(kept, docker, signal)
  }

  const bring = async (wanted: readonly WantedImage[], key: string, signal: AbortSignal) => {
    const came = await download(key, signal)
    if (came === false) return []
    const kept = came === true ? await openKept(folder) : came
    if (typeof kept === 'string') return refuse([kept])
    const claims = claimsOf(wanted, kept)
    const problem = await load(kept, claims, signal)
    const { records, refused } = await tagVerified(claims, { engine, docker }, signal)
    if (problem !== undefined || refused.length > 0) refuse(problem ? [problem] : refused)
    else restored = key
    return records
  }

  const restore = async (wanted: readonly WantedImage[], signal: AbortSignal) => {
    const key = await client.find(await prefixes(signal), signal)
    if (key === undefined) return []
    return (await withExchange(folder, signal, () => bring(wanted, key, signal))) ?? busy([])
  }

  const send = async (key: string, sealed: readonly SealedRecord[], signal: AbortSignal) => {
    restored = key
    if (!(await writeKept({ folder, sealed, limit }, docker, signal))) {
      return warn(`reuse: these images take more than ${limit} bytes: GitHub's cache keeps none`)
    }
    const reason = await client.upload(key, signal)
    if (reason !== undefined) debug(`reuse: GitHub's cache keeps nothing of this run: ${reason}`)
  }

  const keep = async (records: readonly ImageRecord[], signal: AbortSignal) => {
    const [prefix] = await prefixes(signal)
    const ids = [...new Set(records.map(({ imageId }) => imageId))]
    const sealed = sealPlatforms(records, await imagePlatforms(docker, ids, signal))
    const key = `${prefix}${keyDigest(sealed)}`
    if (sealed.length === 0 || key === restored) return
    if (/^(none|read)$/i.test(runner.ACTIONS_CACHE_MODE?.trim() ?? '')) {
      return debug("reuse: GitHub's cache keeps nothing of this run: this run may only read it")
    }
    const sent = async () => {
      await send(key, sealed, signal)
      return true
    }
    if (!(await withExchange(folder, signal, sent))) busy(undefined)
  }

  return {
    name: 'github',
    restore: async wanted => {
      const nothing: readonly ImageRecord[] = []
      if (wanted.length === 0) return nothing
      return calls.run(
        signal => restore(wanted, signal),
        () => nothing
      )
    },
    keep: async records => {
      if (records.length === 0) return
      await calls.run(
        signal => keep(records, signal),
        () => undefined
      )
    }
  }
}
