import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that can be written to. */
export interface WritableFolder {
  readonly path: string
  /** Why it is not the wanted one. */
  readonly problem?: string
}

/** Why nothing can be written to a folder, which is made where it is missing; undefined where it can. */
function problemOf(folder: string): string | undefined {
  const probe = join(folder, `.probe-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, 'x')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    try {
      unlinkSync(probe)
    } catch {
      // It is not there, or its disk takes nothing and gives nothing back either.
    }
  }
}

/** A folder for logs and reports: the wanted one, or a new one for temporary files where nothing can be written there. */
export function writableFolder(wanted: string): WritableFolder {
  const problem = problemOf(wanted)
  if (problem === undefined) return { path: wanted }
  try {
    const path = mkdtempSync(join(tmpdir(), 'build-chain-runs-'))
    if (problemOf(path) === undefined) return { path, problem }
    rmSync(path, { recursive: true })
  } catch {
    // No disk takes anything: each file then says so.
  }
  return { path: wanted }
}
