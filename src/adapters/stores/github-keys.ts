import { createHash } from 'node:crypto'
import type { ImageStorage } from '../../ports.js'
import { type SealedRecord, sealRecords } from './sealed-records.js'

/** What an archive is of. */
export interface ChainIdentity {
  /** What keeps two projects of a repository apart, such as the paths of their manifests. */
  readonly project: string
  /** Such as `linux/amd64`. */
  readonly platform: string
  /** Ids of the chosen images: each selection has archives of its own. */
  readonly images: readonly string[]
}

/** What a step of a workflow has in its environment to find GitHub's cache. */
const NEEDED = ['ACTIONS_RESULTS_URL', 'ACTIONS_RUNTIME_TOKEN']

type Environment = Readonly<Record<string, string | undefined>>

const mode = ({ ACTIONS_CACHE_MODE = '' }: Environment) => ACTIONS_CACHE_MODE.trim().toLowerCase()

/** Whether the runner tells that its token only reads, as for pull requests of forks. */
export const mayNotWrite = (runner: Environment): boolean => ['none', 'read'].includes(mode(runner))

/** Whether the runner tells that its token reads nothing. */
export const mayNotRead = (runner: Environment): boolean =>
  ['none', 'write-only'].includes(mode(runner))

/** Fails outside of a step that GitHub's cache serves. */
export function checkRunner(runner: Environment): void {
  const missing = NEEDED.filter(name => !runner[name])
  if (missing.length === 0) return
  throw new Error(`it serves the steps of a workflow only, and ${missing.join(', ')} is not set`)
}

const hashOf = (text: string, length: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, length)

/**
 * Prefixes of keys, the nearest first: the same images, then other images of the same project, so
 * that a chain that has got one more finds the others.
 */
export function keyPrefixes(
  { project, platform, images }: ChainIdentity,
  storage: ImageStorage
): readonly [string, string] {
  const chain = `build-chain-${hashOf(JSON.stringify([project, platform, storage]), 16)}-`
  return [`${chain}${hashOf(JSON.stringify([...images].sort()), 16)}-`, chain]
}

/** The end of a key: another one for other records. */
export function keyDigest(sealed: readonly SealedRecord[]): string {
  return hashOf(sealRecords(sealed), 32)
}
