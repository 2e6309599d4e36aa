import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Log } from './log.js'
import type { ReleaseKey } from './release-key.js'
import type { ReleaseSite } from './release-site.js'
import { toolFolderOf } from './tool-cache.js'

type Environment = Readonly<Record<string, string | undefined>>

/** How to come by releases, as the user said it. */
export interface ReleaseOptions {
  /** `packer-releases`; empty means HashiCorp's. */
  readonly releases?: string | undefined
  /** `packer-releases-key`; empty means HashiCorp's. */
  readonly key?: string | undefined
  /** The whole environment of this process: the runner's folders, the cache service. */
  readonly processEnv: Environment
  readonly log: Log
  readonly warn: Log
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined
  /** `process.platform` and `process.arch`. */
  readonly system?: string | undefined
  readonly arch?: string | undefined
  /** What a test puts in the place of parts. */
  readonly override?: Partial<ReleaseSite> | undefined
}

/** What another key than HashiCorp's has signed is kept apart: two jobs would refuse and remove each other's. */
function toolFolderFor({ armoured, fingerprint }: ReleaseKey, folder: string): string {
  if (fingerprint !== undefined) return folder
  const trust = createHash('sha256').update(armoured.trim()).digest('hex').slice(0, 8)
  return join(folder, `build-chain-${trust}`)
}

async function githubCacheOf(options: ReleaseOptions, trust: string) {
  const { createGithubCache, hasGithubCache } = await import('./github-cache.js')
  if (!hasGithubCache(options.processEnv)) return undefined
  return createGithubCache({
    loadClient: async () => {
      const { programClient } = await import('./github-cache-client.js')
      return programClient(options.processEnv, options.signal)
    },
    temporary: options.processEnv.RUNNER_TEMP ?? '',
    trust,
    warn: options.warn,
    signal: options.signal
  })
}

/** Everything that getting a release needs; loads nothing heavy and asks no network. */
export async function openReleaseSite(options: ReleaseOptions): Promise<ReleaseSite> {
  const [address, download, platform, key, releases] = await Promise.all([
    import('./address.js'),
    import('./download.js'),
    import('./platform.js'),
    import('./release-key.js'),
    import('./releases.js')
  ])
  const base = address.parseBase(options.releases?.trim() || releases.HASHICORP_RELEASES)
  const releaseKey = await key.loadReleaseKey(options.key)
  return {
    base,
    key: releaseKey,
    platform: platform.platformOf(options.system ?? process.platform, options.arch ?? process.arch),
    toolFolder: toolFolderFor(releaseKey, toolFolderOf(options.processEnv)),
    download: download.createDownloader({ log: options.log, signal: options.signal }),
    githubCache: await githubCacheOf(options, `${base.host} ${releaseKey.armoured.trim()}`),
    log: options.log,
    warn: options.warn,
    signal: options.signal,
    ...options.override
  }
}
