import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryRoot } from './current-run.js'

/** A folder that only this user can read, for what a program takes from a file. */
export function openScratch() {
  let made: Promise<string> | undefined
  let files = 0
  const write = async (content: string | Buffer): Promise<string> => {
    made ??= mkdtemp(join(temporaryRoot(), 'build-chain-'))
    files += 1
    const path = join(await made, `file-${files}`)
    await writeFile(path, content, { mode: 0o600 })
    return path
  }
  const remove = async () => {
    if (made) await rm(await made, { recursive: true, force: true })
  }
  return { write, remove }
}
