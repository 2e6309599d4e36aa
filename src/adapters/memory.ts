import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { type FileRow, type FileRows, hashOfAll } from '../chain/fingerprint.js'
import { sha256 } from '../chain/node-crypto.js'
import { FILES_PART } from '../chain/parts.js'
import type { ImageRecord } from '../chain/record.js'
import { noteTemporary } from './current-run.js'
import { randomWord } from './random.js'
import { openState, type State } from './state.js'

type Environment = Readonly<Record<string, string | undefined>>

/** As the user database has it, whatever the environment says. */
function ownHome(): string | undefined {
  try {
    return userInfo().homedir
  } catch {
    return undefined
  }
}

/** A variable that is empty or no absolute path counts as unset. */
const absolute = (path: string | undefined) => (path && isAbsolute(path) ? path : undefined)

/**
 * Folder of the user's own for what is kept between runs
 * (https://specifications.freedesktop.org/basedir-spec/latest/); undefined where there is none.
 */
function ownFolder(env: Environment): string | undefined {
  const home = absolute(env.HOME) ?? absolute(ownHome())
  const base = absolute(env.XDG_STATE_HOME) ?? (home && join(home, '.local', 'state'))
  return base && join(base, 'build-chain')
}

/** Folder of what is written down of runs while they last; undefined where there is none of the user's own. */
export function registerFolder(env: Environment): string | undefined {
  const own = ownFolder(env)
  return own && join(own, 'running')
}

/** Folder for what the program leaves, such as logs. */
export function stateFolder(env: Environment): string {
  return ownFolder(env) ?? join(tmpdir(), 'build-chain')
}

/** Bytes that a file system takes as a name, less what may be added to it. */
const LONGEST_NAME = 200

/** A name for a project's folder that tells which it is, where a name can hold its path. */
function folderName(root: string): string {
  const name = encodeURIComponent(root)
  if (name.length <= LONGEST_NAME) return name
  return sha256(root)
}

/** Files beyond which a set is not remembered: a miss then names no file. */
const MOST_FILES = 50_000

const isRow = (row: unknown): row is FileRow =>
  Array.isArray(row) && row.length === 2 && row.every(each => typeof each === 'string')

/** The rows of a set; undefined where the text is not of that set. */
function parseRows(text: string, digest: string): readonly FileRow[] | undefined {
  const rows: unknown = JSON.parse(text)
  if (!Array.isArray(rows) || !rows.every(isRow)) return undefined
  return hashOfAll(rows.flat()) === digest ? rows : undefined
}

function replace(file: string, text: string): void {
  const temporary = `${file}.${randomWord(6)}.tmp`
  noteTemporary(temporary)
  try {
    writeFileSync(temporary, text, { mode: 0o600 })
    renameSync(temporary, file)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Sets of files, each in a file of its own by its digest. */
function openFileSets(folder: string) {
  const fileOf = (digest: string) => join(folder, `${digest}.json`)
  const read = (digest: string): readonly FileRow[] | undefined => {
    try {
      return parseRows(readFileSync(fileOf(digest), 'utf8'), digest)
    } catch {
      return undefined
    }
  }
  const keep = (digest: string, { count, rows }: FileRows) => {
    if (count === 0 || count > MOST_FILES || read(digest)) return
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    replace(fileOf(digest), JSON.stringify(rows()))
  }
  return { read, keep }
}

/** What a run remembers by itself where there is no place to keep it. */
function forgetfulState(): State {
  const records = new Map<string, ImageRecord>()
  return {
    records: () => records,
    keep: record => void records.set(record.image, record),
    refresh: () => {},
    compact: async () => {}
  }
}

/** What is remembered of a project's builds, by the absolute path of its root. */
export function openMemory(root: string, env: Environment) {
  const own = ownFolder(env)
  const folder = own && join(own, 'projects', folderName(root))
  const state = folder ? openState(join(folder, 'images.state')) : forgetfulState()
  const sets = folder ? openFileSets(join(folder, 'files')) : undefined
  return {
    treeFiles: folder
      ? { hashes: join(folder, 'files.hashes'), sets: join(folder, 'files.sets') }
      : {},
    locksFolder: folder && join(folder, 'locks'),
    records: () => state.records(),
    files: (digest: string): readonly FileRow[] | undefined => sets?.read(digest),
    keep: (record: ImageRecord, files?: FileRows) => {
      state.keep(record)
      if (files) sets?.keep(record.parts[FILES_PART] ?? '', files)
    },
    refresh: () => state.refresh(),
    compact: () => state.compact()
  }
}
