import type { Downloader } from './download.js'
import type { GithubCache } from './github-cache.js'
import type { Log } from './log.js'
import type { Platform } from './platform.js'
import type { ReleaseKey } from './release-key.js'

/** Where releases come from, what they are verified by, and where they are kept. */
export interface ReleaseSite {
  /** Address above the products. */
  readonly base: URL
  readonly key: ReleaseKey
  readonly platform: Platform
  /** Folder of verified archives, in the layout of the runner's tool cache. */
  readonly toolFolder: string
  readonly download: Downloader
  readonly githubCache?: GithubCache | undefined
  readonly log: Log
  readonly warn: Log
  readonly now?: (() => Date) | undefined
  /** Passes the time between two attempts of `packer plugins install`. */
  readonly wait?: ((milliseconds: number) => Promise<unknown>) | undefined
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined
}

/** One version of a product. */
export interface ReleaseId {
  readonly product: string
  readonly version: string
}
