import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ChainError } from '../errors.js'
import { addressBelow } from './address.js'
import { isAbsent } from './download.js'
import type { ReleaseId, ReleaseSite } from './release-site.js'
import { type Release, type ReleaseFiles, releaseFiles } from './releases.js'
import { verifySignature } from './signature.js'
import { compareHashes, expectedHash, hashFile } from './verify.js'
import { checkArchive } from './zip.js'

const KEPT_HINT = 'Run again: what a cache has wrong is removed, and downloaded anew.'

const LARGEST_SUMS = 1_000_000
const LARGEST_SIGNATURE = 100_000
const LARGEST_ARCHIVE = 500_000_000

const PLAIN_NAME = /^[\w.+-]+$/

/** The names that a signature may have, the one by the expected key first. */
function signatureNames(release: Release, files: ReleaseFiles, site: ReleaseSite): string[] {
  const shortId = site.key.fingerprint?.slice(-8)
  const listed = release.signatures.filter(
    name => PLAIN_NAME.test(name) && name.startsWith(files.sums)
  )
  const own = listed.filter(name => shortId !== undefined && name.includes(shortId))
  return [...new Set([...own, files.signature, ...listed])]
}

async function downloadSignature(
  release: Release,
  files: ReleaseFiles,
  site: ReleaseSite
): Promise<Buffer> {
  for (const name of signatureNames(release, files, site)) {
    try {
      const url = addressBelow(site.base, release.product, release.version, name)
      return await site.download.bytes(url, LARGEST_SIGNATURE)
    } catch (error) {
      if (!isAbsent(error)) throw error
    }
  }
  throw new ChainError('VERIFICATION_FAILED', `${files.sums} has no signature`, {
    hint: `${files.signature} is missing on the release server: what is not signed is not used.`
  })
}

async function downloadSums(
  release: Release,
  files: ReleaseFiles,
  site: ReleaseSite
): Promise<Buffer> {
  const url = addressBelow(site.base, release.product, release.version, files.sums)
  try {
    return await site.download.bytes(url, LARGEST_SUMS)
  } catch (error) {
    if (!isAbsent(error)) throw error
    throw new ChainError('VERIFICATION_FAILED', `${files.archive} has no ${files.sums}`, {
      hint: 'It is missing on the release server: what has no sums is not used.',
      cause: error
    })
  }
}

/** A release's sums file whose signature was verified, and that signature. */
export interface VerifiedSums {
  readonly sums: Buffer
  readonly signature: Buffer
}

async function fetchVerifiedSums(release: Release, site: ReleaseSite): Promise<VerifiedSums> {
  const files = releaseFiles(release.product, release.version, site.platform)
  const sums = await downloadSums(release, files, site)
  const signature = await downloadSignature(release, files, site)
  await verifySignature({ name: files.sums, sums, signature }, site.key, site.now?.())
  return { sums, signature }
}

const known = new WeakMap<Release, Promise<VerifiedSums>>()

/** Downloads the sums of a release, once in a run, and verifies them by their signature. */
export function downloadVerifiedSums(release: Release, site: ReleaseSite): Promise<VerifiedSums> {
  const pending = known.get(release) ?? fetchVerifiedSums(release, site)
  known.set(release, pending)
  return pending
}

/** A file of a release, and the sums that say what it has to be. */
export interface ReleaseFile {
  readonly release: Release
  readonly name: string
  readonly verified: VerifiedSums
}

/** Downloads one file of a release to `path` and verifies it by the sums. */
export async function downloadVerified(
  { release, name, verified }: ReleaseFile,
  path: string,
  site: ReleaseSite
): Promise<void> {
  const { sums } = releaseFiles(release.product, release.version, site.platform)
  const expected = expectedHash(verified.sums.toString(), sums, name)
  const url = addressBelow(site.base, release.product, release.version, name)
  const { sha256 } = await site.download.file(url, path, LARGEST_ARCHIVE)
  compareHashes(name, sha256, expected)
}

/** Downloads a release's archive with its sums and signature into a folder, each verified before the next. */
export async function downloadArchive(
  release: Release,
  folder: string,
  site: ReleaseSite
): Promise<void> {
  const files = releaseFiles(release.product, release.version, site.platform)
  const verified = await downloadVerifiedSums(release, site)
  const archive = join(folder, files.archive)
  await downloadVerified({ release, name: files.archive, verified }, archive, site)
  await checkArchive(archive, files.archive)
  await writeFile(join(folder, files.sums), verified.sums)
  await writeFile(join(folder, files.signature), verified.signature)
}

async function readKept(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name))
  } catch (cause) {
    throw new ChainError('VERIFICATION_FAILED', `${name} is not kept with it`, {
      hint: KEPT_HINT,
      cause
    })
  }
}

/** Before 1.11 Packer runs the plugins that lie beside it. */
async function refuseStrangers(folder: string, own: ReadonlySet<string>): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const stranger = names.find(name => !own.has(name) && !name.startsWith('.build-chain-'))
  if (stranger === undefined) return
  throw new ChainError(
    'VERIFICATION_FAILED',
    `${stranger} lies beside it, and is not of the release`,
    { hint: KEPT_HINT }
  )
}

/** Verifies what a cache gave back just as if it had been downloaded now. */
export async function verifyArchive(
  id: ReleaseId,
  folder: string,
  site: ReleaseSite
): Promise<void> {
  const files = releaseFiles(id.product, id.version, site.platform)
  const program = `${id.product}${site.platform.extension}`
  await refuseStrangers(folder, new Set([...Object.values(files), program]))
  const sums = await readKept(folder, files.sums)
  const signature = await readKept(folder, files.signature)
  await verifySignature({ name: files.sums, sums, signature }, site.key, site.now?.())
  const expected = expectedHash(sums.toString(), files.sums, files.archive)
  const archive = join(folder, files.archive)
  const found = await hashFile(archive).catch(cause => {
    throw new ChainError('VERIFICATION_FAILED', `${files.archive} is not kept with it`, {
      hint: KEPT_HINT,
      cause
    })
  })
  compareHashes(files.archive, found, expected)
  await checkArchive(archive, files.archive)
}
