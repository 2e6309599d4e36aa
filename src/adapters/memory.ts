import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileRow } from '../chain/fingerprint.js'
import type { ImageRecord } from '../chain/record.js'
import { openState } from './state.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Folder for what the program keeps between runs (https://specifications.freedesktop.org/basedir-spec/latest/). */
export function stateFolder(env: Environment): string {
  const home = env.HOME ?? homedirOrNone()
  const base = env.XDG_STATE_HOME ?? (home ? join(home, '.local', 'state') : tmpdir())
  return join(base, 'build-chain')
}

function homedirOrNone(): string | undefined {
  try {
    return homedir()
  } catch {
    return undefined
  }
}

const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** Files beyond which a set is not remembered: a miss then names no file. */
const MOST_FILES = 50_000

function parseRows(text: string): readonly FileRow[] | undefined {
  const rows: unknown = JSON.parse(text)
  return Array.isArray(rows) ? (rows as FileRow[]) : undefined
}

/** What is remembered of a project's builds, by the absolute path of its root. */
export function openMemory(root: string, env: Environment) {
  const folder = join(stateFolder(env), 'projects', short(root))
  const state = openState(join(folder, 'images.state'))
  const setFile = (digest: string) => join(folder, 'files', `${digest}.json`)
  const keepFiles = (digest: string, rows: readonly FileRow[]) => {
    if (rows.length === 0 || rows.length > MOST_FILES || existsSync(setFile(digest))) return
    mkdirSync(join(folder, 'files'), { recursive: true })
    writeFileSync(setFile(digest), JSON.stringify(rows), { mode: 0o600 })
  }
  return {
    hashesFile: join(folder, 'hashes.json'),
    records: () => state.records(),
    files: (digest: string): readonly FileRow[] | undefined => {
      try {
        return parseRows(readFileSync(setFile(digest), 'utf8'))
      } catch {
        return undefined
      }
    },
    keep: (record: ImageRecord, files: readonly FileRow[]) => {
      state.keep(record)
      keepFiles(record.parts.files ?? '', files)
    },
    compact: () => state.compact()
  }
}
