import * as z from 'zod/mini'
import { ChainError } from '../errors.js'
import { addressBelow } from './address.js'
import { type Downloader, isAbsent } from './download.js'
import type { Platform } from './platform.js'
import { shownAddress } from './request.js'

export const HASHICORP_RELEASES = 'https://releases.hashicorp.com'

/** One archive of a release. */
export interface Build {
  readonly os: string
  readonly arch: string
}

/** One version of a product on a release server. */
export interface Release {
  readonly product: string
  readonly version: string
  readonly builds: readonly Build[]
  /** File names of the detached signatures that the server lists. */
  readonly signatures: readonly string[]
}

/** The names of a release's files, the same on every server. */
export interface ReleaseFiles {
  readonly archive: string
  readonly sums: string
  /** The name under which the signature is kept; the server may offer it under others too. */
  readonly signature: string
}

/** Packer's index has 200 kB; a plugin's is smaller. */
const LARGEST_INDEX = 20_000_000

const buildSchema = z.object({ os: z.string(), arch: z.string() })
const indexSchema = z.object({
  versions: z.record(
    z.string(),
    z.object({
      version: z.string(),
      shasums_signature: z.optional(z.nullable(z.string())),
      shasums_signatures: z.optional(z.nullable(z.array(z.string()))),
      builds: z.optional(z.nullable(z.array(buildSchema)))
    })
  )
})

/** Names as https://releases.hashicorp.com has them: `packer_1.14.2_linux_amd64.zip`. */
export function releaseFiles(product: string, version: string, platform: Platform): ReleaseFiles {
  const sums = `${product}_${version}_SHA256SUMS`
  return {
    archive: `${product}_${version}_${platform.os}_${platform.arch}.zip`,
    sums,
    signature: `${sums}.sig`
  }
}

function parseIndex(text: string, product: string, address: string): readonly Release[] {
  const damaged = (cause: unknown): ChainError =>
    new ChainError('DOWNLOAD_FAILED', `${address} is not the index of a release server`, {
      hint: 'packer-releases wants the address above the products, as in https://releases.hashicorp.com.',
      cause
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(cause)
  }
  const index = z.safeParse(indexSchema, value)
  if (!index.success) throw damaged(index.error)
  return Object.values(index.data.versions).map(entry => ({
    product,
    version: entry.version,
    builds: entry.builds ?? [],
    signatures: [...(entry.shasums_signatures ?? []), entry.shasums_signature ?? ''].filter(Boolean)
  }))
}

/**
 * Every release of a product, in no order; undefined where the server does not have the product.
 * The format: https://releases.hashicorp.com/packer/index.json.
 */
export async function loadReleases(
  product: string,
  base: URL,
  download: Downloader
): Promise<readonly Release[] | undefined> {
  const url = addressBelow(base, product, 'index.json')
  try {
    const text = (await download.bytes(url, LARGEST_INDEX)).toString()
    return parseIndex(text, product, shownAddress(url))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

/** Those that `accepts` takes and that have an archive for the platform, newest first. */
export async function chooseReleases(
  releases: readonly Release[],
  accepts: (version: string) => boolean,
  platform: Platform
): Promise<readonly Release[]> {
  const { default: semver } = await import('semver')
  const fits = (release: Release): boolean =>
    release.builds.some(build => build.os === platform.os && build.arch === platform.arch)
  return releases
    .filter(({ version }) => semver.valid(version) === version && accepts(version))
    .filter(fits)
    .toSorted((a, b) => semver.rcompare(a.version, b.version))
}
