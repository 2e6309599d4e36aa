import { rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { randomWord } from '../adapters/random.js'
import type { VerifiedArchive } from './obtain.js'
import { withPrivateFolder } from './private-folder.js'
import type { ReleaseSite } from './release-site.js'
import { extractProgram, isProgram } from './zip.js'

/** A program of a verified archive, and where it is to be. */
export interface PlacedProgram {
  readonly archive: VerifiedArchive
  /** Matches the whole name of one file in the archive. */
  readonly file: RegExp
  readonly path: string
}

async function isRunnable(path: string): Promise<boolean> {
  if (process.platform === 'win32') return true
  const found = await stat(path).catch(() => undefined)
  return found !== undefined && (found.mode & 0o100) !== 0
}

/**
 * Sees to it that `path` has the very bytes of the program in the archive: leaves it where it has,
 * and replaces it in one step, with a warning, where it has not.
 */
export async function ensureProgram(program: PlacedProgram, site: ReleaseSite): Promise<void> {
  const { archive, file, path } = program
  const source = { archive: archive.path, name: archive.name, file }
  if ((await isProgram(source, path)) && (await isRunnable(path))) return
  if (await stat(path).catch(() => undefined)) {
    site.warn(`${path} was refused and replaced: it is not the program in ${archive.name}`)
  }
  await withPrivateFolder(dirname(path), async folder => {
    const fresh = join(folder, `${randomWord(16)}-${basename(path)}`)
    await extractProgram(source, fresh)
    await rename(fresh, path)
  })
}
